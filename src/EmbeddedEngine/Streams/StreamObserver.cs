using Orleans.Runtime;
using Orleans.Streams;

namespace Customer360.EmbeddedEngine.Streams;

/// <summary>An observer, whatever its events are.</summary>
internal abstract class StreamObserver
{
    /// <summary>Gives it events from a position on; the position moves with each that was taken.</summary>
    public abstract Task DeliverAsync(IReadOnlyList<StreamEvent> events, DeliveryProgress progress);

    /// <summary>Tells it of an event that was given up.</summary>
    public abstract Task FailAsync(Exception exception);
}

/// <summary>How many events of a delivery were taken; the next attempt begins behind them.</summary>
internal sealed class DeliveryProgress
{
    public int Taken { get; set; }
}

/// <inheritdoc />
internal sealed class StreamObserver<T>(IAsyncObserver<T>? observer, IAsyncBatchObserver<T>? batchObserver)
    : StreamObserver
{
    /// <inheritdoc />
    public override async Task DeliverAsync(IReadOnlyList<StreamEvent> events, DeliveryProgress progress)
    {
        if (batchObserver is not null)
        {
            var batch = events
                .Skip(progress.Taken)
                .Select(static item => new SequentialItem<T>((T)item.Item!, item.Token))
                .ToList();
            await batchObserver.OnNextAsync(batch);
            progress.Taken = events.Count;
            return;
        }

        while (progress.Taken < events.Count)
        {
            var item = events[progress.Taken];
            RequestContext.Current = item.Context;
            await observer!.OnNextAsync((T)item.Item!, item.Token);
            progress.Taken++;
        }
    }

    /// <inheritdoc />
    public override Task FailAsync(Exception exception) =>
        batchObserver?.OnErrorAsync(exception) ?? observer!.OnErrorAsync(exception);
}
