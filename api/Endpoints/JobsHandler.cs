using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Customer360.Api.Payloads;
using Customer360.Api.Problems;
using Customer360.Api.Security;
using Customer360.Grains.Contracts;
using Customer360.Rules.Configuration;
using Customer360.Rules.Identity;
using Customer360.Rules.Outcomes;
using Customer360.Silo.Identity;

namespace Customer360.Api.Endpoints;

/// <summary>Begins jobs and says how they stand.</summary>
internal sealed class JobsHandler(IGrainFactory grains, TimeProvider time)
{
    private const string JobId = "jobId";
    private const int IdLength = 34;
    private const int LimitDefault = 50;
    private const int LimitMax = 200;

    private static readonly SearchValues<char> s_digits = SearchValues.Create("0123456789abcdef");
    private static readonly BodyLimits s_limits = new(IdentityRulesYaml.BytesMax, TimeSpan.FromSeconds(30));
    private static readonly UTF8Encoding s_strict = new(
        encoderShouldEmitUTF8Identifier: false,
        throwOnInvalidBytes: true
    );

    private IJobsGrain Jobs => grains.GetGrain<IJobsGrain>(GrainKeys.Jobs);

    public async Task StartDryRun(HttpContext context)
    {
        Outcome<string> yaml = await ReadRules(context.Request);
        if (yaml.Succeeded)
        {
            await Start(context, JobKind.DryRun, yaml.Value);
        }
        else
        {
            await ProblemWriter.WriteAsync(context, yaml.Refusal);
        }
    }

    /// <summary>Puts the rules of a dry run in force, with the merges and splits that they make.</summary>
    public Task Apply(HttpContext context) => Follow(context, JobKind.CutOver);

    /// <summary>Takes a cut-over back.</summary>
    public Task RollBack(HttpContext context) => Follow(context, JobKind.RollBack);

    public Task StartCheck(HttpContext context) => Start(context, JobKind.Check, yaml: null);

    public async Task Get(HttpContext context)
    {
        JobView? job = Find(context) is { } grain ? await grain.Get() : null;
        await Answer(context, job);
    }

    public async Task List(HttpContext context)
    {
        var jobs = await Jobs.List();
        context.Response.Headers.CacheControl = "no-store";
        await ProfilesJson.Write(
            context.Response,
            writer =>
            {
                writer.WriteStartObject();
                writer.WriteStartArray("jobs"u8);
                foreach (JobView job in jobs)
                {
                    Write(writer, job);
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
            }
        );
    }

    public async Task Cancel(HttpContext context)
    {
        JobView? job = Find(context) is { } grain ? await grain.Cancel() : null;
        if (job is { Status: JobStatus.Done or JobStatus.Failed })
        {
            await ProblemWriter.WriteAsync(context, new JobHasEnded());
            return;
        }

        await Answer(context, job);
    }

    public async Task GetCustomers(HttpContext context)
    {
        Outcome<JobAffectedQuery> query = ReadQuery(context.Request.Query);
        if (!query.Succeeded)
        {
            await ProblemWriter.WriteAsync(context, query.Refusal);
            return;
        }

        JobAffectedPage? page = Find(context) is { } grain ? await grain.GetAffected(query.Value) : null;
        if (page?.Job is not { Kind: JobKind.DryRun })
        {
            await ProblemWriter.WriteAsync(context, new NotFound("dry run"));
            return;
        }

        context.Response.Headers.CacheControl = "no-store";
        await ProfilesJson.Write(
            context.Response,
            writer => WritePage(writer, page.Job, "customers", page.Customers, page.Next)
        );
    }

    public async Task GetSteps(HttpContext context)
    {
        Outcome<JobAffectedQuery> query = ReadQuery(context.Request.Query);
        if (!query.Succeeded)
        {
            await ProblemWriter.WriteAsync(context, query.Refusal);
            return;
        }

        JobStepsPage? page = Find(context) is { } grain ? await grain.GetSteps(query.Value) : null;
        if (page?.Job is not { } job)
        {
            await ProblemWriter.WriteAsync(context, new NotFound("cut-over or roll back"));
            return;
        }

        context.Response.Headers.CacheControl = "no-store";
        await ProfilesJson.Write(context.Response, writer => WritePage(writer, job, "steps", page.Steps, page.Next));
    }

    private async Task Follow(HttpContext context, JobKind kind)
    {
        if (IdOf(context) is { } of)
        {
            await Start(context, kind, yaml: null, of);
        }
        else
        {
            await ProblemWriter.WriteAsync(context, new NotFound("job"));
        }
    }

    private async Task Start(HttpContext context, JobKind kind, string? yaml, string? of = null)
    {
        JobStartReply reply = await Jobs.Start(
            new JobRequest(NewId(), kind, Caller.Of(context).Name, yaml, UnlessWithin: default, of)
        );
        if (reply.Job is not { } job)
        {
            await ProblemWriter.WriteAsync(context, RefusalOf(kind, reply));
            return;
        }

        context.Response.StatusCode = StatusCodes.Status202Accepted;
        context.Response.Headers.Location = $"/v1/jobs/{job.Id}";
        await Answer(context, job);
    }

    private static Refusal RefusalOf(JobKind kind, JobStartReply reply) =>
        (reply.Refused, kind) switch
        {
            (null, _) => new JobUnderWay(reply.Running!),
            (JobStartRefusal.Unknown, _) => new NotFound("job"),
            (JobStartRefusal.WrongKind, JobKind.CutOver) => new JobNotADryRun(),
            (JobStartRefusal.WrongKind, _) => new JobNotACutOver(),
            (JobStartRefusal.NotFinished, _) => new JobNotFinished(),
            (JobStartRefusal.Followed, JobKind.CutOver) => new JobAppliedBefore(),
            (JobStartRefusal.Followed, _) => new JobRolledBackBefore(),
            _ => new JobRulesChangedSince(),
        };

    private static async Task Answer(HttpContext context, JobView? job)
    {
        if (job is null)
        {
            await ProblemWriter.WriteAsync(context, new NotFound("job"));
            return;
        }

        context.Response.Headers.CacheControl = "no-store";
        await ProfilesJson.Write(context.Response, writer => Write(writer, job));
    }

    private string NewId() => "j_" + Guid.CreateVersion7(time.GetUtcNow()).ToString("N");

    /// <summary>Null where it is no job's id: such a name activates nothing.</summary>
    private IJobGrain? Find(HttpContext context) => IdOf(context) is { } id ? grains.GetGrain<IJobGrain>(id) : null;

    private static string? IdOf(HttpContext context)
    {
        string id = ProfilesPath.Value(context, JobId) ?? "";
        bool isId =
            id.Length == IdLength
            && id.StartsWith("j_", StringComparison.Ordinal)
            && id.AsSpan(2).IndexOfAnyExcept(s_digits) < 0;
        return isId ? id : null;
    }

    /// <summary>The rules as they were sent, when they are valid.</summary>
    private async Task<Outcome<string>> ReadRules(HttpRequest request)
    {
        Outcome<RequestBody> read = await RequestBody.ReadAsync(request, s_limits, time);
        if (!read.Succeeded)
        {
            return read.Refusal;
        }

        using RequestBody body = read.Value;
        try
        {
            string yaml = s_strict.GetString(body.Bytes.Span);
            IdentityRulesReading reading = IdentityRulesYaml.Read(yaml);
            return reading.Rules is null ? new IdentityRulesInvalid(reading.Faults) : yaml;
        }
        catch (DecoderFallbackException)
        {
            return new IdentityRulesInvalid([new ConfigFault(0, "file", "It must be UTF-8.")]);
        }
    }

    private static Outcome<JobAffectedQuery> ReadQuery(IQueryCollection query)
    {
        Outcome<int> limit = ProfilesQuery.Limit(query, LimitDefault, LimitMax);
        if (!limit.Succeeded)
        {
            return limit.Refusal;
        }

        string cursor = ProfilesQuery.Single(query, "cursor") ?? "0";
        return int.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out int after)
            ? new JobAffectedQuery(after, limit.Value)
            : new ParameterInvalid("cursor", "it must be the 'next' of a page before");
    }

    private static void Write(Utf8JsonWriter writer, JobView job)
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, job.Id);
        writer.WriteString("kind"u8, Word(job.Kind));
        writer.WriteString("status"u8, Word(job.Status));
        writer.WriteString("by"u8, job.By);
        if (job.Of is { } of)
        {
            writer.WriteString("of"u8, of);
        }

        if (job.FollowedBy is { } next)
        {
            writer.WriteString("followedBy"u8, next);
        }

        writer.WriteNumber("percent"u8, job.Percent);
        if (job.EstimatedSecondsLeft is { } seconds)
        {
            writer.WriteNumber("estimatedSecondsLeft"u8, seconds);
        }
        else
        {
            writer.WriteNull("estimatedSecondsLeft"u8);
        }

        writer.WriteTime("startedAt"u8, job.StartedAt);
        if (job.FinishedAt is { } finishedAt)
        {
            writer.WriteTime("finishedAt"u8, finishedAt);
        }
        else
        {
            writer.WriteNull("finishedAt"u8);
        }

        if (job.Failure is { } failure)
        {
            writer.WriteString("failure"u8, failure);
        }

        if (!job.ResultJson.IsEmpty)
        {
            writer.WritePropertyName("result"u8);
            writer.WriteRawValue(job.ResultJson.Span, skipInputValidation: true);
        }

        writer.WriteEndObject();
    }

    private static void WritePage(
        Utf8JsonWriter writer,
        JobView job,
        string name,
        ImmutableArray<ReadOnlyMemory<byte>> rows,
        int? next
    )
    {
        writer.WriteStartObject();
        writer.WriteString("status"u8, Word(job.Status));
        writer.WriteStartArray(name);
        foreach (ReadOnlyMemory<byte> row in rows)
        {
            writer.WriteRawValue(row.Span, skipInputValidation: true);
        }

        writer.WriteEndArray();
        writer.WriteString("next"u8, next?.ToString(CultureInfo.InvariantCulture));
        writer.WriteEndObject();
    }

    private static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
