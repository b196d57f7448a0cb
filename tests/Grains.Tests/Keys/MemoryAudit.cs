using System.Collections.Immutable;
using Customer360.Rules.Audit;
using Customer360.Rules.Ports;

namespace Customer360.Grains.Tests.Keys;

/// <summary>Keeps what the audit is told. It can be away.</summary>
internal sealed class MemoryAudit : IAuditLog
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, AuditEntry> _entries = new(StringComparer.Ordinal);

    public bool IsAway { get; set; }

    public ImmutableArray<AuditEntry> Entries
    {
        get
        {
            lock (_lock)
            {
                return [.. _entries.Values.OrderBy(one => one.At)];
            }
        }
    }

    public Task AppendAsync(ImmutableArray<AuditEntry> entries, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (IsAway)
            {
                throw new StorageUnavailableException("The test has sent the audit away.");
            }

            foreach (AuditEntry entry in entries)
            {
                _entries.TryAdd(entry.Id, entry);
            }

            return Task.CompletedTask;
        }
    }
}
