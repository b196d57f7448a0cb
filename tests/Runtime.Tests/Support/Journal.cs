namespace Customer360.Runtime.Tests.Support;

/// <summary>What grains did, in the order they did it, by topic (mostly the grain's key). Tests wait on it instead of sleeping.</summary>
public sealed class Journal
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<string>> _entries = new(StringComparer.Ordinal);
    private readonly List<Waiter> _waiters = [];

    /// <summary>Adds an entry and returns how many of the same text the topic holds now.</summary>
    public int Add(string topic, string entry)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(topic, out var entries))
            {
                _entries[topic] = entries = [];
            }

            entries.Add(entry);
            var snapshot = entries.ToArray();
            foreach (var waiter in _waiters.Where(w => w.Topic == topic && w.Holds(snapshot)).ToArray())
            {
                _waiters.Remove(waiter);
                waiter.Source.TrySetResult(snapshot);
            }

            return entries.Count(e => e == entry);
        }
    }

    public string[] Of(string topic)
    {
        lock (_lock)
        {
            return _entries.TryGetValue(topic, out var entries) ? [.. entries] : [];
        }
    }

    public int Count(string topic, string entry) => Of(topic).Count(e => e == entry);

    /// <summary>Completes once the topic holds <paramref name="entry"/> at least <paramref name="times"/> times.</summary>
    public Task<string[]> HasAsync(string topic, string entry, int times = 1) =>
        WhenAsync(topic, entries => entries.Count(e => e == entry) >= times, $"{times} x '{entry}'");

    /// <summary>Completes once the topic holds at least <paramref name="count"/> entries.</summary>
    public Task<string[]> HasCountAsync(string topic, int count) =>
        WhenAsync(topic, entries => entries.Length >= count, $"{count} entries");

    public async Task<string[]> WhenAsync(string topic, Func<string[], bool> holds, string expected)
    {
        ArgumentNullException.ThrowIfNull(holds);
        Waiter waiter;
        lock (_lock)
        {
            var snapshot = Of(topic);
            if (holds(snapshot))
            {
                return snapshot;
            }

            waiter = new Waiter(topic, holds, new(TaskCreationOptions.RunContinuationsAsynchronously));
            _waiters.Add(waiter);
        }

        try
        {
            return await waiter.Source.Task.WithinLimit();
        }
        catch (TimeoutException)
        {
            throw new JournalException($"'{topic}' never held {expected}; it holds: {string.Join(" | ", Of(topic))}");
        }
    }

    private sealed record Waiter(string Topic, Func<string[], bool> Holds, TaskCompletionSource<string[]> Source);
}
