using System.Collections.Immutable;

namespace Customer360.Rules.Ports;

/// <summary>A state of a scan.</summary>
public sealed record ScannedState(string Key, ReadOnlyMemory<byte> Json);

/// <summary>Reads all states of a kind, for work over the whole grid. The port that storage implements.</summary>
public interface IStateScan
{
    /// <summary>
    /// Reads states of a kind by key (ordinal, in UTF-8), behind <paramref name="afterKey"/>. Each page is read for itself:
    /// what changes in between is seen or not.
    /// </summary>
    /// <param name="kind"><c>customer</c>, <c>identifier</c>, <c>account</c>, or one of the few others that are looked through.</param>
    /// <param name="afterKey">The last key of the page before; empty for the first page.</param>
    /// <param name="limit">States at most, 1 to 10,000.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<ImmutableArray<ScannedState>> ReadPageAsync(
        string kind,
        string afterKey,
        int limit,
        CancellationToken cancellationToken
    );
}
