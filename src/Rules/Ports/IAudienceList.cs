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

/// <summary>The list of the audiences' members. The port that storage implements.</summary>
public interface IAudienceList
{
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
}
