using System.Collections.Concurrent;
using System.Collections.Immutable;
using Customer360.Rules.Audit;
using Customer360.Rules.Ports;

namespace Customer360.Api.Tests.Keys;

/// <summary>Keeps what the audit is told of keys.</summary>
internal sealed class MemoryAudit : IAuditLog
{
    private readonly ConcurrentDictionary<string, AuditEntry> _entries = new(StringComparer.Ordinal);

    public ImmutableArray<AuditEntry> Entries => [.. _entries.Values.OrderBy(one => one.At)];

    public Task AppendAsync(ImmutableArray<AuditEntry> entries, CancellationToken cancellationToken)
    {
        foreach (AuditEntry entry in entries.Where(one => one.ObjectType == "key"))
        {
            _entries.TryAdd(entry.Id, entry);
        }

        return Task.CompletedTask;
    }
}
