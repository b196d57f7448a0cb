using System.Collections.Immutable;
using Customer360.Rules.Audit;

namespace Customer360.Rules.Ports;

/// <summary>A grain's stored state: JSON in UTF-8 and its version, which rises by one with every write (the first is 1).</summary>
public sealed record StoredState(ReadOnlyMemory<byte> Json, long Version);

/// <summary>What a state's write says to a list, in the same transaction.</summary>
public abstract record StateListing;

/// <summary>What a state's write says to the list of leads.</summary>
/// <param name="Row">The state's row from now on; null: it has none, and a former one is removed.</param>
public sealed record LeadListing(LeadRow? Row) : StateListing;

/// <summary>What a customer's write says to the list of members: in which audiences it is from now on, and in no other.</summary>
public sealed record AudienceListing(ImmutableArray<AudienceRow> Rows) : StateListing;

/// <summary>What a customer's write says to the list of names: by which words it is found from now on, and by no other.</summary>
public sealed record NameListing(ImmutableArray<NameRow> Rows) : StateListing;

/// <summary>What is written with a state, in one transaction.</summary>
public sealed record StateCompanions
{
    public static StateCompanions None { get; } = new();

    /// <summary>Entries of the audit; one that is there already (same id) is not written again.</summary>
    public ImmutableArray<AuditEntry> Audit { get; init; } = [];

    /// <summary>
    /// The state's row in the list of leads (<see cref="ILeadList"/>), its rows in the list of members (<see cref="IAudienceList"/>) and in
    /// the list of names (<see cref="INameList"/>): they take the place of the state's former ones. One of a kind at most; a list of which
    /// nothing is said is not touched.
    /// </summary>
    public ImmutableArray<StateListing> Listings { get; init; } = [];

    /// <summary>What the change causes, in order (<see cref="IOutbox"/>).</summary>
    public ImmutableArray<OutboxRow> Outbox { get; init; } = [];
}

/// <summary>
/// State of grains, one table per kind (<c>customer</c>, <c>identifier</c>, <c>account</c>, …). The port that storage
/// implements. Calls that arrive together share a query or a transaction.
/// </summary>
/// <remarks>
/// A completed write is durable. An outage ends in <see cref="StorageUnavailableException"/>: whether the write was
/// stored is then not known, and the caller reads anew before it goes on.
/// </remarks>
public interface IGrainStateStore
{
    /// <summary>Reads one state; null where there is none.</summary>
    Task<StoredState?> ReadAsync(string kind, string key, CancellationToken cancellationToken);

    /// <summary>
    /// Writes a state if its stored version is still <paramref name="expectedVersion"/> (0: there is none yet).
    /// Answers the new version, or null where another write came first (nothing is changed then).
    /// </summary>
    Task<long?> WriteAsync(
        string kind,
        string key,
        ReadOnlyMemory<byte> json,
        long expectedVersion,
        CancellationToken cancellationToken
    ) => WriteAsync(kind, key, json, expectedVersion, StateCompanions.None, cancellationToken);

    /// <summary>The same, and in the same transaction what goes with the state: where another write came first there is neither.</summary>
    /// <param name="kind">The table of the state.</param>
    /// <param name="key">Its key; a row of the list of leads has it as its <see cref="LeadRow.LeadId"/>.</param>
    /// <param name="json">The state.</param>
    /// <param name="expectedVersion">The version that is stored, or 0.</param>
    /// <param name="with">What goes with it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<long?> WriteAsync(
        string kind,
        string key,
        ReadOnlyMemory<byte> json,
        long expectedVersion,
        StateCompanions with,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Removes a state if its version is still the expected one, and with it the rows that it has in lists; false where
    /// another write came first.
    /// </summary>
    Task<bool> ClearAsync(string kind, string key, long expectedVersion, CancellationToken cancellationToken);
}
