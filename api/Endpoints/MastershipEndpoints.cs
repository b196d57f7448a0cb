using System.Text;
using System.Text.Json;
using Customer360.Api.OpenApi;
using Customer360.Api.Payloads;
using Customer360.Api.Problems;
using Customer360.Api.Security;
using Customer360.Grains.Contracts;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Profiles.Mastership;
using Customer360.Silo.Mastership;

namespace Customer360.Api.Endpoints;

/// <summary><c>/v1/mastership</c>: whose value each field shows. Read, replaced and rolled back by administrators.</summary>
public static class MastershipEndpoints
{
    // YAML's characters have up to four bytes; the reader counts characters.
    private static readonly BodyLimits s_limits = new(4 * MastershipYaml.LengthMax, TimeSpan.FromSeconds(30));
    private static readonly UTF8Encoding s_utf8 = new(false, throwOnInvalidBytes: true);

    public static void MapMastershipEndpoints(this IEndpointRouteBuilder routes)
    {
        IServiceProvider services = routes.ServiceProvider;
        IGrainFactory grains = services.GetRequiredService<IGrainFactory>();
        MastershipCopy copy = services.GetRequiredService<MastershipCopy>();
        TimeProvider time = services.GetRequiredService<TimeProvider>();
        routes
            .MapGet("/v1/mastership", context => Get(context, grains))
            .RequireRole(Roles.Admin)
            .Describe(MastershipDescriptions.Get);
        routes
            .MapPut("/v1/mastership", context => Put(context, grains, copy, time))
            .RequireRole(Roles.Admin)
            .Describe(MastershipDescriptions.Put);
        routes
            .MapPost("/v1/mastership:rollback", context => Rollback(context, grains, copy, time))
            .RequireRole(Roles.Admin)
            .Describe(MastershipDescriptions.Rollback);
    }

    private static IMastershipGrain Grain(IGrainFactory grains) => grains.GetGrain<IMastershipGrain>(GrainKeys.Current);

    private static async Task Get(HttpContext context, IGrainFactory grains)
    {
        MastershipHistory history = await Grain(grains).GetHistory();
        MastershipRevision current = history.Revisions.FirstOrDefault() ?? MastershipRevision.BuiltIn;
        await Answer(context, current, history);
    }

    private static async Task Put(HttpContext context, IGrainFactory grains, MastershipCopy copy, TimeProvider time)
    {
        Outcome<string> text = await ReadText(context.Request, time);
        if (!text.Succeeded)
        {
            await ProblemWriter.WriteAsync(context, text.Refusal);
            return;
        }

        MastershipReading reading = MastershipYaml.Read(text.Value);
        if (reading.Policy is not { } policy)
        {
            await ProblemWriter.WriteAsync(context, new ConfigurationInvalid("mastership policy", reading.Errors));
            return;
        }

        var put = new MastershipPut(policy, text.Value, Caller.Of(context).Name, IsFile: false);
        await Take(context, copy, await Grain(grains).Put(put));
    }

    private static async Task Rollback(
        HttpContext context,
        IGrainFactory grains,
        MastershipCopy copy,
        TimeProvider time
    )
    {
        Outcome<string> text = await ReadText(context.Request, time);
        Outcome<long> wanted = text.Succeeded ? ReadRevision(text.Value) : text.Refusal;
        if (!wanted.Succeeded)
        {
            await ProblemWriter.WriteAsync(context, wanted.Refusal);
            return;
        }

        MastershipRevision? taken = await Grain(grains)
            .Rollback(new MastershipRollback(wanted.Value, Caller.Of(context).Name));
        if (taken is null)
        {
            await ProblemWriter.WriteAsync(context, new NotFound("revision of the mastership policy"));
            return;
        }

        await Take(context, copy, taken);
    }

    /// <summary>On this node the policy counts before the caller is told so.</summary>
    private static Task Take(HttpContext context, MastershipCopy copy, MastershipRevision revision)
    {
        copy.Take(revision);
        return Answer(context, revision, history: null);
    }

    private static async Task<Outcome<string>> ReadText(HttpRequest request, TimeProvider time)
    {
        Outcome<RequestBody> read = await RequestBody.ReadAsync(request, s_limits, time);
        if (!read.Succeeded)
        {
            return read.Refusal;
        }

        using RequestBody body = read.Value;
        try
        {
            return s_utf8.GetString(body.Bytes.Span);
        }
        catch (DecoderFallbackException)
        {
            return new BodyBadlyPacked();
        }
    }

    private static Outcome<long> ReadRevision(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return
                document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("revision"u8, out JsonElement revision)
                && revision.ValueKind == JsonValueKind.Number
                && revision.TryGetInt64(out long number)
                ? number
                : new BodyNotJson("an object with a whole number 'revision' is wanted");
        }
        catch (JsonException)
        {
            return new BodyNotJson("an object with a whole number 'revision' is wanted");
        }
    }

    private static Task Answer(HttpContext context, MastershipRevision current, MastershipHistory? history)
    {
        context.Response.Headers.CacheControl = "no-store";
        return ProfilesJson.Write(
            context.Response,
            writer =>
            {
                writer.WriteStartObject();
                WriteHead(writer, current);
                writer.WritePropertyName("policy"u8);
                MastershipPolicyJson.Write(writer, current.Policy);
                writer.WriteString("yaml"u8, current.Yaml);
                if (history is not null)
                {
                    WriteHistory(writer, history);
                }

                writer.WriteEndObject();
            }
        );
    }

    private static void WriteHistory(Utf8JsonWriter writer, MastershipHistory history)
    {
        writer.WriteStartArray("history"u8);
        foreach (MastershipRevision revision in history.Revisions)
        {
            writer.WriteStartObject();
            WriteHead(writer, revision);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteHead(Utf8JsonWriter writer, MastershipRevision revision)
    {
        writer.WriteNumber("revision"u8, revision.Revision);
        writer.WriteString("version"u8, revision.Policy.Version);
        writer.WriteString("action"u8, revision.Action);
        if (revision.RollbackTo is { } rollbackTo)
        {
            writer.WriteNumber("rollbackTo"u8, rollbackTo);
        }

        if (revision.Revision > 0)
        {
            writer.WriteString("by"u8, revision.By);
            writer.WriteTime("at"u8, revision.At);
        }
    }
}
