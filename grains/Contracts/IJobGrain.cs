using System.Collections.Immutable;

namespace Customer360.Grains.Contracts;

/// <summary>Work over the whole grid, which takes its time: one job. Key: the job's id.</summary>
[Alias("c360.IJobGrain")]
public interface IJobGrain : IGrainWithStringKey
{
    /// <summary>Begins the job, unless it has begun. It goes on by itself, also after a restart.</summary>
    [Alias("Begin")]
    Task<JobView> Begin(JobRequest request);

    /// <summary>How it stands; null where there is no such job.</summary>
    [Alias("Get")]
    Task<JobView?> Get();

    /// <summary>Ends it where it is running; answers how it stands, null where there is no such job.</summary>
    [Alias("Cancel")]
    Task<JobView?> Cancel();

    /// <summary>A page of the customers that a dry run found affected.</summary>
    [Alias("GetAffected")]
    Task<JobAffectedPage> GetAffected(JobAffectedQuery query);

    /// <summary>A page of what a cut-over or a roll back did, in its order.</summary>
    [Alias("GetSteps")]
    Task<JobStepsPage> GetSteps(JobAffectedQuery query);

    /// <summary>
    /// Notes down the job that applies it, or rolls it back. Called by
    /// <see cref="IJobsGrain"/> only, which lets one job begin at a time.
    /// </summary>
    [Alias("Follow")]
    Task Follow(string jobId);

    /// <summary>The files of rules that it is about; null where there is no such job.</summary>
    [Alias("GetRules")]
    Task<JobRules?> GetRules();

    /// <summary>Lets go of what it holds in memory: it was changed in storage, because somebody is erased.</summary>
    [Alias("Forget")]
    Task Forget();
}

/// <summary>The list of jobs, and the gate: one at a time, so that all together take no more than one may.</summary>
[Alias("c360.IJobsGrain")]
public interface IJobsGrain : IGrainWithStringKey
{
    /// <summary>Begins a job, unless another is running.</summary>
    [Alias("Start")]
    Task<JobStartReply> Start(JobRequest request);

    /// <summary>The jobs of late, the newest first.</summary>
    [Alias("List")]
    Task<ImmutableArray<JobView>> List();

    /// <summary>The job of a kind that began last, however long ago; null where none has begun.</summary>
    [Alias("FindLast")]
    Task<JobView?> FindLast(JobKind kind);
}

/// <summary>What a job does.</summary>
[GenerateSerializer, Alias("c360.JobKind")]
public enum JobKind
{
    /// <summary>Decides the log anew under other rules.</summary>
    DryRun = 1,

    /// <summary>Folds the log anew and compares it with the profiles.</summary>
    Check = 2,

    /// <summary>Puts the rules of a dry run in force, with the merges and splits that they make.</summary>
    CutOver = 3,

    /// <summary>Takes a cut-over back.</summary>
    RollBack = 4,

    /// <summary>Takes erased people out of all that is stored.</summary>
    Erasure = 5,

    /// <summary>Takes out of the log what is kept no longer.</summary>
    Retention = 6,

    /// <summary>Counts what such a run would take out, and changes nothing.</summary>
    RetentionDryRun = 7,

    /// <summary>Decides the leads of the last days anew under other routing rules, and changes nothing.</summary>
    BackTest = 8,

    /// <summary>Has every customer decide its audiences by what is in force.</summary>
    AudienceBackfill = 9,

    /// <summary>Says what proposed audiences would make of the members, and changes nothing.</summary>
    AudiencePreview = 10,

    /// <summary>Takes messages that keep their contracts by now out of quarantine.</summary>
    Redrive = 11,

    /// <summary>Counts what such a re-drive would take out, and changes nothing.</summary>
    RedriveDryRun = 12,

    /// <summary>Writes the warehouse mirror on from where it stands.</summary>
    Export = 20,

    /// <summary>Judges the messages of the last days by proposed contracts, and changes nothing.</summary>
    ContractsTryOut = 21,

    /// <summary>Proposes contracts from the messages of the last days.</summary>
    ContractsInference = 22,

    /// <summary>Counts customers by what they say to each purpose, and by their region.</summary>
    ConsentCoverage = 23,

    /// <summary>Checks every record of the audit log.</summary>
    AuditCheck = 24,

    /// <summary>Compares the warehouse mirror with the grid, and changes nothing.</summary>
    ExportVerify = 25,

    /// <summary>Lists the names of customers that were there before the list was.</summary>
    NameBackfill = 26,
}

[GenerateSerializer, Alias("c360.JobStatus")]
public enum JobStatus
{
    Running = 1,
    Done = 2,
    Failed = 3,
    Cancelled = 4,
}

/// <param name="Id"><c>j_</c> and 32 hexadecimal digits, unique.</param>
/// <param name="By">The name of the key that asks for it, or <c>schedule</c>.</param>
/// <param name="Yaml">Of a dry run, a back test, a try-out or a preview: the proposed rules, valid; else null.</param>
/// <param name="Of">Of a cut-over: its dry run; of a roll back: its cut-over; else null.</param>
/// <param name="FormerYaml">Of a job about rules: the file of those in force, filled in by <see cref="IJobsGrain"/>.</param>
/// <param name="UnlessWithin">Nothing is begun where one of its kind was begun so recently; zero: in any case.</param>
[GenerateSerializer, Immutable, Alias("c360.JobRequest")]
public sealed record JobRequest(
    [property: Id(0)] string Id,
    [property: Id(1)] JobKind Kind,
    [property: Id(2)] string By,
    [property: Id(3)] string? Yaml,
    [property: Id(4)] TimeSpan UnlessWithin = default,
    [property: Id(5)] string? Of = null,
    [property: Id(6)] string? FormerYaml = null
)
{
    /// <summary>Of a back test: how many days of leads; of work on contracts: of messages.</summary>
    [Id(7)]
    public int Days { get; init; }

    /// <summary>Of a re-drive, and of contracts that are inferred: which messages.</summary>
    [Id(8)]
    public RedriveFilter? Filter { get; init; }

    /// <summary>Of a check of the audit log: a head of it that was kept elsewhere; null: none.</summary>
    [Id(9)]
    public string? Head { get; init; }

    /// <summary>Of an export, or its verification: what of the mirror.</summary>
    [Id(20)]
    public ExportOrder? Export { get; init; }

    /// <summary>Who asks where no key does.</summary>
    public const string Schedule = "schedule";
}

/// <param name="Percent">0 to 100, an estimate.</param>
/// <param name="EstimatedSecondsLeft">Null where nothing can be said yet; 0 at the end.</param>
/// <param name="Failure">Of a failed job: why, without a person's data.</param>
/// <param name="ResultJson">A JSON object once the job is done, of a cut-over, a roll back and a trimming also before; else empty.</param>
/// <param name="Of">Of a cut-over: its dry run; of a roll back: its cut-over.</param>
/// <param name="FollowedBy">Of a dry run: its cut-over; of a cut-over: its roll back; null where there is none.</param>
[GenerateSerializer, Immutable, Alias("c360.JobView")]
public sealed record JobView(
    [property: Id(0)] string Id,
    [property: Id(1)] JobKind Kind,
    [property: Id(2)] JobStatus Status,
    [property: Id(3)] string By,
    [property: Id(4)] double Percent,
    [property: Id(5)] double? EstimatedSecondsLeft,
    [property: Id(6)] DateTimeOffset StartedAt,
    [property: Id(7)] DateTimeOffset? FinishedAt,
    [property: Id(8)] string? Failure,
    [property: Id(9)] ReadOnlyMemory<byte> ResultJson,
    [property: Id(10)] string? Of = null,
    [property: Id(11)] string? FollowedBy = null
);

/// <param name="Job">What was begun; null where nothing was.</param>
/// <param name="Running">The job that keeps it from beginning, or null.</param>
/// <param name="Refused">Why it does not begin, or null.</param>
[GenerateSerializer, Immutable, Alias("c360.JobStartReply")]
public sealed record JobStartReply(
    [property: Id(0)] JobView? Job,
    [property: Id(1)] string? Running,
    [property: Id(2)] JobStartRefusal? Refused = null
);

/// <summary>Why a cut-over or a roll back does not begin.</summary>
[GenerateSerializer, Alias("c360.JobStartRefusal")]
public enum JobStartRefusal
{
    /// <summary>There is no such job.</summary>
    Unknown = 1,

    /// <summary>It is a job of another kind.</summary>
    WrongKind = 2,

    /// <summary>It is running, was cancelled or has failed; of a cut-over: it is running.</summary>
    NotFinished = 3,

    /// <summary>It was applied, or rolled back, before.</summary>
    Followed = 4,

    /// <summary>Other rules have come into force since.</summary>
    RulesChanged = 5,
}

/// <param name="Proposed">The file of the rules that it is about; null where it is about none.</param>
/// <param name="Former">The file of the rules that were in force when it began; null where it did not ask.</param>
[GenerateSerializer, Immutable, Alias("c360.JobRules")]
public sealed record JobRules([property: Id(0)] string? Proposed, [property: Id(1)] string? Former);

/// <param name="Job">Null where there is no such job, or it has no steps.</param>
/// <param name="Steps">Each a JSON object.</param>
/// <param name="Next">How many the next page passes over; null on the last.</param>
[GenerateSerializer, Immutable, Alias("c360.JobStepsPage")]
public sealed record JobStepsPage(
    [property: Id(0)] JobView? Job,
    [property: Id(1)] ImmutableArray<ReadOnlyMemory<byte>> Steps,
    [property: Id(2)] int? Next
);

/// <param name="After">How many to pass over.</param>
[GenerateSerializer, Immutable, Alias("c360.JobAffectedQuery")]
public sealed record JobAffectedQuery([property: Id(0)] int After, [property: Id(1)] int Limit);

/// <param name="Job">Null where there is no such job.</param>
/// <param name="Customers">Each a JSON object.</param>
/// <param name="Next">How many the next page passes over; null on the last.</param>
[GenerateSerializer, Immutable, Alias("c360.JobAffectedPage")]
public sealed record JobAffectedPage(
    [property: Id(0)] JobView? Job,
    [property: Id(1)] ImmutableArray<ReadOnlyMemory<byte>> Customers,
    [property: Id(2)] int? Next
);
