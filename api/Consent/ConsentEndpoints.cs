using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Api.Access;
using Customer360.Api.Audit;
using Customer360.Api.Http;
using Customer360.Api.OpenApi;
using Customer360.Api.Problems;
using Customer360.Api.Profiles;
using Customer360.Api.Security;
using Customer360.Grains.Contracts;
using Customer360.Rules.Access;
using Customer360.Rules.Consent;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Policies;

namespace Customer360.Api.Consent;

/// <summary>What people have agreed to: how it stands, how it stood, what was said, and saying more.</summary>
public static class ConsentEndpoints
{
    public static void AddConsent(this IServiceCollection services)
    {
        services.AddSingleton<ConsentHandlers>();
        services.AddSingleton<ConsentCoverageHandler>();
    }

    public static void MapConsentEndpoints(this IEndpointRouteBuilder routes)
    {
        ConsentHandlers handlers = routes.ServiceProvider.GetRequiredService<ConsentHandlers>();
        routes
            .MapGet("/v1/profiles/{identifier}/consent", handlers.Get)
            .RequireRole(Roles.Read)
            .BehindGate()
            .Describe(ConsentDescriptions.Get);
        routes
            .MapGet("/v1/profiles/{identifier}/consent/history", handlers.GetHistory)
            .RequireRole(Roles.Read)
            .BehindGate()
            .Describe(ConsentDescriptions.History);
        routes
            .MapPut("/v1/profiles/{identifier}/consent", handlers.Put)
            .RequireTask(RoleTasks.Consent)
            .BehindGate()
            .Describe(ConsentDescriptions.Put);
        ConsentCoverageHandler coverage = routes.ServiceProvider.GetRequiredService<ConsentCoverageHandler>();
        routes
            .MapPost("/v1/consent:coverage", coverage.Begin)
            .RequireTask(RoleTasks.Privacy)
            .Describe(ConsentDescriptions.CountCoverage);
        routes
            .MapGet("/v1/consent/coverage", coverage.GetLast)
            .RequireTask(RoleTasks.Privacy)
            .Describe(ConsentDescriptions.Coverage);
        routes
            .MapGet("/.well-known/gpc.json", GetPrivacyControl)
            .OpenToAnybody()
            .AllowAnyOrigin()
            .Describe(ConsentDescriptions.PrivacyControl);
    }

    private static Task GetPrivacyControl(HttpContext context)
    {
        context.Response.Headers.CacheControl = "public, max-age=86400";
        return JsonAnswer.Write(
            context.Response,
            static writer =>
            {
                writer.WriteStartObject();
                writer.WriteBoolean("gpc"u8, true);
                writer.WriteString("lastUpdate"u8, "2026-11-26"u8);
                writer.WriteEndObject();
            }
        );
    }
}

/// <summary>Handlers of the consent endpoints.</summary>
internal sealed class ConsentHandlers(ProfileAccess access, IPolicy<ConsentPolicy> policy, TimeProvider time)
{
    public const int LimitDefault = 50;
    public const int LimitMax = 200;

    public async Task Get(HttpContext context)
    {
        string? asked = QueryValues.Single(context.Request.Query, "at");
        DateTimeOffset now = time.GetUtcNow();
        Outcome<DateTimeOffset> at = QueryValues.Time(context.Request.Query, "at", now);
        if (!at.Succeeded)
        {
            await ProblemWriter.WriteAsync(context, at.Refusal);
            return;
        }

        if (at.Value > now)
        {
            await ProblemWriter.WriteAsync(context, new ParameterInvalid("at", "it must not be in the future"));
            return;
        }

        Outcome<VisibleConsent> found = await access.GetConsent(Asker.Of(context), PathValues.InRegion(context));
        await Answer(context, found, at.Value, asked is not null);
    }

    public async Task GetHistory(HttpContext context)
    {
        var asker = Asker.Of(context);
        Outcome<(int Limit, ConsentPlace? After)> asked = ReadPage(context.Request.Query, asker);
        if (!asked.Succeeded)
        {
            await ProblemWriter.WriteAsync(context, asked.Refusal);
            return;
        }

        Outcome<VisibleConsent> found = await access.GetConsent(Asker.Of(context), PathValues.InRegion(context));
        if (!found.Succeeded)
        {
            await ProblemWriter.WriteAsync(context, found.Refusal);
            return;
        }

        (int limit, ConsentPlace? after) = asked.Value;
        ImmutableArray<ConsentEntry> all = ConsentHistory.Of(found.Value.Holdings);
        int from = after is { } place ? Behind(all, place) : 0;
        ImmutableArray<ConsentEntry> page = [.. all.Skip(from).Take(limit)];
        context.Response.MarkUnstored();
        await JsonAnswer.Write(
            context.Response,
            writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("customerId"u8, found.Value.CustomerId);
                writer.WriteStartArray("entries"u8);
                foreach (ConsentEntry entry in page)
                {
                    ConsentDocument.Write(writer, entry, found.Value.ShowsIdentifiers);
                }

                writer.WriteEndArray();
                writer.WriteString(
                    "next"u8,
                    from + page.Length < all.Length
                        ? CallerCursors.Bind(asker, PlaceOf(all, from + page.Length - 1).ToCursor())
                        : null
                );
                writer.WriteEndObject();
            }
        );
    }

    public async Task Put(HttpContext context)
    {
        PolicyInForce<ConsentPolicy> inForce = policy.InForce;
        Outcome<ConsentBody> body = await ConsentBody.ReadAsync(context.Request, inForce.Body.Base);
        if (!body.Succeeded)
        {
            await ProblemWriter.WriteAsync(context, body.Refusal);
            return;
        }

        if (
            body.Value.Purposes.Any(one =>
                one.Status == ConsentStatus.Granted && !inForce.Body.Base.MayGrant(one.Purpose, ConsentSpanForms.Api)
            )
        )
        {
            await ProblemWriter.WriteAsync(context, new ConsentNotEvident());
            return;
        }

        ApiKey caller = Caller.Of(context);
        DateTimeOffset now = time.GetUtcNow();
        var put = new ConsentPut(
            body.Value.RequestId,
            [
                .. body.Value.Purposes.Select(one => new ConsentSaid(
                    one.Purpose,
                    one.Status == ConsentStatus.Granted,
                    inForce.Body.Base.Find(one.Purpose)!.Days is { } days ? now.AddDays(days) : null
                )),
            ],
            caller.Name,
            ReadAudit.RolesOf(Asker.Of(context).Roles),
            now,
            inForce.Body.Version,
            body.Value.Evidence
        );
        Outcome<VisibleConsent> found = await access.PutConsent(Asker.Of(context), PathValues.InRegion(context), put);
        await Answer(context, found, now, showsTime: false);
    }

    private async Task Answer(HttpContext context, Outcome<VisibleConsent> found, DateTimeOffset at, bool showsTime)
    {
        if (!found.Succeeded)
        {
            await ProblemWriter.WriteAsync(context, found.Refusal);
            return;
        }

        context.Response.MarkUnstored();
        await JsonAnswer.Write(context.Response, writer => Write(writer, found.Value, at, showsTime));
    }

    /// <summary>Asks the gate how consent stood, and answers it as the HTTP path does.</summary>
    /// <param name="asked">When; null: now. Not in the future.</param>
    public async Task<Outcome<Action<Utf8JsonWriter>>> Find(Asker asker, string? identifier, DateTimeOffset? asked)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (asked > now)
        {
            return new ParameterInvalid("at", "it must not be in the future");
        }

        Outcome<VisibleConsent> found = await access.GetConsent(asker, identifier);
        return found.Succeeded
            ? new Action<Utf8JsonWriter>(writer => Write(writer, found.Value, asked ?? now, asked is not null))
            : found.Refusal;
    }

    private void Write(Utf8JsonWriter writer, VisibleConsent consent, DateTimeOffset at, bool showsTime)
    {
        PolicyInForce<ConsentPolicy> inForce = policy.InForce;
        ConsentDocument.Write(
            writer,
            consent,
            ConsentJoin.At(consent.Holdings, at),
            inForce.Body.Base,
            inForce.Body.Version,
            showsTime ? at : null
        );
    }

    private static Outcome<(int, ConsentPlace?)> ReadPage(IQueryCollection query, Asker asker)
    {
        Outcome<int> limit = QueryValues.Limit(query, LimitDefault, LimitMax);
        if (!limit.Succeeded)
        {
            return limit.Refusal;
        }

        if (QueryValues.Single(query, "cursor") is not { } cursor)
        {
            return (limit.Value, null);
        }

        return CallerCursors.Unbind(asker, cursor) is { } own && ConsentPlace.Read(own) is { } place
            ? (limit.Value, place)
            : new ParameterInvalid("cursor", "it must be the 'next' of a page before");
    }

    private static ConsentPlace PlaceOf(ImmutableArray<ConsentEntry> all, int index)
    {
        int first = index;
        while (first > 0 && all[first - 1].Word.At == all[index].Word.At)
        {
            first--;
        }

        return new ConsentPlace(all[index].Word.At, index - first + 1);
    }

    /// <summary>What was said since the page before stands in front of it, and moves nothing.</summary>
    private static int Behind(ImmutableArray<ConsentEntry> all, ConsentPlace place)
    {
        int index = 0;
        while (index < all.Length && all[index].Word.At > place.At)
        {
            index++;
        }

        int ofOneTime = 0;
        while (index < all.Length && all[index].Word.At == place.At && ofOneTime < place.Count)
        {
            index++;
            ofOneTime++;
        }

        return index;
    }

    /// <summary>A place in a history: so many entries of a time have been shown.</summary>
    private readonly record struct ConsentPlace(DateTimeOffset At, int Count)
    {
        private const byte Form = 17;

        public string ToCursor() => new CursorWriter(Form).Time(At).Number(Count).ToString();

        public static ConsentPlace? Read(string cursor)
        {
            var reader = new CursorReader(cursor, Form);
            var place = new ConsentPlace(reader.Time(), reader.SmallerNumber());
            return reader.IsWhole ? place : null;
        }
    }
}
