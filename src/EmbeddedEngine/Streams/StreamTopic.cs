using Orleans.Runtime;

namespace Customer360.EmbeddedEngine.Streams;

/// <summary>
/// A stream in use: its subscribers, found when the first event is published. Events that come before that wait.
/// </summary>
internal sealed class StreamTopic(MemoryStreamProvider provider, StreamId streamId)
{
    private readonly Lock _lock = new();
    private readonly List<StreamSubscriber> _implicit = [];
    private readonly List<GrainSubscriber> _explicit = [];
    private readonly List<LocalSubscriber> _local = [];
    private List<StreamEvent>? _early;
    private Task? _loading;
    private long _version = -1;
    private bool _isLoaded;
    private bool _hasRetired;
    private long _lastUsedMs;

    /// <summary>Queues events to all subscribers. False if the topic has retired: ask for a new one.</summary>
    public bool TryPublish(IReadOnlyList<StreamEvent> events, out Task published)
    {
        lock (_lock)
        {
            _lastUsedMs = provider.Engine.Clock.Milliseconds;
            if (_hasRetired)
            {
                published = Task.CompletedTask;
                return false;
            }

            if (!_isLoaded)
            {
                (_early ??= []).AddRange(events);
                published = _loading ??= LoadAsync();
                return true;
            }

            published = Enqueue(events);
            return true;
        }
    }

    /// <summary>The explicit subscriptions as of a version; ignored if a later one was seen.</summary>
    public void Update(StreamSubscriptions subscriptions)
    {
        lock (_lock)
        {
            if (subscriptions.Version <= _version)
            {
                return;
            }

            _version = subscriptions.Version;
            var wanted = subscriptions.All.ToDictionary(static record => record.Id);
            foreach (var gone in _explicit.Where(subscriber => !wanted.ContainsKey(subscriber.Id)).ToArray())
            {
                gone.End();
                _explicit.Remove(gone);
            }

            foreach (var record in subscriptions.All)
            {
                if (!_explicit.Exists(subscriber => subscriber.Id == record.Id))
                {
                    _explicit.Add(
                        new GrainSubscriber(provider, streamId, record.Id, provider.ReferenceTo(record.Consumer))
                    );
                }
            }
        }
    }

    /// <summary>Adds an observer outside grains. False if the topic has retired.</summary>
    public bool TryAdd(LocalSubscriber subscriber)
    {
        lock (_lock)
        {
            if (!_hasRetired)
            {
                _local.Add(subscriber);
            }

            return !_hasRetired;
        }
    }

    public void Remove(LocalSubscriber subscriber)
    {
        subscriber.End();
        lock (_lock)
        {
            _local.Remove(subscriber);
        }
    }

    /// <summary>Retires if nobody used it since a time and nothing waits in it.</summary>
    public bool TryRetire(long unusedSinceMs)
    {
        lock (_lock)
        {
            _hasRetired =
                _hasRetired
                || (
                    _lastUsedMs <= unusedSinceMs
                    && _loading is null
                    && _local.Count == 0
                    && _implicit.TrueForAll(static subscriber => subscriber.IsIdle)
                    && _explicit.TrueForAll(static subscriber => subscriber.IsIdle)
                );
            return _hasRetired;
        }
    }

    private async Task LoadAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            var subscriptions = await provider.ReadSubscriptionsAsync(streamId).ConfigureAwait(false);
            Update(subscriptions);
            lock (_lock)
            {
                _implicit.AddRange(provider.ImplicitSubscribersOf(streamId));
                _isLoaded = true;
                _loading = null;
                if (_early is { } early)
                {
                    _early = null;
                    _ = Enqueue(early);
                }
            }
        }
        catch
        {
            // Whoever published waits for this task and learns that nothing was published.
            lock (_lock)
            {
                _early = null;
                _loading = null;
            }

            throw;
        }
    }

    private Task Enqueue(IReadOnlyList<StreamEvent> events)
    {
        var subscribers = _implicit.Concat(_explicit).Concat(_local).ToArray();
        var limit = provider.MaximumQueuedEvents;
        foreach (var subscriber in subscribers)
        {
            var length = subscriber.QueueLength;
            if (length + events.Count > limit)
            {
                return Task.FromException(
                    new LimitExceededException(
                        nameof(EmbeddedEngineOptions.MaximumQueuedStreamEvents),
                        length,
                        limit,
                        streamId
                    )
                );
            }
        }

        foreach (var item in events)
        {
            foreach (var subscriber in subscribers)
            {
                subscriber.Add(item);
            }
        }

        return Task.CompletedTask;
    }
}
