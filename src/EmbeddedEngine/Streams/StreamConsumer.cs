using Customer360.EmbeddedEngine.Runtime;
using Orleans.Runtime;
using Orleans.Streams;
using Orleans.Streams.Core;

namespace Customer360.EmbeddedEngine.Streams;

/// <summary>The observers of one activation, by subscription. Only touched in its turns.</summary>
internal sealed class StreamConsumer(Activation activation)
{
    private readonly Dictionary<Guid, StreamObserver> _observers = [];

    /// <summary>Subscriptions that are being made: their observers are not here yet, but will be.</summary>
    public int Pending { get; set; }

    public static StreamConsumer Of(Activation activation)
    {
        var existing = activation.GetComponent<StreamConsumer>();
        if (existing is null)
        {
            existing = new StreamConsumer(activation);
            activation.SetComponent(existing);
        }

        return existing;
    }

    public void Attach(Guid subscriptionId, StreamObserver observer) => _observers[subscriptionId] = observer;

    public void Detach(Guid subscriptionId) => _observers.Remove(subscriptionId);

    /// <summary>Brings events to the observer of a subscription.</summary>
    public async Task DeliverAsync(
        MemoryStreamProvider provider,
        StreamId streamId,
        Guid subscriptionId,
        IReadOnlyList<StreamEvent> events,
        DeliveryProgress progress
    )
    {
        if (await FindAsync(provider, streamId, subscriptionId) is { } observer)
        {
            await observer.DeliverAsync(events, progress);
        }
        else
        {
            // Nobody here wants them, as in Orleans they are dropped.
            Log.NoStreamObserver(activation.Engine.Logger, activation.GrainId, streamId);
            progress.Taken = events.Count;
        }
    }

    /// <summary>Tells the observer of a subscription that an event was given up.</summary>
    public Task FailAsync(Guid subscriptionId, Exception exception) =>
        _observers.TryGetValue(subscriptionId, out var observer) ? observer.FailAsync(exception) : Task.CompletedTask;

    private async Task<StreamObserver?> FindAsync(MemoryStreamProvider provider, StreamId streamId, Guid subscriptionId)
    {
        if (_observers.TryGetValue(subscriptionId, out var observer))
        {
            return observer;
        }

        if (Pending != 0)
        {
            throw new OrleansException("The subscription is still being made.");
        }

        if (activation.Instance is not IStreamSubscriptionObserver asked)
        {
            return null;
        }

        await asked.OnSubscribed(new HandleFactory(provider, streamId, subscriptionId));
        return _observers.GetValueOrDefault(subscriptionId);
    }

    private sealed class HandleFactory(MemoryStreamProvider provider, StreamId streamId, Guid subscriptionId)
        : IStreamSubscriptionHandleFactory
    {
        public StreamId StreamId => streamId;

        public string ProviderName => provider.Name;

        public GuidId SubscriptionId => GuidId.GetGuidId(subscriptionId);

        public StreamSubscriptionHandle<T> Create<T>() =>
            new MemoryStreamHandle<T>(new MemoryStream<T>(provider, streamId), subscriptionId, local: null);
    }
}
