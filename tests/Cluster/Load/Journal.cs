using System.Collections.Concurrent;

namespace Customer360.ClusterRuns.Load;

/// <summary>What senders remember: each acknowledged message with its person, and what went wrong on the way.</summary>
public sealed class Journal
{
    private readonly ConcurrentDictionary<string, string> _acknowledged = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _faults = new();
    private readonly ConcurrentDictionary<string, int> _retries = new(StringComparer.Ordinal);
    private long _longestTicks;

    /// <summary>The person that a message is about, by the message's id.</summary>
    public IReadOnlyDictionary<string, string> Acknowledged => _acknowledged;

    /// <summary>Answers that no sender should get, whatever dies.</summary>
    public IReadOnlyCollection<string> Faults => _faults;

    /// <summary>How often senders had to send again, by what they got instead of 200.</summary>
    public IReadOnlyDictionary<string, int> Retries => _retries;

    /// <summary>The longest time from a message's first try to its acknowledgement.</summary>
    public TimeSpan Longest => TimeSpan.FromTicks(Volatile.Read(ref _longestTicks));

    public void Acknowledge(IEnumerable<Message> messages, TimeSpan after)
    {
        foreach (Message message in messages)
        {
            _acknowledged[message.Id] = message.Person;
        }

        long seen = Volatile.Read(ref _longestTicks);
        while (after.Ticks > seen)
        {
            seen = Interlocked.CompareExchange(ref _longestTicks, after.Ticks, seen);
        }
    }

    public void Retry(string why) => _retries.AddOrUpdate(why, 1, static (_, count) => count + 1);

    public void Fault(string what) => _faults.Enqueue(what);
}
