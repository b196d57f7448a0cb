using System.Collections.Immutable;
using Customer360.Rules.Audit;

namespace Customer360.Rules.Ports;

/// <summary>The audit log: append-only and chained by hash.</summary>
public interface IAuditLog
{
    /// <summary>Completes when the entries are durable. Writing an entry again (same id) changes nothing.</summary>
    Task AppendAsync(ImmutableArray<AuditEntry> entries, CancellationToken cancellationToken);
}
