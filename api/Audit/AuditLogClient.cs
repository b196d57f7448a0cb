using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Audit;
using Customer360.Rules.Ports;

namespace Customer360.Api.Audit;

/// <summary>The audit log of an API that sees no storage: a silo writes for it.</summary>
internal sealed class AuditLogClient(IGrainFactory grains) : IAuditLog
{
    public Task AppendAsync(ImmutableArray<AuditEntry> entries, CancellationToken cancellationToken) =>
        grains.GetGrain<IAuditGrain>(0).Append(entries).WaitAsync(cancellationToken);
}
