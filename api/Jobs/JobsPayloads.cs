using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Customer360.Api.Http;
using Customer360.Grains.Contracts;

namespace Customer360.Api.Jobs;

/// <summary>How a job stands.</summary>
public sealed record JobAnswer
{
    /// <summary><c>j_</c> and 32 hexadecimal digits.</summary>
    public required string Id { get; init; }

    [JsonConverter(typeof(WordConverter<JobKind>))]
    public required JobKind Kind { get; init; }

    [JsonConverter(typeof(WordConverter<JobStatus>))]
    public required JobStatus Status { get; init; }

    /// <summary>The name of the key that began it, or <c>schedule</c>.</summary>
    public required string By { get; init; }

    /// <summary>Of a cut-over: its dry run; of a roll back: its cut-over.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Of { get; init; }

    /// <summary>Of a dry run: the job that applied it; of a cut-over: the one that rolled it back.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? FollowedBy { get; init; }

    /// <summary>0 to 100, an estimate.</summary>
    public required double Percent { get; init; }

    /// <summary>Null where nothing can be said yet; 0 at the end.</summary>
    public required double? EstimatedSecondsLeft { get; init; }

    /// <summary>UTC.</summary>
    public required DateTime StartedAt { get; init; }

    /// <summary>UTC; null while it runs.</summary>
    public required DateTime? FinishedAt { get; init; }

    /// <summary>Of a failed job: why.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Failure { get; init; }

    /// <summary>What it came to, by its kind; of a cut-over and a roll back also what it has done so far.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RawJson<JsonObject>? Result { get; init; }

    internal static JobAnswer From(JobView job) =>
        new()
        {
            Id = job.Id,
            Kind = job.Kind,
            Status = job.Status,
            By = job.By,
            Of = job.Of,
            FollowedBy = job.FollowedBy,
            Percent = job.Percent,
            EstimatedSecondsLeft = job.EstimatedSecondsLeft,
            StartedAt = job.StartedAt.UtcDateTime,
            FinishedAt = job.FinishedAt?.UtcDateTime,
            Failure = job.Failure,
            Result = RawJson<JsonObject>.Of(job.ResultJson),
        };
}

/// <summary>The jobs of late.</summary>
/// <param name="Jobs">The newest first.</param>
public sealed record JobListAnswer(IReadOnlyList<JobAnswer> Jobs);

/// <summary>A page of what a cut-over or a roll back did.</summary>
/// <param name="Status">The job's.</param>
/// <param name="Steps">In their order.</param>
/// <param name="Next">The cursor of the next page; null on the last.</param>
public sealed record JobStepsAnswer(
    [property: JsonConverter(typeof(WordConverter<JobStatus>))] JobStatus Status,
    IReadOnlyList<RawJson<JobStep>> Steps,
    string? Next
)
{
    internal static JobStepsAnswer From(JobView job, JobStepsPage page) =>
        new(job.Status, JobRows.Of<JobStep>(page.Steps), JobRows.Cursor(page.Next));
}

/// <summary>A page of the customers that a dry run found affected.</summary>
/// <param name="Status">The job's.</param>
/// <param name="Customers">By customer id.</param>
/// <param name="Next">The cursor of the next page; null on the last.</param>
public sealed record JobCustomersAnswer(
    [property: JsonConverter(typeof(WordConverter<JobStatus>))] JobStatus Status,
    IReadOnlyList<RawJson<JobCustomer>> Customers,
    string? Next
)
{
    internal static JobCustomersAnswer From(JobView job, JobAffectedPage page) =>
        new(job.Status, JobRows.Of<JobCustomer>(page.Customers), JobRows.Cursor(page.Next));
}

/// <summary>The shape of a step, which the job wrote down.</summary>
public sealed record JobStep
{
    /// <summary>Of a merge or a split: the id of its decision record.</summary>
    public required string Id { get; init; }

    /// <summary>
    /// <c>split</c>, <c>merge</c>, <c>link</c>, <c>quarantine</c> or <c>release</c>; of a roll back <c>rejoin</c>, <c>undoMerge</c> or
    /// <c>unlink</c>, too.
    /// </summary>
    public required string Kind { get; init; }

    /// <summary>
    /// <c>done</c>, <c>changed</c> (the grid changed meanwhile, so it no longer applies), <c>refused</c> or <c>pending</c>.
    /// </summary>
    public required string Outcome { get; init; }

    /// <summary>Why it was refused.</summary>
    public string? Reason { get; init; }

    /// <summary>The older customer; of a quarantine the owner, or empty.</summary>
    public required string CustomerId { get; init; }

    /// <summary>The younger customer: merged away, or got by a split.</summary>
    public string? OtherCustomerId { get; init; }

    /// <summary>What leaves, is linked or quarantined, each <c>type:value</c>; of a merge empty.</summary>
    public required IReadOnlyList<string> Identifiers { get; init; }

    /// <summary>The message that causes it, or empty.</summary>
    public required string MessageId { get; init; }

    public required string Source { get; init; }

    /// <summary>As of the edges of a dry run.</summary>
    public required string Because { get; init; }

    /// <summary>When it was written down, UTC.</summary>
    public required DateTime At { get; init; }

    /// <summary>Of a roll back: the step that it takes back.</summary>
    public string? Undoes { get; init; }

    /// <summary>Of a quarantine: with how many anchors the identifier came.</summary>
    public int? Degree { get; init; }

    /// <summary>False where the dry run had not named the customer.</summary>
    public required bool Foreseen { get; init; }

    /// <summary>Of a link: the message only claims it.</summary>
    public bool? Claimed { get; init; }
}

/// <summary>The shape of an affected customer, which the dry run wrote down.</summary>
/// <param name="Change"><c>merge</c>, <c>split</c> or <c>mergeAndSplit</c>.</param>
/// <param name="Parts">In how many customers its identifiers would be.</param>
/// <param name="With">The customers that it would be one with, some where there are many.</param>
/// <param name="Edges">What causes it, some where there are many.</param>
public sealed record JobCustomer(
    string CustomerId,
    string Change,
    int Parts,
    IReadOnlyList<string> With,
    IReadOnlyList<JobEdge> Edges
);

/// <summary>Why two identifiers would, or would not, belong to one customer.</summary>
/// <param name="MessageId">The message that it comes from; null where none is known.</param>
/// <param name="Identifiers">The two, each <c>type:value</c>.</param>
/// <param name="Because">One of the words that this call's description lists.</param>
public sealed record JobEdge(string? MessageId, IReadOnlyList<string> Identifiers, string Because);

/// <summary>Rows that come as JSON from where a job keeps them.</summary>
internal static class JobRows
{
    public static RawJson<T>[] Of<T>(ImmutableArray<ReadOnlyMemory<byte>> rows) =>
        [.. rows.Select(row => new RawJson<T>(row))];

    public static string? Cursor(int? next) => next?.ToString(CultureInfo.InvariantCulture);
}

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(JobAnswer))]
[JsonSerializable(typeof(JobListAnswer))]
[JsonSerializable(typeof(JobStepsAnswer))]
[JsonSerializable(typeof(JobStep))]
[JsonSerializable(typeof(JobCustomersAnswer))]
[JsonSerializable(typeof(JobCustomer))]
internal sealed partial class JobsJson : JsonSerializerContext;
