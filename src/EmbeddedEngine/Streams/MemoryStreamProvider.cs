using System.Collections.Concurrent;
using Customer360.EmbeddedEngine.Runtime;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Providers;
using Orleans.Providers.Streams.Common;
using Orleans.Runtime;
using Orleans.Storage;
using Orleans.Streams;

namespace Customer360.EmbeddedEngine.Streams;

/// <summary>
/// Streams whose events are kept in memory until their subscribers have taken them. Explicit subscriptions are stored;
/// events are not, so events that were not taken are lost when the process ends.
/// </summary>
internal sealed class MemoryStreamProvider : IStreamProvider, IDisposable
{
    private readonly ConcurrentDictionary<StreamId, StreamTopic> _topics = new();
    private readonly bool _hasSubscriptionStorage;
    private readonly ITimer _trimTimer;
    private long _sequence;

    public MemoryStreamProvider(string name, GrainEngine engine, EmbeddedEngineOptions options)
    {
        Name = name;
        Engine = engine;
        MaximumQueuedEvents = options.MaximumQueuedStreamEvents;
        DeliveryTimeout = options.StreamDeliveryTimeout;
        _hasSubscriptionStorage =
            engine.Services.GetKeyedService<IGrainStorage>(ProviderConstants.DEFAULT_PUBSUB_PROVIDER_NAME) is not null;

        // So that sequence numbers rise over restarts, too.
        _sequence = engine.Clock.TimeProvider.GetUtcNow().UtcTicks;
        _trimTimer = engine.Clock.CreateTimer(static state => ((MemoryStreamProvider)state!).Trim(), this);
        var quantum = engine.CollectionOptions.CollectionQuantum;
        _trimTimer.Change(quantum, quantum);
    }

    /// <inheritdoc />
    public string Name { get; }

    /// <inheritdoc />
    public bool IsRewindable => false;

    public GrainEngine Engine { get; }

    public int MaximumQueuedEvents { get; }

    public TimeSpan DeliveryTimeout { get; }

    /// <inheritdoc />
    public IAsyncStream<T> GetStream<T>(StreamId streamId) => new MemoryStream<T>(this, streamId);

    /// <inheritdoc />
    public void Dispose() => _trimTimer.Dispose();

    /// <summary>Queues events to all subscribers; done when they are queued.</summary>
    public Task PublishAsync<T>(StreamId streamId, IEnumerable<T> items)
    {
        var sequence = Interlocked.Increment(ref _sequence);
        var context = RequestContext.Current;
        var events = items
            .Select((item, index) => new StreamEvent(item, new EventSequenceTokenV2(sequence, index), context))
            .ToArray();
        while (true)
        {
            if (TopicOf(streamId).TryPublish(events, out var published))
            {
                return published;
            }

            _topics.TryRemove(streamId, out _);
        }
    }

    /// <summary>Adds an observer outside grains.</summary>
    public void Add(StreamId streamId, LocalSubscriber subscriber)
    {
        while (!TopicOf(streamId).TryAdd(subscriber))
        {
            _topics.TryRemove(streamId, out _);
        }
    }

    public void Remove(StreamId streamId, LocalSubscriber subscriber) => TopicOf(streamId).Remove(subscriber);

    /// <summary>Tells a stream in use of its explicit subscriptions.</summary>
    public void OnSubscriptionsChanged(StreamId streamId, StreamSubscriptions subscriptions)
    {
        if (_topics.TryGetValue(streamId, out var topic))
        {
            topic.Update(subscriptions);
        }
    }

    /// <summary>The grain that keeps a stream's explicit subscriptions.</summary>
    public IStreamRendezvousGrain RendezvousOf(StreamId streamId) =>
        Engine
            .Services.GetRequiredService<IGrainFactory>()
            .GetGrain<IStreamRendezvousGrain>($"{Name}/{streamId.GetNamespace()}/{streamId.GetKeyAsString()}");

    /// <summary>The explicit subscriptions; none if the host has no storage for them.</summary>
    public Task<StreamSubscriptions> ReadSubscriptionsAsync(StreamId streamId) =>
        _hasSubscriptionStorage ? RendezvousOf(streamId).Get() : Task.FromResult(new StreamSubscriptions(0, []));

    public IEnumerable<StreamSubscriber> ImplicitSubscribersOf(StreamId streamId) =>
        ImplicitConsumersOf(streamId)
            .Select(consumer => new GrainSubscriber(
                this,
                streamId,
                SubscriptionIds.Implicit(streamId, consumer.Type),
                ReferenceTo(consumer)
            ));

    /// <summary>The id of a grain's subscription by its class; null if it has none to this stream.</summary>
    public Guid? ImplicitSubscriptionOf(StreamId streamId, GrainId consumer) =>
        ImplicitConsumersOf(streamId).Contains(consumer) ? SubscriptionIds.Implicit(streamId, consumer.Type) : null;

    public GrainReference ReferenceTo(GrainId consumer) =>
        Engine.Catalog.MakeUntypedReference(Engine.Catalog.ClassOf(consumer.Type), consumer.Key);

    private IEnumerable<GrainId> ImplicitConsumersOf(StreamId streamId)
    {
        if (streamId.GetNamespace() is not { Length: > 0 } streamNamespace)
        {
            yield break;
        }

        foreach (var grainClass in Engine.Catalog.Classes)
        {
            if (
                Array.Exists(grainClass.StreamPredicates, predicate => predicate.IsMatch(streamNamespace))
                && StreamKeys.TryGetGrainKey(grainClass.ClassType, streamId, out var key)
            )
            {
                yield return new GrainId(grainClass.GrainType, key);
            }
        }
    }

    private StreamTopic TopicOf(StreamId streamId) =>
        _topics.GetOrAdd(streamId, static (id, provider) => new StreamTopic(provider, id), this);

    private void Trim()
    {
        var unusedSince = Engine.Clock.Milliseconds - (long)Engine.CollectionOptions.CollectionAge.TotalMilliseconds;
        foreach (var (streamId, topic) in _topics)
        {
            if (topic.TryRetire(unusedSince))
            {
                _topics.TryRemove(new KeyValuePair<StreamId, StreamTopic>(streamId, topic));
            }
        }
    }
}
