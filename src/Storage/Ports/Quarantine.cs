using System.Collections.Immutable;
using Customer360.Rules.Ports;
using Customer360.Storage.Pipelines;
using Customer360.Storage.Work;

namespace Customer360.Storage.Ports;

/// <inheritdoc cref="IQuarantine"/>
internal sealed class Quarantine(CommitLanes commits, IStorageBackend backend) : IQuarantine
{
    public Task AddAsync(QuarantinedMessage message, CancellationToken cancellationToken)
    {
        StorageText.Check(message.Reason, nameof(message));
        return commits.SubmitAsync(new QuarantineAddWork(message), cancellationToken);
    }

    public Task<ImmutableArray<QuarantinedMessage>> ListAsync(
        QuarantineCursor? after,
        int limit,
        CancellationToken cancellationToken
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, EventLog.PageRowsMax);
        return backend.ReadQuarantineAsync(after, limit, cancellationToken);
    }

    public Task<bool> RemoveAsync(int partition, long position, CancellationToken cancellationToken) =>
        commits.SubmitAsync(new QuarantineRemoveWork(partition, position), cancellationToken);
}
