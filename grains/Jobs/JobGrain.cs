using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Access;
using Customer360.Rules.Audiences;
using Customer360.Rules.Audit;
using Customer360.Rules.Consent;
using Customer360.Rules.Contracts;
using Customer360.Rules.Identity;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Policies;
using Customer360.Rules.Ports;
using Customer360.Rules.Retention;
using Customer360.Rules.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Customer360.Grains;

/// <inheritdoc cref="IJobGrain"/>
/// <remarks>
/// The work goes on beside the calls, piece by piece, each piece a turn. An activation that finds itself running takes it up
/// again where its state says; a reminder sees to it that there is an activation within a minute of a restart.
/// </remarks>
[GrainType("job")]
public sealed partial class JobGrain(
    [PersistentState(GrainKeys.JobState, GrainKeys.Storage)] IPersistentState<JobState> stored,
    [PersistentState(GrainKeys.JobAffectedState, GrainKeys.Storage)] IPersistentState<JobAffectedState> affected,
    IEventLog eventLog,
    IStateScan scan,
    IGrainStateStore states,
    IDecisionLog decisions,
    PolicyKinds kinds,
    IPolicyNode policies,
    IPolicy<IdentityRules> source,
    IPolicy<RetentionPolicy> retention,
    IPolicy<AccessPolicy> access,
    IPhoneNumbers phones,
    IErasureStore erasure,
    IQuarantine quarantine,
    ILeadList leads,
    IAuditReader audit,
    IPolicy<ConsentPolicy> consent,
    IPolicy<SalesTeam> team,
    AudiencePolicies audiences,
    ExportTools mirror,
    IOptions<GridOptions> grid,
    IOptions<JobOptions> options,
    TimeProvider time,
    ILogger<JobGrain> logger
) : Grain, IJobGrain, IRemindable, IDisposable
{
    private const string Reminder = "job";
    private static readonly TimeSpan s_reminderPeriod = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_saveInterval = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stopping = new();
    private Task? _running;
    private long _runningSince;
    private double _percentBefore;
    private long _savedAt;

    private JobState State => stored.State;

    private AuditedWrites<JobState> Writes => field ??= new(stored, this);

    /// <summary>It changes what people have sent, so it is recorded who asked for it and what it came to.</summary>
    private bool IsAudited => RetentionAudit.IsAudited(State.Kind) || IsRedrive || IsExport;

    private bool IsExport => ExportAudit.IsAudited(State.Kind);

    private bool IsRedrive => RedriveAudit.IsAudited(State.Kind);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        GoOn();
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Stop();
        if (_running is { } running)
        {
            // However it ends: what it came to is written down, or is done again.
            await Task.WhenAny(running);
        }
    }

    /// <summary>The engine calls it after the deactivation.</summary>
    public void Dispose() => _stopping.Dispose();

    public async Task<JobView> Begin(JobRequest request)
    {
        if (State.Kind is null)
        {
            // The reminder first: a job that is written down must go on, whatever happens.
            await this.RegisterOrUpdateReminder(Reminder, s_reminderPeriod, s_reminderPeriod);
            State.Kind = request.Kind;
            State.Status = JobStatus.Running;
            State.By = request.By;
            State.Yaml = request.Yaml;
            State.Of = request.Of;
            State.Days = request.Days;
            State.FormerYaml = request.FormerYaml;
            State.Filter = request.Filter;
            State.Head = request.Head;
            State.Export = request.Export;
            State.StartedAt = time.GetUtcNow();
            await Save(IsAudited ? [Begun()] : []);
            GoOn();
        }

        return View();
    }

    public Task<JobView?> Get() => Task.FromResult(IsNone() ? null : View());

    public async Task<JobView?> Cancel()
    {
        if (State is { Kind: not null, Status: JobStatus.Running })
        {
            Stop();
            await (_running ?? Task.CompletedTask);
        }

        // It may have come to its end just now.
        if (State is { Kind: not null, Status: JobStatus.Running })
        {
            await End(JobStatus.Cancelled, failure: null);
        }

        return IsNone() ? null : View();
    }

    public Task<JobAffectedPage> GetAffected(JobAffectedQuery query)
    {
        if (IsNone())
        {
            return Task.FromResult(new JobAffectedPage(null, [], null));
        }

        ImmutableArray<ReadOnlyMemory<byte>> all = State.Status == JobStatus.Done ? affected.State.Customers : [];
        int from = Math.Min(query.After, all.Length);
        int to = Math.Min(from + query.Limit, all.Length);
        return Task.FromResult(new JobAffectedPage(View(), all[from..to], to < all.Length ? to : null));
    }

    public Task Forget()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    /// <summary>True of an id under which nothing was begun. Anyone may ask for any, so it does not stay in memory for that.</summary>
    private bool IsNone()
    {
        if (State.Kind is not null)
        {
            return false;
        }

        DeactivateOnIdle();
        return true;
    }

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (State is { Kind: not null, Status: JobStatus.Running })
        {
            GoOn();
        }
        else
        {
            await EndReminder();
        }
    }

    /// <summary>Not by CancelAsync: it would call what waits on a thread of the pool, beside the grain's turns.</summary>
    private void Stop() => _stopping.Cancel();

    private void GoOn()
    {
        if (State is { Kind: not null, Status: JobStatus.Running } && _running is null or { IsCompleted: true })
        {
            _runningSince = _savedAt = time.GetTimestamp();
            _percentBefore = 0;
            State.Percent = 0;
            _running = Run();
        }
    }

    private async Task Run()
    {
        // Not within the turn that begins it: that one answers a caller.
        await Task.Yield();
        string id = this.GetPrimaryKeyString();
        try
        {
            Outcome<JobResult> outcome = await Work();
            if (outcome.Succeeded)
            {
                await Keep(outcome.Value);
                await End(JobStatus.Done, failure: null);
            }
            else
            {
                await End(JobStatus.Failed, outcome.Refusal.Message);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            logger.JobStopped(id);
        }
        catch (Exception error) when (Outages.Is(error))
        {
            logger.JobInterrupted(id, error.GetType().Name);
            DeactivateOnIdle();
        }
        catch (Exception error)
        {
            logger.JobFailed(id, error);
            await End(JobStatus.Failed, $"A bug ended it ({error.GetType().Name}). It is recorded.");
        }
    }

    private async Task<Outcome<JobResult>> Work()
    {
        JobOptions settings = options.Value;
        var tools = new JobTools(
            GrainFactory,
            eventLog,
            scan,
            states,
            decisions,
            grid.Value,
            settings,
            time,
            phones,
            erasure,
            quarantine
        );
        var pace = new JobPace(time, settings.Share * settings.Processors, _stopping.Token);
        IJobWork? work = State.Kind switch
        {
            JobKind.Check => new CheckWork(tools, State.Check, KeepCheck),
            JobKind.Erasure => new ErasureWork(
                tools,
                mirror,
                this.GetPrimaryKeyString(),
                State.StartedAt - grid.Value.ErasureSettles,
                State.Erasure,
                KeepErasure
            ),
            JobKind.Retention or JobKind.RetentionDryRun => new RetentionWork(
                tools,
                mirror,
                this.GetPrimaryKeyString(),
                new RetentionPolicies(retention, access, source),
                State.StartedAt,
                State.Kind == JobKind.RetentionDryRun,
                State.Retention,
                KeepRetention
            ),
            JobKind.Redrive or JobKind.RedriveDryRun => new RedriveWork(
                tools,
                State.Filter!,
                State.Kind == JobKind.RedriveDryRun,
                State.Redrive,
                KeepRedrive
            ),
            JobKind.Export => new ExportWork(
                tools,
                mirror,
                this.GetPrimaryKeyString(),
                State.Export ?? ExportOrder.Everything,
                State.Exported,
                KeepExport
            ),
            JobKind.ExportVerify => new ExportVerifyWork(tools, mirror, State.Export ?? ExportOrder.Everything),
            JobKind.BackTest => kinds.Read<RoutingPolicy>(State.Yaml!).Body?.Base is { } routing
                ? new BackTestWork(tools, leads, routing, team.Current, State.StartedAt, State.Days)
                : null,
            JobKind.ContractsTryOut => kinds.Read<ContractsPolicy>(State.Yaml!).Body?.Base is { } contracts
                ? new ContractsTryOutWork(tools, contracts, State.StartedAt.AddDays(-State.Days))
                : null,
            JobKind.ContractsInference => new ContractInferenceWork(
                tools,
                State.Filter?.Source,
                State.By,
                State.StartedAt.AddDays(-State.Days)
            ),
            JobKind.ConsentCoverage => new ConsentCoverageWork(
                tools,
                new ConsentCoverage(consent.Current, source.Current.Regions, State.StartedAt)
            ),
            JobKind.AuditCheck => new AuditCheckWork(audit, State.Head is null ? null : AuditHead.Read(State.Head)),
            JobKind.AudienceBackfill => new AudienceBackfillWork(tools, audiences.Current),
            JobKind.NameBackfill => new NameBackfillWork(tools),
            JobKind.AudiencePreview => kinds.Read<AudiencePolicy>(State.Yaml!).Body?.Base is { } proposed
                ? new AudiencePreviewWork(tools, proposed, audiences)
                : null,
            _ => kinds.Read<IdentityRules>(State.Yaml!).Body?.Base is { } rules ? await AboutRules(tools, rules) : null,
        };
        return work is null ? new JobRulesUnreadable() : await work.Run(pace, Progress, _stopping.Token);
    }

    private Task KeepCheck(CheckProgress check)
    {
        State.Check = check;
        return Save();
    }

    private Task KeepErasure(ErasureProgress erased)
    {
        State.Erasure = erased;
        return Save();
    }

    private Task KeepRetention(RetentionProgress trimmed, ReadOnlyMemory<byte> report)
    {
        State.Retention = trimmed;
        State.ResultJson = report;
        return Save();
    }

    private Task KeepRedrive(RedriveProgress redriven, ReadOnlyMemory<byte> report)
    {
        State.Redrive = redriven;
        State.ResultJson = report;
        return Save();
    }

    private Task KeepExport(ExportProgress exported)
    {
        State.Exported = exported;
        return Save();
    }

    private async Task Progress(double percent)
    {
        if (_percentBefore == 0)
        {
            // Of what was done before a restart nothing is known here: the estimate counts from here on.
            _percentBefore = Math.Max(percent, 0.001);
            _runningSince = time.GetTimestamp();
        }

        State.Percent = Math.Clamp(percent, 0, 100);
        if (time.GetElapsedTime(_savedAt) >= s_saveInterval)
        {
            _savedAt = time.GetTimestamp();
            await Save();
        }
    }

    /// <summary>Before the job's own end: a job that is done has all its results.</summary>
    private async Task Keep(JobResult result)
    {
        if (!result.Affected.IsEmpty)
        {
            affected.State.Customers = result.Affected;
            await affected.WriteStateAsync();
        }

        State.ResultJson = result.Json;
    }

    private async Task End(JobStatus status, string? failure)
    {
        State.Status = status;
        State.Failure = failure;
        State.Percent = status == JobStatus.Done ? 100 : State.Percent;
        State.FinishedAt = time.GetUtcNow();
        await Save(IsAudited ? [Ended()] : []);
        await EndReminder();
        logger.JobEnded(this.GetPrimaryKeyString(), status);
    }

    private Task Save(params ImmutableArray<AuditEntry> entries) => Writes.Save(entries);

    private AuditEntry Begun() =>
        IsExport ? ExportAudit.Begun(this.GetPrimaryKeyString(), State)
        : IsRedrive ? RedriveAudit.Begun(this.GetPrimaryKeyString(), State)
        : RetentionAudit.Begun(this.GetPrimaryKeyString(), State);

    private AuditEntry Ended() =>
        IsExport ? ExportAudit.Ended(this.GetPrimaryKeyString(), State)
        : IsRedrive ? RedriveAudit.Ended(this.GetPrimaryKeyString(), State)
        : RetentionAudit.Ended(this.GetPrimaryKeyString(), State);

    private async Task EndReminder()
    {
        if (await this.GetReminder(Reminder) is { } reminder)
        {
            await this.UnregisterReminder(reminder);
        }
    }

    private JobView View() =>
        new(
            this.GetPrimaryKeyString(),
            State.Kind!.Value,
            State.Status,
            State.By,
            Math.Round(State.Percent, 1),
            SecondsLeft(),
            State.StartedAt,
            State.FinishedAt,
            State.Failure,
            State.ResultJson,
            State.Of,
            State.FollowedBy
        );

    private double? SecondsLeft()
    {
        if (State.Status != JobStatus.Running)
        {
            return 0;
        }

        double done = State.Percent - _percentBefore;
        return done < 1
            ? null
            : Math.Ceiling(time.GetElapsedTime(_runningSince).TotalSeconds * (100 - State.Percent) / done);
    }
}
