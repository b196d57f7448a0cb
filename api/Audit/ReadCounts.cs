using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using Customer360.Rules.Access;
using Customer360.Rules.Audit;

namespace Customer360.Api.Audit;

/// <summary>Counts of reads by services, by key, action, purpose and day. Bounded, since a purpose may be any text.</summary>
internal sealed class ReadCounts
{
    /// <summary>Beyond this many a count goes without its purpose.</summary>
    public const int CountersMax = 4_096;

    private const string OtherPurposes = "(others)";
    private readonly ConcurrentDictionary<CounterKey, Counter> _counters = [];

    /// <summary>Counts a read; takes no lock, and after the first of its kind allocates nothing.</summary>
    public void Add(string key, RoleSet roles, string action, string? purpose, DateOnly day)
    {
        var counted = new CounterKey(key, roles, action, purpose, day.DayNumber);
        if (!_counters.TryGetValue(counted, out Counter? counter))
        {
            counted = _counters.Count < CountersMax ? counted : counted with { Purpose = OtherPurposes };
            counter = _counters.GetOrAdd(counted, static _ => new Counter());
        }

        Interlocked.Increment(ref counter.Reads);
    }

    /// <summary>Takes what was counted since the last time.</summary>
    /// <param name="at">Now.</param>
    /// <param name="nextId">Gives each entry an id of its own.</param>
    public ImmutableArray<AuditEntry> Take(DateTimeOffset at, Func<string> nextId)
    {
        int today = DateOnly.FromDateTime(at.UtcDateTime).DayNumber;
        var entries = ImmutableArray.CreateBuilder<AuditEntry>();
        foreach ((CounterKey key, Counter counter) in _counters)
        {
            long reads = Interlocked.Exchange(ref counter.Reads, 0);
            if (reads > 0)
            {
                entries.Add(EntryOf(key, reads, at, nextId()));
            }
            else if (key.Day < today - 1)
            {
                // Nobody counts on a day before yesterday any more.
                _counters.TryRemove(key, out _);
            }
        }

        return entries.DrainToImmutable();
    }

    private static AuditEntry EntryOf(CounterKey key, long reads, DateTimeOffset at, string id)
    {
        var entry = new AuditEntry(
            id,
            at,
            key.Action,
            new AuditActor("key", key.Name, ReadAudit.RolesOf(key.Roles)),
            "reads",
            key.Name
        )
        {
            Purpose = key.Purpose,
            Count = reads,
        };
        string day = DateOnly.FromDayNumber(key.Day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return entry with { Details = entry.Details.Add("day", day) };
    }

    private readonly record struct CounterKey(string Name, RoleSet Roles, string Action, string? Purpose, int Day);

    private sealed class Counter
    {
        public long Reads;
    }
}
