using Customer360.EmbeddedEngine.Runtime;
using Orleans.Runtime;
using Orleans.Streams;

namespace Customer360.EmbeddedEngine.Streams;

/// <summary>A subscription as its owner holds it.</summary>
/// <param name="stream">The stream.</param>
/// <param name="id">The subscription.</param>
/// <param name="local">The subscriber outside grains; null for a grain's subscription.</param>
internal sealed class MemoryStreamHandle<T>(MemoryStream<T> stream, Guid id, LocalSubscriber? local)
    : StreamSubscriptionHandle<T>
{
    private bool _isUsedUp;

    /// <inheritdoc />
    public override StreamId StreamId => stream.StreamId;

    /// <inheritdoc />
    public override string ProviderName => stream.ProviderName;

    /// <inheritdoc />
    public override Guid HandleId => id;

    /// <inheritdoc />
    public override async Task UnsubscribeAsync()
    {
        CheckNotUsedUp();
        if (local is not null)
        {
            stream.Provider.Remove(StreamId, local);
        }
        else
        {
            var activation = Activation.CurrentTurn ?? throw OutsideGrain();
            StreamConsumer.Of(activation).Detach(id);
            if (stream.Provider.ImplicitSubscriptionOf(StreamId, activation.GrainId) != id)
            {
                await stream.Provider.RendezvousOf(StreamId).Unsubscribe(ProviderName, StreamId, id);
            }
        }

        _isUsedUp = true;
    }

    /// <inheritdoc />
    public override Task<StreamSubscriptionHandle<T>> ResumeAsync(
        IAsyncObserver<T> observer,
        StreamSequenceToken? token = null
    )
    {
        ArgumentNullException.ThrowIfNull(observer);
        return Resume(new StreamObserver<T>(observer, null));
    }

    /// <inheritdoc />
    public override Task<StreamSubscriptionHandle<T>> ResumeAsync(
        IAsyncBatchObserver<T> observer,
        StreamSequenceToken? token = null
    )
    {
        ArgumentNullException.ThrowIfNull(observer);
        return Resume(new StreamObserver<T>(null, observer));
    }

    /// <inheritdoc />
    public override bool Equals(StreamSubscriptionHandle<T>? other) => other is not null && other.HandleId == id;

    private static InvalidOperationException OutsideGrain() =>
        new("A grain's subscription can only be used inside the grain's turn.");

    private Task<StreamSubscriptionHandle<T>> Resume(StreamObserver observer)
    {
        CheckNotUsedUp();
        if (local is not null)
        {
            local.Observer = observer;
        }
        else
        {
            StreamConsumer.Of(Activation.CurrentTurn ?? throw OutsideGrain()).Attach(id, observer);
        }

        _isUsedUp = true;
        return Task.FromResult<StreamSubscriptionHandle<T>>(new MemoryStreamHandle<T>(stream, id, local));
    }

    private void CheckNotUsedUp()
    {
        if (_isUsedUp)
        {
            throw new InvalidOperationException(
                "Handle is no longer valid. It has been used to unsubscribe or resume."
            );
        }
    }
}
