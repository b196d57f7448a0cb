using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Audit;

namespace Customer360.Grains;

/// <summary>What a job stores.</summary>
public sealed class JobState : IAudited
{
    /// <summary>What the audit is told of with the next write, in the same transaction. Not stored.</summary>
    public ImmutableArray<AuditEntry> Audit { get; set; } = [];

    /// <summary>Null: there is no such job.</summary>
    public JobKind? Kind { get; set; }

    public JobStatus Status { get; set; }

    public string By { get; set; } = "";

    public string? Yaml { get; set; }

    /// <summary>Of a back test: how many days of leads; of work on contracts: of messages.</summary>
    public int Days { get; set; }

    /// <summary>Of a cut-over: its dry run; of a roll back: its cut-over.</summary>
    public string? Of { get; set; }

    /// <summary>Of those two: the rules that were in force when it began.</summary>
    public string? FormerYaml { get; set; }

    /// <summary>Of a dry run: its cut-over; of a cut-over: its roll back.</summary>
    public string? FollowedBy { get; set; }

    /// <summary>Of a check of the audit log: a head of it that was kept elsewhere.</summary>
    public string? Head { get; set; }

    public double Percent { get; set; }

    public DateTimeOffset StartedAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }

    public string? Failure { get; set; }

    /// <summary>Empty until it is done.</summary>
    public ReadOnlyMemory<byte> ResultJson { get; set; }

    /// <summary>Of a check: what its slices came to so far.</summary>
    public CheckProgress Check { get; set; } = CheckProgress.None;

    /// <summary>Of an erasure: where its pass stands.</summary>
    public ErasureProgress Erasure { get; set; } = ErasureProgress.None;

    /// <summary>Of a re-drive, or its dry run, and of contracts that are inferred: which messages.</summary>
    public RedriveFilter? Filter { get; set; }

    /// <summary>Of a re-drive, or its dry run: where it stands.</summary>
    public RedriveProgress Redrive { get; set; } = RedriveProgress.None;

    /// <summary>Of a trimming of the log, or its dry run: where it stands.</summary>
    public RetentionProgress Retention { get; set; } = RetentionProgress.None;

    /// <summary>Of an export, or its verification: what of the mirror.</summary>
    public ExportOrder? Export { get; set; }

    /// <summary>Of an export: where it stands, beside what the mirror's manifest says.</summary>
    public ExportProgress Exported { get; set; } = ExportProgress.None;
}

/// <param name="Slices">Into how many slices the anchors are divided, a power of two.</param>
/// <param name="Done">How many are done.</param>
/// <param name="Differences">The first ones.</param>
/// <param name="Seconds">What folding the log took, rests included.</param>
public sealed record CheckProgress(
    int Slices,
    int Done,
    long Messages,
    long Anchors,
    long DifferenceCount,
    ImmutableArray<CheckDifference> Differences,
    double Seconds
)
{
    public static CheckProgress None { get; } = new(1, 0, 0, 0, 0, [], 0);
}

/// <param name="CustomerId">Null where nobody owns the anchor.</param>
/// <param name="Kind"><c>differs</c>, <c>behind</c>, <c>missing</c>, <c>unowned</c>.</param>
public sealed record CheckDifference(string? CustomerId, string Kind);

/// <summary>
/// <c>{"kind","status","by","yaml"?,"of"?,"formerYaml"?,"days"?,"head"?,"followedBy"?,"percent","startedAt","finishedAt"?,"failure"?,"result"?:{…},"check"?:{"slices","done",
/// "messages","anchors","differenceCount","seconds","differences":[{"customerId","kind"}]},"erasure"?:{…},"retention"?:{…},"filter"?:{…},"redrive"?:{…},
/// "export"?:{…}}</c>
/// </summary>
public sealed class JobStateCodec : IStateCodec<JobState>
{
    public void Write(Utf8JsonWriter writer, JobState state)
    {
        writer.WriteStartObject();
        writer.WriteString("kind"u8, state.Kind.ToString());
        writer.WriteString("status"u8, state.Status.ToString());
        writer.WriteString("by"u8, state.By);
        writer.WriteString("yaml"u8, state.Yaml);
        writer.WriteString("of"u8, state.Of);
        writer.WriteString("formerYaml"u8, state.FormerYaml);
        writer.WriteString("followedBy"u8, state.FollowedBy);
        writer.WriteNumber("percent"u8, state.Percent);
        writer.WriteString("startedAt"u8, state.StartedAt);
        if (state.FinishedAt is { } finishedAt)
        {
            writer.WriteString("finishedAt"u8, finishedAt);
        }

        writer.WriteString("failure"u8, state.Failure);
        if (!state.ResultJson.IsEmpty)
        {
            writer.WritePropertyName("result"u8);
            writer.WriteRawValue(state.ResultJson.Span, skipInputValidation: true);
        }

        if (state.Head is not null)
        {
            writer.WriteString("head"u8, state.Head);
        }

        if (state.Days != 0)
        {
            writer.WriteNumber("days"u8, state.Days);
        }

        if (state.Kind == JobKind.Check)
        {
            Write(writer, state.Check);
        }

        if (state.Kind == JobKind.Erasure)
        {
            ErasureProgressJson.Write(writer, state.Erasure);
        }

        if (RetentionAudit.IsAudited(state.Kind))
        {
            RetentionProgressJson.Write(writer, state.Retention);
        }

        if (state.Filter is { } filter)
        {
            RedriveFilterJson.Write(writer, filter);
            RedriveProgressJson.Write(writer, state.Redrive);
        }

        if (state.Export is { } export)
        {
            ExportOrderJson.Write(writer, export, state.Exported);
        }

        writer.WriteEndObject();
    }

    public JobState Read(ref Utf8JsonReader reader)
    {
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        JsonElement job = document.RootElement;
        (ExportOrder? export, ExportProgress exported) = job.TryGetProperty("export"u8, out JsonElement ordered)
            ? ExportOrderJson.Read(ordered)
            : (null, ExportProgress.None);
        return new JobState
        {
            Export = export,
            Exported = exported,
            Kind = Enum.Parse<JobKind>(job.GetProperty("kind"u8).GetString()!),
            Status = Enum.Parse<JobStatus>(job.GetProperty("status"u8).GetString()!),
            By = job.GetProperty("by"u8).GetString()!,
            Yaml = job.GetProperty("yaml"u8).GetString(),
            Of = job.TextOrNull("of"u8),
            Days = job.TryGetProperty("days"u8, out JsonElement days) ? days.GetInt32() : 0,
            Head = job.TextOrNull("head"u8),
            FormerYaml = job.TextOrNull("formerYaml"u8),
            FollowedBy = job.TextOrNull("followedBy"u8),
            Percent = job.GetProperty("percent"u8).GetDouble(),
            StartedAt = job.GetProperty("startedAt"u8).GetDateTimeOffset(),
            FinishedAt = job.TryGetProperty("finishedAt"u8, out JsonElement at) ? at.GetDateTimeOffset() : null,
            Failure = job.GetProperty("failure"u8).GetString(),
            ResultJson = job.TryGetProperty("result"u8, out JsonElement result)
                ? Encoding.UTF8.GetBytes(result.GetRawText())
                : default,
            Check = job.TryGetProperty("check"u8, out JsonElement check) ? ReadCheck(check) : CheckProgress.None,
            Erasure = job.TryGetProperty("erasure"u8, out JsonElement erasure)
                ? ErasureProgressJson.Read(erasure)
                : ErasureProgress.None,
            Retention = job.TryGetProperty("retention"u8, out JsonElement retention)
                ? RetentionProgressJson.Read(retention)
                : RetentionProgress.None,
            Filter = job.TryGetProperty("filter"u8, out JsonElement filter) ? RedriveFilterJson.Read(filter) : null,
            Redrive = job.TryGetProperty("redrive"u8, out JsonElement redrive)
                ? RedriveProgressJson.Read(redrive)
                : RedriveProgress.None,
        };
    }

    private static void Write(Utf8JsonWriter writer, CheckProgress check)
    {
        writer.WriteStartObject("check"u8);
        writer.WriteNumber("slices"u8, check.Slices);
        writer.WriteNumber("done"u8, check.Done);
        writer.WriteNumber("messages"u8, check.Messages);
        writer.WriteNumber("anchors"u8, check.Anchors);
        writer.WriteNumber("differenceCount"u8, check.DifferenceCount);
        writer.WriteNumber("seconds"u8, check.Seconds);
        WriteDifferences(writer, check.Differences);
        writer.WriteEndObject();
    }

    internal static void WriteDifferences(Utf8JsonWriter writer, ImmutableArray<CheckDifference> differences)
    {
        writer.WriteStartArray("differences"u8);
        foreach (CheckDifference difference in differences)
        {
            writer.WriteStartObject();
            writer.WriteString("customerId"u8, difference.CustomerId);
            writer.WriteString("kind"u8, difference.Kind);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static CheckProgress ReadCheck(JsonElement check) =>
        new(
            check.GetProperty("slices"u8).GetInt32(),
            check.GetProperty("done"u8).GetInt32(),
            check.GetProperty("messages"u8).GetInt64(),
            check.GetProperty("anchors"u8).GetInt64(),
            check.GetProperty("differenceCount"u8).GetInt64(),
            [
                .. check
                    .GetProperty("differences"u8)
                    .EnumerateArray()
                    .Select(one => new CheckDifference(
                        one.GetProperty("customerId"u8).GetString(),
                        one.GetProperty("kind"u8).GetString()!
                    )),
            ],
            check.GetProperty("seconds"u8).GetDouble()
        );
}

/// <summary>The affected customers of a dry run, apart from the job's own state, which is written while it runs.</summary>
public sealed class JobAffectedState
{
    /// <summary>Each a JSON object.</summary>
    public ImmutableArray<ReadOnlyMemory<byte>> Customers { get; set; } = [];
}

/// <summary><c>[{…},{…}]</c></summary>
public sealed class JobAffectedStateCodec : IStateCodec<JobAffectedState>
{
    public void Write(Utf8JsonWriter writer, JobAffectedState state)
    {
        writer.WriteStartArray();
        foreach (ReadOnlyMemory<byte> customer in state.Customers)
        {
            writer.WriteRawValue(customer.Span, skipInputValidation: true);
        }

        writer.WriteEndArray();
    }

    public JobAffectedState Read(ref Utf8JsonReader reader)
    {
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        return new JobAffectedState
        {
            Customers =
            [
                .. document
                    .RootElement.EnumerateArray()
                    .Select(one => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(one.GetRawText())),
            ],
        };
    }
}
