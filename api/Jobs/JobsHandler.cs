using System.Buffers;
using System.Globalization;
using Customer360.Api.Http;
using Customer360.Api.Problems;
using Customer360.Api.Security;
using Customer360.Grains.Contracts;
using Customer360.Rules.Outcomes;
using Microsoft.AspNetCore.Http.HttpResults;
using NotFound = Customer360.Api.Problems.NotFound;

namespace Customer360.Api.Jobs;

/// <summary>Begins jobs and says how they stand.</summary>
internal sealed class JobsHandler(IGrainFactory grains, TimeProvider time)
{
    private const int IdLength = 34;

    private static readonly SearchValues<char> s_digits = SearchValues.Create("0123456789abcdef");

    private IJobsGrain Jobs => grains.GetGrain<IJobsGrain>(GrainKeys.Jobs);

    /// <summary>Begins a dry run of identity rules, which are valid.</summary>
    public Task<Outcome<JobAnswer>> StartDryRun(CallerName caller, string yaml) =>
        Start(caller, JobKind.DryRun, yaml, of: null);

    /// <summary>Trims the log, or counts what that would take out.</summary>
    public Task<Outcome<JobAnswer>> StartRetention(CallerName caller, bool isDryRun) =>
        Start(caller, isDryRun ? JobKind.RetentionDryRun : JobKind.Retention, yaml: null, of: null);

    /// <summary>Takes messages that keep their contracts by now out of quarantine, or counts them.</summary>
    public Task<Outcome<JobAnswer>> StartRedrive(CallerName caller, RedriveFilter filter, bool isDryRun) =>
        Start(
            new JobRequest(NewId(), isDryRun ? JobKind.RedriveDryRun : JobKind.Redrive, caller.Text, Yaml: null)
            {
                Filter = filter,
            }
        );

    /// <summary>Writes the warehouse mirror, or compares it with the grid.</summary>
    public Task<Outcome<JobAnswer>> StartExport(CallerName caller, ExportOrder order, bool isVerification) =>
        Start(
            new JobRequest(NewId(), isVerification ? JobKind.ExportVerify : JobKind.Export, caller.Text, Yaml: null)
            {
                Export = order,
            }
        );

    /// <summary>Decides the leads of the last days anew under routing rules, which are valid.</summary>
    public Task<Outcome<JobAnswer>> StartBackTest(CallerName caller, string yaml, int days) =>
        Start(new JobRequest(NewId(), JobKind.BackTest, caller.Text, yaml) { Days = days });

    /// <summary>Judges the messages of the last days by contracts, which are valid.</summary>
    public Task<Outcome<JobAnswer>> StartContractsTryOut(CallerName caller, string yaml, int days) =>
        Start(new JobRequest(NewId(), JobKind.ContractsTryOut, caller.Text, yaml) { Days = days });

    /// <summary>Proposes contracts from the messages of the last days.</summary>
    /// <param name="source">Of this source alone; null: of all.</param>
    public Task<Outcome<JobAnswer>> StartContractInference(CallerName caller, string? source, int days) =>
        Start(
            new JobRequest(NewId(), JobKind.ContractsInference, caller.Text, Yaml: null)
            {
                Days = days,
                Filter = new RedriveFilter(source, null, null),
            }
        );

    /// <summary>Counts customers by what they say to each purpose.</summary>
    public Task<Outcome<JobAnswer>> StartConsentCoverage(CallerName caller) =>
        Start(caller, JobKind.ConsentCoverage, yaml: null, of: null);

    /// <summary>Checks every record of the audit log.</summary>
    /// <param name="head">A head that was kept elsewhere, which can be read; null: none.</param>
    public Task<Outcome<JobAnswer>> StartAuditCheck(CallerName caller, string? head) =>
        Start(new JobRequest(NewId(), JobKind.AuditCheck, caller.Text, Yaml: null) { Head = head });

    /// <summary>Says what proposed audiences, which are valid, would make of the members.</summary>
    public Task<Outcome<JobAnswer>> StartAudiencePreview(CallerName caller, string yaml) =>
        Start(caller, JobKind.AudiencePreview, yaml, of: null);

    /// <summary>Has every customer decide its audiences by what is in force.</summary>
    public Task<Outcome<JobAnswer>> StartAudienceBackfill(CallerName caller) =>
        Start(caller, JobKind.AudienceBackfill, yaml: null, of: null);

    /// <summary>A page of what a job of a kind found, as JSON objects; null where there is no such job.</summary>
    public async Task<(JobAnswer Job, JobAffectedPage Page)?> FindAffected(
        string jobId,
        JobKind kind,
        JobAffectedQuery query
    ) =>
        Find(jobId) is { } grain && await grain.GetAffected(query) is { Job: { } job } page && job.Kind == kind
            ? (JobAnswer.From(job), page)
            : null;

    /// <summary>The job of a kind that began last; null where none has.</summary>
    public async Task<JobAnswer?> FindLast(JobKind kind) =>
        await Jobs.FindLast(kind) is { } job ? JobAnswer.From(job) : null;

    public async Task<Results<AcceptedAnswer<JobAnswer>, ProblemResult>> StartCheck(CallerName caller) =>
        Begun(await Start(caller, JobKind.Check, yaml: null, of: null));

    /// <summary>Puts the rules of a dry run in force, with the merges and splits that they make.</summary>
    public Task<Results<AcceptedAnswer<JobAnswer>, ProblemResult>> Apply(string jobId, CallerName caller) =>
        Follow(jobId, caller, JobKind.CutOver);

    /// <summary>Takes a cut-over back.</summary>
    public Task<Results<AcceptedAnswer<JobAnswer>, ProblemResult>> RollBack(string jobId, CallerName caller) =>
        Follow(jobId, caller, JobKind.RollBack);

    public async Task<Answer<JobListAnswer>> List() => new(new([.. (await Jobs.List()).Select(JobAnswer.From)]));

    public async Task<Results<Answer<JobAnswer>, ProblemResult>> Get(string jobId)
    {
        JobView? job = Find(jobId) is { } grain ? await grain.Get() : null;
        return job is null ? new ProblemResult(new NotFound("job")) : new Answer<JobAnswer>(JobAnswer.From(job));
    }

    public async Task<Results<Answer<JobAnswer>, ProblemResult>> Cancel(string jobId)
    {
        JobView? job = Find(jobId) is { } grain ? await grain.Cancel() : null;
        return job switch
        {
            null => new ProblemResult(new NotFound("job")),
            { Status: JobStatus.Done or JobStatus.Failed } => new ProblemResult(new JobHasEnded()),
            _ => new Answer<JobAnswer>(JobAnswer.From(job)),
        };
    }

    public async Task<Results<Answer<JobCustomersAnswer>, ProblemResult>> GetCustomers(string jobId, PageAsked asked)
    {
        Outcome<JobAffectedQuery> query = QueryOf(asked);
        if (!query.Succeeded)
        {
            return new ProblemResult(query.Refusal);
        }

        JobAffectedPage? page = Find(jobId) is { } grain ? await grain.GetAffected(query.Value) : null;
        return page?.Job is { Kind: JobKind.DryRun } job
            ? new Answer<JobCustomersAnswer>(JobCustomersAnswer.From(job, page))
            : new ProblemResult(new NotFound("dry run"));
    }

    public async Task<Results<Answer<JobStepsAnswer>, ProblemResult>> GetSteps(string jobId, PageAsked asked)
    {
        Outcome<JobAffectedQuery> query = QueryOf(asked);
        if (!query.Succeeded)
        {
            return new ProblemResult(query.Refusal);
        }

        JobStepsPage? page = Find(jobId) is { } grain ? await grain.GetSteps(query.Value) : null;
        return page?.Job is { } job
            ? new Answer<JobStepsAnswer>(JobStepsAnswer.From(job, page))
            : new ProblemResult(new NotFound("cut-over or roll back"));
    }

    /// <summary>The answer where a job has begun.</summary>
    public static AcceptedAnswer<JobAnswer> Begun(JobAnswer job) => new($"/v1/jobs/{job.Id}", job);

    private static Results<AcceptedAnswer<JobAnswer>, ProblemResult> Begun(Outcome<JobAnswer> job) =>
        job.Succeeded ? Begun(job.Value) : new ProblemResult(job.Refusal);

    private async Task<Results<AcceptedAnswer<JobAnswer>, ProblemResult>> Follow(
        string jobId,
        CallerName caller,
        JobKind kind
    ) => IsId(jobId) ? Begun(await Start(caller, kind, yaml: null, jobId)) : new ProblemResult(new NotFound("job"));

    private Task<Outcome<JobAnswer>> Start(CallerName caller, JobKind kind, string? yaml, string? of) =>
        Start(new JobRequest(NewId(), kind, caller.Text, yaml, UnlessWithin: default, of));

    private async Task<Outcome<JobAnswer>> Start(JobRequest request)
    {
        JobStartReply reply = await Jobs.Start(request);
        return reply.Job is { } job ? JobAnswer.From(job) : JobsRefusals.Of(request.Kind, reply);
    }

    private string NewId() => "j_" + Guid.CreateVersion7(time.GetUtcNow()).ToString("N");

    /// <summary>Null where it is no job's id: such a name activates nothing.</summary>
    private IJobGrain? Find(string jobId) => IsId(jobId) ? grains.GetGrain<IJobGrain>(jobId) : null;

    private static bool IsId(string text) =>
        text.Length == IdLength
        && text.StartsWith("j_", StringComparison.Ordinal)
        && text.AsSpan(2).IndexOfAnyExcept(s_digits) < 0;

    internal static Outcome<JobAffectedQuery> QueryOf(PageAsked asked)
    {
        if (!asked.Limit.Succeeded)
        {
            return asked.Limit.Refusal;
        }

        return int.TryParse(asked.Cursor ?? "0", NumberStyles.None, CultureInfo.InvariantCulture, out int after)
            ? new JobAffectedQuery(after, asked.Limit.Value)
            : new ParameterInvalid("cursor", "it must be the 'next' of a page before");
    }
}
