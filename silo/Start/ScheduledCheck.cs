using Customer360.Grains.Contracts;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Customer360.Silo.Start;

/// <summary>
/// Has the profiles checked against the log now and then, where that is set. Every node asks; the list of jobs sees to it that
/// one check begins per interval.
/// </summary>
internal sealed partial class ScheduledCheck(
    IGrainFactory grains,
    IOptions<JobOptions> options,
    TimeProvider time,
    ILogger<ScheduledCheck> logger
) : NodeLoop
{
    // So that a check that another job was in the way of comes soon after it, and a restart does not put one off for ever.
    private const int AsksPerInterval = 24;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        TimeSpan interval = options.Value.CheckEvery;
        if (interval == TimeSpan.Zero)
        {
            return;
        }

        using var timer = new PeriodicTimer(interval / AsksPerInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await Ask(interval);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The node stops.
        }
    }

    private async Task Ask(TimeSpan interval)
    {
        try
        {
            await grains
                .GetGrain<IJobsGrain>(GrainKeys.Jobs)
                .Start(new JobRequest(NewId(), JobKind.Check, By: "schedule", Yaml: null, interval));
        }
        catch (Exception error)
        {
            NotAsked(logger, error.GetType().Name);
        }
    }

    /// <summary>Of the moment: two nodes that ask at the same one ask for the same job.</summary>
    private string NewId() => $"j_{time.GetUtcNow().UtcTicks:x32}";

    [LoggerMessage(320, LogLevel.Warning, "A check of the profiles could not be begun ({Error}); asking again.")]
    private static partial void NotAsked(ILogger logger, string error);
}
