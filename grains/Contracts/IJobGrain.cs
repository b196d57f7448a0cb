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
}

/// <summary>What a job does.</summary>
[GenerateSerializer, Alias("c360.JobKind")]
public enum JobKind
{
    /// <summary>Decides the log anew under other rules.</summary>
    DryRun = 1,

    /// <summary>Folds the log anew and compares it with the profiles.</summary>
    Check = 2,
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
/// <param name="Yaml">Of a dry run: the proposed rules, valid; else null.</param>
/// <param name="UnlessWithin">Nothing is begun where one of its kind was begun so recently; zero: in any case.</param>
[GenerateSerializer, Immutable, Alias("c360.JobRequest")]
public sealed record JobRequest(
    [property: Id(0)] string Id,
    [property: Id(1)] JobKind Kind,
    [property: Id(2)] string By,
    [property: Id(3)] string? Yaml,
    [property: Id(4)] TimeSpan UnlessWithin = default
);

/// <param name="Percent">0 to 100, an estimate.</param>
/// <param name="EstimatedSecondsLeft">Null where nothing can be said yet; 0 at the end.</param>
/// <param name="Failure">Of a failed job: why, without a person's data.</param>
/// <param name="ResultJson">Of a job that is done: a JSON object; else empty.</param>
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
    [property: Id(9)] ReadOnlyMemory<byte> ResultJson
);

/// <param name="Job">What was begun; null where nothing was.</param>
/// <param name="Running">The job that keeps it from beginning, or null.</param>
[GenerateSerializer, Immutable, Alias("c360.JobStartReply")]
public sealed record JobStartReply([property: Id(0)] JobView? Job, [property: Id(1)] string? Running);

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
