using Customer360.Grains.Contracts;
using Customer360.Rules.Audiences;
using Customer360.Rules.Policies;
using Customer360.Rules.Ports;
using Customer360.Rules.Retention;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Customer360.Silo.Start;

/// <summary>
/// Has the profiles checked against the log, the log trimmed, and the warehouse mirror written on, now and then, where that is set. Every node asks; the list of
/// jobs sees to it that one of a kind begins per interval.
/// </summary>
internal sealed partial class ScheduledJobs(
    IGrainFactory grains,
    IOptions<JobOptions> options,
    IOptions<ExportOptions> exports,
    IPolicy<RetentionPolicy> retention,
    IPolicy<AudiencePolicy> audiences,
    INameList names,
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
            ),
            Repeat(JobKind.Export, exports.Value.Every, () => exports.Value.Folder is { Length: > 0 }, stoppingToken),
            FollowAudiences(stoppingToken),
            ListNames(stoppingToken)
        );

    /// <summary>
    /// Customers of a store that is older than the list of names are brought into it, once. One that failed, as on a silo of before that
    /// does not know such jobs, is begun anew.
    /// </summary>
    private async Task ListNames(CancellationToken stoppingToken)
    {
        if (options.Value.AudiencesEvery == TimeSpan.Zero)
        {
            return;
        }

        using var timer = new PeriodicTimer(options.Value.AudiencesEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken) && !await AreListed(stoppingToken)) { }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The node stops.
        }
    }

    /// <summary>
    /// Another policy of audiences is brought to all customers, each of which else hears of it with its next message. The job's id is made of
    /// the policy's place in the history, so whatever nodes ask for it, it is done once.
    /// </summary>
    private async Task FollowAudiences(CancellationToken stoppingToken)
    {
        if (options.Value.AudiencesEvery == TimeSpan.Zero)
        {
            return;
        }

        // Of 0 there is the built-in policy, which has no audiences.
        long begun = 0;
        using var timer = new PeriodicTimer(options.Value.AudiencesEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                PolicyInForce<AudiencePolicy> inForce = audiences.InForce;
                if (inForce.Number == begun)
                {
                    continue;
                }

                string id = $"j_{(int)JobKind.AudienceBackfill:x4}{inForce.Number:x16}{inForce.Body.Version}";
                if (await Ask(new JobRequest(id, JobKind.AudienceBackfill, JobRequest.Schedule, Yaml: null)))
                {
                    begun = inForce.Number;
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The node stops.
        }
    }

    /// <summary>True where the names of all customers were listed; else a job is begun, unless one is running.</summary>
    private async Task<bool> AreListed(CancellationToken stoppingToken)
    {
        try
        {
            if (!await names.IsBackfillOwedAsync(stoppingToken))
            {
                return true;
            }

            JobView? last = await grains.GetGrain<IJobsGrain>(GrainKeys.Jobs).FindLast(JobKind.NameBackfill);
            if (last is { Status: JobStatus.Done })
            {
                return true;
            }
        }
        catch (Exception error) when (!stoppingToken.IsCancellationRequested)
        {
            NotAsked(logger, JobKind.NameBackfill, error.GetType().Name);
            return false;
        }

        await Ask(new JobRequest(NewId(JobKind.NameBackfill), JobKind.NameBackfill, JobRequest.Schedule, Yaml: null));
        return false;
    }

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
                    await Ask(new JobRequest(NewId(kind), kind, JobRequest.Schedule, Yaml: null, interval));
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The node stops.
        }
    }

    /// <summary>True where it has begun, now or before.</summary>
    private async Task<bool> Ask(JobRequest request)
    {
        try
        {
            return (await grains.GetGrain<IJobsGrain>(GrainKeys.Jobs).Start(request)).Job is not null;
        }
        catch (Exception error)
        {
            NotAsked(logger, request.Kind, error.GetType().Name);
            return false;
        }
    }

    /// <summary>Of the moment: two nodes that ask at the same one ask for the same job.</summary>
    private string NewId(JobKind kind) => $"j_{(int)kind:x4}{time.GetUtcNow().UtcTicks:x28}";

    [LoggerMessage(320, LogLevel.Warning, "The job {Kind} could not be begun ({Error}); asking again.")]
    private static partial void NotAsked(ILogger logger, JobKind kind, string error);
}
