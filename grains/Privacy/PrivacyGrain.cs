using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Decisions;
using Customer360.Rules.Ports;
using Customer360.Rules.Privacy;
using Microsoft.Extensions.Options;

namespace Customer360.Grains;

/// <inheritdoc cref="IPrivacyGrain"/>
/// <remarks>
/// Passes are jobs, of which one runs at a time. While requests wait it asks once a second whether one may begin; those that come
/// meanwhile share the next pass, so a thousand of them cost one reading of the log. Its reminder is what it remembers. After one that
/// failed it comes again more and more seldom, until what was in the way is mended.
/// A request waits for its pass for as long as a write of before may be under way (<see cref="GridOptions.ErasureSettles"/>): one
/// that hangs has no row any more that it could collide with, and would put a person back behind the pass.
/// </remarks>
[GrainType("privacy")]
public sealed class PrivacyGrain(IStateScan scan, IOptions<GridOptions> grid, TimeProvider time)
    : Grain,
        IPrivacyGrain,
        IRemindable
{
    private const string Reminder = "erasure";
    private static readonly TimeSpan s_reminderPeriod = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    private IGrainTimer? _timer;
    private bool _isReminded;
    private string? _pass;

    /// <summary>Passes that failed before <see cref="_pass"/>, with none between them that did not.</summary>
    private int _failedBefore;

    public async Task Collect()
    {
        if (!_isReminded)
        {
            await this.RegisterOrUpdateReminder(Reminder, s_reminderPeriod, s_reminderPeriod);
            _isReminded = true;
        }

        if (_timer is null && grid.Value.ErasureSettles == TimeSpan.Zero)
        {
            await BeginPass(_failedBefore);
        }

        GoOn();
    }

    public async Task<ImmutableArray<PrivacyRequestView>> List(string after, int limit) =>
        [
            .. (await scan.ReadPageAsync(GrainKeys.PrivacyRequestState, after, limit, CancellationToken.None)).Select(
                state => PrivacyRequestGrain.ViewOf(state.Key, PrivacyRequestStateCodec.Decode(state.Json))
            ),
        ];

    public async Task<ImmutableArray<PrivacyRequestView>> ListOf(ImmutableArray<string> customerIds)
    {
        var found = ImmutableArray.CreateBuilder<PrivacyRequestView>();
        await foreach (PrivacyRequestState request in WaitingRequests.About(scan, customerIds, CancellationToken.None))
        {
            found.Add(PrivacyRequestGrain.ViewOf(request.Id, request));
        }

        found.Sort((left, right) => left.AskedAt.CompareTo(right.AskedAt));
        return found.DrainToImmutable();
    }

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        _isReminded = true;
        GoOn();
        return Task.CompletedTask;
    }

    private void GoOn() =>
        _timer ??= this.RegisterGrainTimer(
            static (grain, _) => grain.Tick(),
            this,
            new GrainTimerCreationOptions(s_interval, s_interval)
        );

    private async Task Tick()
    {
        JobView? last = _pass is null ? null : await Job(_pass).Get();
        int failed = last is { Status: JobStatus.Failed } ? _failedBefore + 1 : 0;
        if (
            last is { Status: JobStatus.Running }
            || (failed > 0 && time.GetUtcNow() < last!.FinishedAt + ErasurePauses.After(failed))
        )
        {
            return;
        }

        if (await WaitingRequests.Since(scan, CancellationToken.None) is { } since)
        {
            if (since < time.GetUtcNow() - grid.Value.ErasureSettles)
            {
                await BeginPass(failed);
            }

            return;
        }

        _timer?.Dispose();
        _timer = null;
        if (await this.GetReminder(Reminder) is { } reminder)
        {
            await this.UnregisterReminder(reminder);
        }

        _isReminded = false;
    }

    /// <summary>Begins a pass, unless a job is running: then it is asked for again at the next tick.</summary>
    private async Task BeginPass(int failedBefore)
    {
        string id = $"j_{DecisionId.Of("erasure", $"{time.GetUtcNow().UtcTicks}")[2..]}";
        JobStartReply reply = await GrainFactory
            .GetGrain<IJobsGrain>(GrainKeys.Jobs)
            .Start(new JobRequest(id, JobKind.Erasure, By: "privacy", Yaml: null));
        if (reply.Job is { } job)
        {
            (_pass, _failedBefore) = (job.Id, failedBefore);
        }
    }

    private IJobGrain Job(string id) => GrainFactory.GetGrain<IJobGrain>(id);
}
