using Customer360.EmbeddedEngine.Runtime;
using Orleans.Runtime;
using Orleans.Streams;

namespace Customer360.EmbeddedEngine.Streams;

/// <summary>A stream as grains and clients hold it.</summary>
internal sealed class MemoryStream<T>(MemoryStreamProvider provider, StreamId streamId) : IAsyncStream<T>
{
    private static long s_localSubscriptions;

    /// <inheritdoc />
    public bool IsRewindable => false;

    /// <inheritdoc />
    public string ProviderName => provider.Name;

    /// <inheritdoc />
    public StreamId StreamId => streamId;

    internal MemoryStreamProvider Provider => provider;

    /// <inheritdoc />
    public Task OnNextAsync(T item, StreamSequenceToken? token = null) => provider.PublishAsync(streamId, [item]);

    /// <inheritdoc />
    public Task OnNextBatchAsync(IEnumerable<T> batch, StreamSequenceToken? token = null) =>
        provider.PublishAsync(streamId, batch);

    /// <inheritdoc />
    public Task OnCompletedAsync() => Task.CompletedTask;

    /// <inheritdoc />
    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;

    /// <inheritdoc />
    public Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncObserver<T> observer) =>
        SubscribeAsync(new StreamObserver<T>(NotNull(observer), null));

    /// <inheritdoc />
    public Task<StreamSubscriptionHandle<T>> SubscribeAsync(
        IAsyncObserver<T> observer,
        StreamSequenceToken? token,
        string? filterData = null
    ) =>
        token is null
            ? SubscribeAsync(observer)
            : throw new ArgumentException("A stream of this provider cannot be rewound.", nameof(token));

    /// <inheritdoc />
    public Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncBatchObserver<T> observer) =>
        SubscribeAsync(new StreamObserver<T>(null, NotNull(observer)));

    /// <inheritdoc />
    public Task<StreamSubscriptionHandle<T>> SubscribeAsync(
        IAsyncBatchObserver<T> observer,
        StreamSequenceToken? token
    ) =>
        token is null
            ? SubscribeAsync(observer)
            : throw new ArgumentException("A stream of this provider cannot be rewound.", nameof(token));

    /// <inheritdoc />
    public async Task<IList<StreamSubscriptionHandle<T>>> GetAllSubscriptionHandles()
    {
        var handles = new List<StreamSubscriptionHandle<T>>();
        if (Activation.CurrentTurn is not { } activation)
        {
            return handles;
        }

        if (provider.ImplicitSubscriptionOf(streamId, activation.GrainId) is { } implicitId)
        {
            handles.Add(new MemoryStreamHandle<T>(this, implicitId, local: null));
        }

        var subscriptions = await provider.ReadSubscriptionsAsync(streamId);
        handles.AddRange(
            subscriptions
                .All.Where(record => record.Consumer == activation.GrainId)
                .Select(record => new MemoryStreamHandle<T>(this, record.Id, local: null))
        );
        return handles;
    }

    /// <inheritdoc />
    public bool Equals(IAsyncStream<T>? other) =>
        other is not null && other.StreamId == streamId && other.ProviderName == provider.Name;

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as IAsyncStream<T>);

    /// <inheritdoc />
    public override int GetHashCode() => streamId.GetHashCode();

    /// <inheritdoc />
    public int CompareTo(IAsyncStream<T>? other) => other is null ? 1 : streamId.CompareTo(other.StreamId);

    private static TObserver NotNull<TObserver>(TObserver observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        return observer;
    }

    private async Task<StreamSubscriptionHandle<T>> SubscribeAsync(StreamObserver observer)
    {
        if (Activation.CurrentTurn is not { } activation)
        {
            return SubscribeLocally(observer);
        }

        var consumer = StreamConsumer.Of(activation);
        if (provider.ImplicitSubscriptionOf(streamId, activation.GrainId) is { } implicitId)
        {
            consumer.Attach(implicitId, observer);
            return new MemoryStreamHandle<T>(this, implicitId, local: null);
        }

        consumer.Pending++;
        try
        {
            var id = await provider.RendezvousOf(streamId).Subscribe(provider.Name, streamId, activation.GrainId);
            consumer.Attach(id, observer);
            return new MemoryStreamHandle<T>(this, id, local: null);
        }
        finally
        {
            consumer.Pending--;
        }
    }

    private MemoryStreamHandle<T> SubscribeLocally(StreamObserver observer)
    {
        var id = SubscriptionIds.Explicit(streamId, -Interlocked.Increment(ref s_localSubscriptions));
        var subscriber = new LocalSubscriber(provider, streamId, id, observer);
        provider.Add(streamId, subscriber);
        return new MemoryStreamHandle<T>(this, id, subscriber);
    }
}
