using Customer360.EmbeddedEngine.Runtime;
using Orleans.Runtime;

namespace Customer360.EmbeddedEngine.Streams;

/// <summary>
/// A subscription of a stream and the events that wait for it. One delivery is under way at a time, so events arrive in
/// their order; a failing one holds up those behind it until it is taken or given up.
/// </summary>
internal abstract class StreamSubscriber(MemoryStreamProvider provider, StreamId streamId, Guid id)
{
    private const int EventsPerDelivery = 64;
    private static readonly TimeSpan s_firstDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longestDelay = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Queue<StreamEvent> _queue = new();
    private bool _isDelivering;
    private bool _hasEnded;

    public Guid Id => id;

    protected MemoryStreamProvider Provider => provider;

    protected StreamId StreamId => streamId;

    /// <summary>True if nothing waits.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_lock)
            {
                return !_isDelivering && _queue.Count == 0;
            }
        }
    }

    /// <summary>The number of events that wait.</summary>
    public int QueueLength
    {
        get
        {
            lock (_lock)
            {
                return _queue.Count;
            }
        }
    }

    /// <summary>Queues an event.</summary>
    public void Add(StreamEvent item)
    {
        lock (_lock)
        {
            if (_hasEnded)
            {
                return;
            }

            _queue.Enqueue(item);
            if (_isDelivering)
            {
                return;
            }

            _isDelivering = true;
        }

        _ = DeliverAllAsync();
    }

    /// <summary>The subscription is over: what waits is dropped.</summary>
    public void End()
    {
        lock (_lock)
        {
            _hasEnded = true;
            _queue.Clear();
        }
    }

    /// <summary>Gives events to the consumer; throws what the consumer throws.</summary>
    protected abstract Task DeliverAsync(IReadOnlyList<StreamEvent> events, DeliveryProgress progress);

    /// <summary>Tells the consumer that an event was given up.</summary>
    protected abstract Task FailAsync(Exception exception);

    /// <summary>The consumer's name, for logs.</summary>
    protected abstract string Describe();

    private async Task DeliverAllAsync()
    {
        // Publishing must not wait for the consumer, nor run it, so nothing happens on the publisher's stack.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        while (TakeBatch() is { } batch)
        {
            await DeliverBatchAsync(batch).ConfigureAwait(false);
        }
    }

    private List<StreamEvent>? TakeBatch()
    {
        lock (_lock)
        {
            if (_queue.Count == 0)
            {
                _isDelivering = false;
                return null;
            }

            var batch = new List<StreamEvent>(Math.Min(_queue.Count, EventsPerDelivery));
            while (batch.Count < EventsPerDelivery && _queue.TryDequeue(out var item))
            {
                batch.Add(item);
            }

            return batch;
        }
    }

    private async Task DeliverBatchAsync(List<StreamEvent> batch)
    {
        var progress = new DeliveryProgress();
        var taken = 0;
        var delay = s_firstDelay;
        var waited = TimeSpan.Zero;
        while (progress.Taken < batch.Count && !Volatile.Read(ref _hasEnded))
        {
            try
            {
                await DeliverAsync(batch, progress).ConfigureAwait(false);
            }
            catch (SiloUnavailableException)
            {
                // The engine has stopped; events in memory are lost with it.
                End();
            }
            catch (Exception exception)
            {
                if (progress.Taken != taken)
                {
                    taken = progress.Taken;
                    delay = s_firstDelay;
                    waited = TimeSpan.Zero;
                }

                if (waited >= provider.DeliveryTimeout)
                {
                    await GiveUpAsync(exception).ConfigureAwait(false);
                    taken = ++progress.Taken;
                    continue;
                }

                await Task.Delay(delay, provider.Engine.Clock.TimeProvider, CancellationToken.None)
                    .ConfigureAwait(false);
                waited += delay;
                delay = delay * 2 < s_longestDelay ? delay * 2 : s_longestDelay;
            }
        }
    }

    private async Task GiveUpAsync(Exception exception)
    {
        Log.StreamDeliveryGivenUp(provider.Engine.Logger, exception, streamId, Describe());
        try
        {
            await FailAsync(exception).ConfigureAwait(false);
        }
        catch (Exception second)
        {
            Log.StreamDeliveryGivenUp(provider.Engine.Logger, second, streamId, Describe());
        }
    }
}

/// <summary>A grain that is subscribed.</summary>
internal sealed class GrainSubscriber(
    MemoryStreamProvider provider,
    StreamId streamId,
    Guid id,
    GrainReference consumer
) : StreamSubscriber(provider, streamId, id)
{
    protected override Task DeliverAsync(IReadOnlyList<StreamEvent> events, DeliveryProgress progress) =>
        Send(consumer => consumer.DeliverAsync(Provider, StreamId, Id, events, progress));

    protected override Task FailAsync(Exception exception) => Send(consumer => consumer.FailAsync(Id, exception));

    protected override string Describe() => consumer.GrainId.ToString();

    private Task Send(Func<StreamConsumer, Task> action)
    {
        // An ordinary call: it waits for the consumer's turn and is filtered, counted and traced like others.
        var request = new StreamDelivery(action);
        Provider.Engine.Send(consumer, request, CancellationToken.None);
        return request.Task;
    }
}

/// <summary>An observer outside grains, in this process.</summary>
internal sealed class LocalSubscriber(
    MemoryStreamProvider provider,
    StreamId streamId,
    Guid id,
    StreamObserver observer
) : StreamSubscriber(provider, streamId, id)
{
    /// <summary>Another observer may take over when the subscription is resumed.</summary>
    public StreamObserver Observer { get; set; } = observer;

    protected override Task DeliverAsync(IReadOnlyList<StreamEvent> events, DeliveryProgress progress) =>
        Observer.DeliverAsync(events, progress);

    protected override Task FailAsync(Exception exception) => Observer.FailAsync(exception);

    protected override string Describe() => "a subscriber outside grains";
}
