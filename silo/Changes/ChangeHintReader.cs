using Customer360.Grains.Contracts;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Streams;

namespace Customer360.Silo.Changes;

/// <summary>Takes the hints of the cluster's silos, and tells them to whoever listens in this process.</summary>
internal sealed partial class ChangeHintReader(
    IEnumerable<IChangeListener> listeners,
    IServiceProvider services,
    TimeProvider time,
    ILogger<ChangeHintReader> logger
) : BackgroundService
{
    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!listeners.Any() || ChangeStream.Find(services) is not { } stream)
        {
            return;
        }

        StreamSubscriptionHandle<ChangeHint>? taken = null;
        try
        {
            while ((taken = await Take(stream)) is null)
            {
                // Nothing tells when the cluster answers: it is asked again.
                await Task.Delay(s_retry, time, stoppingToken);
            }

            // Hints come by themselves now; this ends with the node.
            await Task.Delay(Timeout.InfiniteTimeSpan, time, stoppingToken);
        }
        catch (OperationCanceledException)
        {
            await Leave(taken);
        }
    }

    /// <summary>Null: the cluster does not answer yet.</summary>
    private async Task<StreamSubscriptionHandle<ChangeHint>?> Take(IAsyncStream<ChangeHint> stream)
    {
        try
        {
            return await stream.SubscribeAsync(
                (hint, _) =>
                {
                    foreach (IChangeListener listener in listeners)
                    {
                        listener.Hear(hint);
                    }

                    return Task.CompletedTask;
                }
            );
        }
        catch (Exception error)
        {
            string kind = error.GetType().Name;
            LogNotTaken(kind);
            return null;
        }
    }

    private static async Task Leave(StreamSubscriptionHandle<ChangeHint>? taken)
    {
        try
        {
            await (taken?.UnsubscribeAsync() ?? Task.CompletedTask);
        }
        catch (Exception)
        {
            // The cluster forgets it by itself when it can't reach this process any more.
        }
    }

    [LoggerMessage(
        EventId = 1,
        Level = LogLevel.Information,
        Message = "The cluster's hints of changes can't be taken yet ({Error}); asked again in seconds."
    )]
    private partial void LogNotTaken(string error);
}
