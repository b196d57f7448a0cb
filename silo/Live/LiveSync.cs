using Customer360.Rules.Ports;
using Customer360.Silo.Start;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace Customer360.Silo.Live;

/// <summary>
/// Keeps a node's copy of a configuration up to date. Its start ends when the node knows what is in force: before that
/// nobody is served. Afterwards it asks each second; the node that took a change knows at once. Registered after the
/// engine, whose grains it asks.
/// </summary>
/// <param name="what">What it keeps, for the log: <c>identity rules</c>.</param>
internal abstract partial class LiveSync(string what, TimeProvider time, ILogger logger) : NodeLoop
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    /// <summary>Reads the node's file, once. A file with faults ends the start.</summary>
    /// <exception cref="InvalidOperationException">It can't be read or is not valid.</exception>
    protected abstract Task ReadFile(CancellationToken cancellationToken);

    /// <summary>Offers the file to the grain, and takes what is in force. Repeated while storage is away.</summary>
    /// <exception cref="InvalidOperationException">What is stored is not valid.</exception>
    protected abstract Task Begin();

    /// <summary>Takes what is in force where it is not what is known.</summary>
    protected abstract Task Refresh();

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await ReadFile(cancellationToken);
        while (true)
        {
            try
            {
                await Begin();
                break;
            }
            catch (Exception error) when (IsOutage(error))
            {
                NotKnown(logger, what, error.GetType().Name);
                // Storage is away: there is nothing to wait on but time.
                await Task.Delay(s_interval, time, cancellationToken);
            }
        }

        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        bool isAway = false;
        using var timer = new PeriodicTimer(s_interval, time);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(stoppingToken);
                await Refresh();
                isAway = false;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                // Asked again in a second, and what is known goes on to count; said once an outage.
                if (!isAway)
                {
                    NotAsked(logger, what, error.GetType().Name);
                }

                isAway = true;
            }
        }
    }

    private static bool IsOutage(Exception error) =>
        error switch
        {
            StorageUnavailableException or TimeoutException or InconsistentStateException => true,
            OrleansMessageRejectionException => true,
            OrleansException { InnerException: { } inner } => IsOutage(inner),
            _ => false,
        };

    [LoggerMessage(311, LogLevel.Warning, "The {What} in force are not known yet ({Error}); asking again.")]
    private static partial void NotKnown(ILogger logger, string what, string error);

    [LoggerMessage(313, LogLevel.Warning, "The {What} could not be asked for ({Error}); asking again.")]
    private static partial void NotAsked(ILogger logger, string what, string error);
}
