using System.Collections.Immutable;
using Customer360.Rules.Privacy;

namespace Customer360.Rules.Ports;

/// <summary>
/// Keeps what was suppressed and lifted outside the store, and so outside its backups: restoring one erases again whom it still has.
/// It holds keyed hashes and no values.
/// </summary>
public interface IErasureLedger
{
    /// <summary>
    /// Completes when the entries are durable. Called before they are added to the list in the store; after a crash in between they
    /// come again, maybe with other sequences.
    /// </summary>
    Task AppendAsync(ImmutableArray<SuppressionEntry> entries, CancellationToken cancellationToken);
}
