using System.Collections.Immutable;
using Customer360.Rules.Privacy;

namespace Customer360.Rules.Ports;

/// <summary>The stored list of identifiers that must not be taken in again. The port that storage implements.</summary>
public interface ISuppressionList
{
    /// <summary>
    /// Adds entries, whose sequences follow the list's last one. False where another writer has added some first: nothing is
    /// stored then.
    /// </summary>
    Task<bool> AppendAsync(ImmutableArray<SuppressionEntry> entries, CancellationToken cancellationToken);

    /// <summary>Reads entries in their order, behind <paramref name="afterSequence"/>.</summary>
    /// <exception cref="StorageUnavailableException">It can't be read: nobody may be taken for not suppressed.</exception>
    Task<ImmutableArray<SuppressionEntry>> ReadAsync(
        long afterSequence,
        int limit,
        CancellationToken cancellationToken
    );
}
