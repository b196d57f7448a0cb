using System.Collections.Immutable;
using Customer360.Rules.Audit;
using Customer360.Rules.Ports;
using Customer360.Storage.Pipelines;
using Customer360.Storage.Work;

namespace Customer360.Storage.Ports;

/// <inheritdoc cref="IAuditLog"/>
internal sealed class AuditLog(CommitLanes commits, IStorageBackend backend, TimeProvider time)
    : IAuditLog,
        IAuditReader
{
    public Task AppendAsync(ImmutableArray<AuditEntry> entries, CancellationToken cancellationToken)
    {
        ImmutableArray<AuditWrite> writes = AuditWrite.Of(entries, time.GetUtcNow(), nameof(entries));
        return writes.IsEmpty ? Task.CompletedTask : commits.SubmitAsync(new AuditWork(writes), cancellationToken);
    }

    public Task<ImmutableArray<AuditRow>> ReadBackAsync(
        int? chain,
        long before,
        int limit,
        CancellationToken cancellationToken
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegative(chain ?? 0, nameof(chain));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(chain ?? 0, AuditChain.Count, nameof(chain));
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, EventLog.PageRowsMax);
        return backend.ReadAuditAsync(chain, before, limit, cancellationToken);
    }

    public Task<AuditHead> ReadHeadAsync(CancellationToken cancellationToken) =>
        backend.ReadAuditHeadAsync(cancellationToken);
}
