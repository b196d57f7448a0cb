using System.Collections.Immutable;

namespace Customer360.Rules.Ports;

/// <summary>That a customer is in an audience, as lists show it. It is written with the customer's state, in one transaction.</summary>
/// <param name="Audience">The audience's name.</param>
/// <param name="CustomerId">Also the key of the state.</param>
/// <param name="Since">When it entered, UTC.</param>
/// <param name="IsHeldOut">It is in the holdout.</param>
public sealed record AudienceRow(string Audience, string CustomerId, DateTimeOffset Since, bool IsHeldOut);

/// <summary>How many members an audience has.</summary>
public sealed record AudienceSize(string Audience, long Members, long HeldOut);

/// <summary>A place among the changes of the members.</summary>
/// <param name="Number">Rises with the transactions; several changes of one transaction have the same.</param>
/// <param name="CustomerId">The last customer of that number which was read; empty: none.</param>
public readonly record struct AudienceChangePlace(long Number, string CustomerId);

/// <summary>
/// That a customer has entered an audience, or left it. Only the last of a customer's changes is there: a state, and not a history.
/// </summary>
/// <param name="IsMember">It is in it now.</param>
/// <param name="At">When it entered or left, UTC.</param>
/// <param name="IsHeldOut">It is, or was, in the holdout.</param>
public sealed record AudienceChangeRow(AudienceChangePlace Place, bool IsMember, DateTimeOffset At, bool IsHeldOut);

/// <summary>The list of the audiences' members. The port that storage implements.</summary>
public interface IAudienceList
{
    /// <summary>For how long it is kept that somebody has left.</summary>
    static readonly TimeSpan ChangesKept = TimeSpan.FromDays(7);

    /// <summary>One page of an audience, by customer id (ordinal).</summary>
    /// <param name="after">The last customer of the page before; empty: the first page.</param>
    Task<ImmutableArray<AudienceRow>> ReadAsync(
        string audience,
        string after,
        int limit,
        CancellationToken cancellationToken
    );

    /// <summary>The sizes of all audiences that have members, by name (ordinal).</summary>
    Task<ImmutableArray<AudienceSize>> ReadSizesAsync(CancellationToken cancellationToken);

    /// <summary>How many customers are in both.</summary>
    Task<long> CountBothAsync(string one, string other, CancellationToken cancellationToken);

    /// <summary>
    /// The changes behind a place, in order. Every change that is written later stands behind all that this has answered: who reads on from
    /// the last place misses none.
    /// </summary>
    Task<ImmutableArray<AudienceChangeRow>> ReadChangesAsync(
        string audience,
        AudienceChangePlace after,
        int limit,
        CancellationToken cancellationToken
    );

    /// <summary>The number behind which every change will stand that is written from now on.</summary>
    Task<long> ReadLastChangeAsync(CancellationToken cancellationToken);
}
