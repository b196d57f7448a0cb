using System.Collections.Immutable;
using Customer360.Rules.Ports;
using Customer360.Rules.Privacy;

namespace Customer360.Storage.Ports;

/// <inheritdoc cref="IErasureStore"/>
internal sealed class ErasureStore(IStorageBackend backend) : IErasureStore
{
    public Task<ErasurePiece> EraseLogAsync(
        int partition,
        string after,
        ILogJudge judge,
        CancellationToken cancellationToken
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegative(partition);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(partition, EventLog.PartitionMax);
        return backend.EraseLogAsync(partition, after, judge, cancellationToken);
    }

    public Task<ErasurePiece> EraseDecisionsAsync(
        string after,
        IDecisionJudge judge,
        CancellationToken cancellationToken
    ) => backend.EraseDecisionsAsync(after, judge, cancellationToken);

    public Task SealAsync(ImmutableArray<ReadOnlyMemory<byte>> texts, CancellationToken cancellationToken) =>
        backend.SealAsync(texts, cancellationToken);
}
