using System.Collections.Concurrent;
using System.Collections.Immutable;
using Customer360.Rules.Audit;
using Customer360.Rules.Events;

namespace Customer360.Api.Security;

/// <summary>
/// Counts authentications that failed, for the audit log: by the way in and by the reason, never by what was shown or by who came, since a
/// wrong key may be somebody's right one elsewhere and an address is a person's. They become one entry a minute of each sort, so whoever
/// guesses can't fill the log. Thread-safe.
/// </summary>
public sealed class FailedCallers(TimeProvider time)
{
    public const string Action = "authentication.failed";

    public const string KeyWay = "key";
    public const string TokenWay = "token";

    /// <summary>Before the name of the source whose signature or token was wrong.</summary>
    public const string WebhookWay = "webhook ";

    private static readonly TimeSpan s_between = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<(string Way, string Reason), Counter> _counters = [];
    private DateTimeOffset _takenAt = time.GetUtcNow();

    /// <summary>Counts one. After the first of its sort it takes no lock and allocates nothing.</summary>
    /// <param name="way">One of this class's, or <see cref="WebhookWay"/> and a source of the policy: there are few of them.</param>
    /// <param name="reason">The code of the refusal.</param>
    public void Add(string way, string reason) =>
        Interlocked.Increment(ref _counters.GetOrAdd((way, reason), static _ => new Counter()).Failures);

    /// <summary>Takes what was counted since the last time; nothing where that is less than a minute ago.</summary>
    /// <param name="isEnd">The process stops: whatever there is.</param>
    /// <param name="nextId">Gives each entry an id of its own.</param>
    public ImmutableArray<AuditEntry> Take(bool isEnd, Func<string> nextId)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (!isEnd && now - _takenAt < s_between)
        {
            return [];
        }

        string since = Rfc3339.Text(_takenAt);
        _takenAt = now;
        var entries = ImmutableArray.CreateBuilder<AuditEntry>();
        foreach (((string way, string reason), Counter counter) in _counters)
        {
            long failures = Interlocked.Exchange(ref counter.Failures, 0);
            if (failures > 0)
            {
                var entry = new AuditEntry(
                    nextId(),
                    now,
                    Action,
                    new AuditActor("grid", "authentication", Roles: ""),
                    "authentication",
                    way
                )
                {
                    Result = "refused",
                    Count = failures,
                };
                entries.Add(entry with { Details = entry.Details.SetItem("reason", reason).SetItem("since", since) });
            }
        }

        return entries.DrainToImmutable();
    }

    private sealed class Counter
    {
        public long Failures;
    }
}
