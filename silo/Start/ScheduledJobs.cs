using Customer360.Grains.Contracts;
using Customer360.Rules.Policies;
using Customer360.Rules.Retention;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Customer360.Silo.Start;

/// <summary>
/// Has the profiles checked against the log, and the log trimmed, now and then, where that is set. Every node asks; the list of
/// jobs sees to it that one of a kind begins per interval.
/// </summary>
internal sealed partial class ScheduledJobs(
    IGrainFactory grains,
    IOptions<JobOptions> options,
    IPolicy<RetentionPolicy> retention,
    TimeProvider time,
    ILogger<ScheduledJobs> logger
) : NodeLoop
{
    // So that a job that another one was in the way of comes soon after it, and a restart does not put one off for ever.
    private const int AsksPerInterval = 24;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(
            Repeat(JobKind.Check, options.Value.CheckEvery, static () => true, stoppingToken),
            // A policy that ends nothing needs no job in the list, day by day.
            Repeat(
                JobKind.Retention,
                options.Value.RetentionEvery,
                () => !RetentionJudge.IsIdle(retention.InForce.Body),
                stoppingToken
            )
        );

    private async Task Repeat(JobKind kind, TimeSpan interval, Func<bool> isDue, CancellationToken stoppingToken)
    {
        if (interval == TimeSpan.Zero)
        {
            return;
        }

        using var timer = new PeriodicTimer(interval / AsksPerInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                if (isDue())
                {
                    await Ask(kind, interval);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The node stops.
        }
    }

    private async Task Ask(JobKind kind, TimeSpan interval)
    {
        try
        {
            await grains
                .GetGrain<IJobsGrain>(GrainKeys.Jobs)
                .Start(new JobRequest(NewId(kind), kind, JobRequest.Schedule, Yaml: null, interval));
        }
        catch (Exception error)
        {
            NotAsked(logger, kind, error.GetType().Name);
        }
    }

    /// <summary>Of the moment: two nodes that ask at the same one ask for the same job.</summary>
    private string NewId(JobKind kind) => $"j_{(int)kind:x4}{time.GetUtcNow().UtcTicks:x28}";

    [LoggerMessage(320, LogLevel.Warning, "The job {Kind} could not be begun ({Error}); asking again.")]
    private static partial void NotAsked(ILogger logger, JobKind kind, string error);
}
