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

/// <summary>Reads and changes the identity rules.</summary>
/// <remarks>
/// A file is validated here, before its grain is asked: what is not valid changes nothing. This node follows at once, the
/// others within a second.
/// </remarks>
internal sealed class IdentityRulesHandler(IGrainFactory grains, LiveIdentityRules live, TimeProvider time)
{
    private const int LimitDefault = 50;
    private const int LimitMax = 200;
    private const string Yaml = "application/yaml";

    private static readonly BodyLimits s_limits = new(IdentityRulesYaml.BytesMax, TimeSpan.FromSeconds(30));
    private static readonly UTF8Encoding s_strict = new(
        encoderShouldEmitUTF8Identifier: false,
        throwOnInvalidBytes: true
    );

    private IIdentityRulesGrain Owner => grains.GetGrain<IIdentityRulesGrain>(GrainKeys.IdentityRules);

    public async Task Get(HttpContext context)
    {
        string? version = ProfilesQuery.Single(context.Request.Query, "version");
        IdentityRulesVersion? found = version is null ? await Owner.GetCurrent() : await Owner.Find(version);
        bool isBuiltIn = found is null && (version is null || version == IdentityRules.Default.Version);
        if (found is null && !isBuiltIn)
        {
            await ProblemWriter.WriteAsync(context, new NotFound("version of the rules"));
            return;
        }

        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.ETag = $"\"{found?.Version ?? IdentityRules.Default.Version}\"";
        context.Response.Headers.Vary = "Accept";
        if (WantsYaml(context.Request))
        {
            context.Response.ContentType = $"{Yaml}; charset=utf-8";
            await context.Response.WriteAsync(found?.Yaml ?? IdentityRulesYaml.BuiltIn, context.RequestAborted);
            return;
        }

        await ProfilesJson.Write(context.Response, writer => IdentityRulesAnswer.Write(writer, found));
    }

    public async Task Put(HttpContext context)
    {
        Outcome<string> yaml = await ReadText(context.Request);
        if (!yaml.Succeeded)
        {
            await ProblemWriter.WriteAsync(context, yaml.Refusal);
            return;
        }

        await Change(context, yaml.Value, IdentityRulesOrigin.Put);
    }

    public async Task Rollback(HttpContext context)
    {
        Outcome<string> version = await ReadVersion(context.Request);
        if (!version.Succeeded)
        {
            await ProblemWriter.WriteAsync(context, version.Refusal);
            return;
        }

        IdentityRulesVersion? found = await Owner.Find(version.Value);
        string? yaml = version.Value == IdentityRules.Default.Version ? IdentityRulesYaml.BuiltIn : null;
        yaml = found?.Yaml ?? yaml;
        if (yaml is null)
        {
            await ProblemWriter.WriteAsync(context, new NotFound("version of the rules"));
            return;
        }

        await Change(context, yaml, IdentityRulesOrigin.Rollback);
    }

    public async Task GetHistory(HttpContext context)
    {
        Outcome<IdentityRulesHistoryQuery> query = ReadQuery(context.Request.Query);
        if (!query.Succeeded)
        {
            await ProblemWriter.WriteAsync(context, query.Refusal);
            return;
        }

        IdentityRulesHistory history = await Owner.GetHistory(query.Value);
        context.Response.Headers.CacheControl = "no-store";
        await ProfilesJson.Write(context.Response, writer => IdentityRulesAnswer.Write(writer, history));
    }

    /// <summary>Validates again, also on the way back: the release that took an old version may have been another one.</summary>
    private async Task Change(HttpContext context, string yaml, IdentityRulesOrigin origin)
    {
        IdentityRulesReading reading = IdentityRulesYaml.Read(yaml);
        if (reading.Rules is not { } rules)
        {
            await ProblemWriter.WriteAsync(context, new IdentityRulesInvalid(reading.Faults));
            return;
        }

        IdentityRulesReply reply = await Owner.Put(
            new IdentityRulesChange(
                rules.Version,
                yaml,
                Caller.Of(context).Name,
                origin,
                IfMatch(context.Request),
                live.BuiltIn.Version
            )
        );
        if (reply.IsRefused)
        {
            await ProblemWriter.WriteAsync(context, new IdentityRulesChanged());
            return;
        }

        IdentityRulesVersion current = reply.Current!;
        live.Take(current, rules);
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.ETag = $"\"{current.Version}\"";
        await ProfilesJson.Write(context.Response, writer => IdentityRulesAnswer.Write(writer, current));
    }

    private async Task<Outcome<string>> ReadText(HttpRequest request)
    {
        Outcome<RequestBody> read = await RequestBody.ReadAsync(request, s_limits, time);
        if (!read.Succeeded)
        {
            return read.Refusal;
        }

        using RequestBody body = read.Value;
        try
        {
            return s_strict.GetString(body.Bytes.Span);
        }
        catch (DecoderFallbackException)
        {
            return new IdentityRulesInvalid([new ConfigFault(0, "file", "It must be UTF-8.")]);
        }
    }

    private async Task<Outcome<string>> ReadVersion(HttpRequest request)
    {
        Outcome<RequestBody> read = await RequestBody.ReadAsync(request, s_limits, time);
        if (!read.Succeeded)
        {
            return read.Refusal;
        }

        using RequestBody body = read.Value;
        try
        {
            using JsonDocument document = JsonDocument.Parse(body.Bytes);
            return
                document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("version"u8, out JsonElement version)
                && version.ValueKind == JsonValueKind.String
                ? version.GetString()!
                : new BodyNotJson("an object with the version, a text");
        }
        catch (JsonException)
        {
            return new BodyNotJson("an object with the version, a text");
        }
    }

    private static Outcome<IdentityRulesHistoryQuery> ReadQuery(IQueryCollection query)
    {
        Outcome<int> limit = ProfilesQuery.Limit(query, LimitDefault, LimitMax);
        if (!limit.Succeeded)
        {
            return limit.Refusal;
        }

        string? cursor = ProfilesQuery.Single(query, "cursor");
        if (cursor is null)
        {
            return new IdentityRulesHistoryQuery(BeforeNumber: null, limit.Value);
        }

        return long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out long before)
            ? new IdentityRulesHistoryQuery(before, limit.Value)
            : new ParameterInvalid("cursor", "it must be the 'next' of a page before");
    }

    /// <summary>
    /// The versions that <c>If-Match</c> names (RFC 9110, 13.1.1: compared strongly); empty where it is absent or allows
    /// any.
    /// </summary>
    private static ImmutableArray<string> IfMatch(HttpRequest request)
    {
        string? header = request.Headers.IfMatch;
        if (header is null || header.Trim() == "*")
        {
            return [];
        }

        // A tag that is none, or a weak one, stays as it is and so matches no version.
        return
        [
            .. header
                .Split(',', StringSplitOptions.TrimEntries)
                .Select(tag => tag is ['"', .. var version, '"'] ? version : $"({tag})"),
        ];
    }

    private static bool WantsYaml(HttpRequest request) =>
        request.Headers.Accept.Any(line => line?.Contains(Yaml, StringComparison.OrdinalIgnoreCase) == true);
}
