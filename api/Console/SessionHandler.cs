using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Api.Docs;
using Customer360.Api.Http;
using Customer360.Api.Problems;
using Customer360.Api.Profiles;
using Customer360.Api.Security;
using Customer360.Rules.Access;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Console;

/// <summary>Lets people in and out, and says who they are and what they may ask for.</summary>
internal sealed class SessionHandler(
    ConsoleSessions sessions,
    SignInWays ways,
    CallerFinder callers,
    AccessTables access,
    ConsolePlace place,
    IHostEnvironment environment
)
{
    private const int BodyBytesMax = 4 * 1024;

    private static readonly (RoleTasks Task, string Name)[] s_tasks =
    [
        (RoleTasks.Attribution, "attribution"),
        (RoleTasks.Audiences, "audiences"),
        (RoleTasks.Consent, "consent"),
        (RoleTasks.Leads, "leads"),
        (RoleTasks.Privacy, "privacy"),
    ];

    /// <summary>Says who the session is of; without one that counts <c>session</c> is null.</summary>
    public async Task Get(HttpContext context)
    {
        context.Response.MarkUnstored();
        FoundCaller found = await callers.Find(context);
        if (found.Refusal is Unavailable away)
        {
            await ProblemWriter.WriteAsync(context, away);
            return;
        }

        await Answer(context, found.Key, context.Features.Get<ConsoleSession>());
    }

    /// <summary>Begins a session with a key: <c>{"key": "…"}</c>.</summary>
    public async Task Begin(HttpContext context)
    {
        context.Response.MarkUnstored();
        Outcome<string> key = await JsonBody.ReadAsync(context.Request, BodyBytesMax, ReadKey);
        if (!key.Succeeded)
        {
            await ProblemWriter.WriteAsync(context, key.Refusal);
            return;
        }

        // Else another site's page could sign somebody in as somebody else, who then types into a session that is not theirs.
        Refusal? refusal = SessionRequests.Refuse(context.Request) ?? (ways.Key ? null : new KeySignInIsOff());
        if (refusal is not null)
        {
            await ProblemWriter.WriteAsync(context, refusal);
            return;
        }

        FoundCaller found = callers.FindText(context, key.Value);
        if (found.Key is not { } caller)
        {
            await ProblemWriter.WriteAsync(context, callers.Refuse(context, found));
            return;
        }

        await Answer(context, caller, sessions.Begin(context, $"Bearer {key.Value}"));
    }

    /// <summary>Ends the session of this browser. Without one nothing is done.</summary>
    public Task End(HttpContext context)
    {
        sessions.End(context);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static Outcome<string> ReadKey(JsonElement body) =>
        body.ValueKind == JsonValueKind.Object
        && body.TryGetProperty("key"u8, out JsonElement key)
        && key.ValueKind == JsonValueKind.String
        && key.GetString()!.Trim() is { Length: > 0 } text
            ? text
            : new BodyNotJson("an object whose 'key' is a text");

    private Task Answer(HttpContext context, ApiKey? caller, ConsoleSession? session) =>
        JsonAnswer.Write(
            context.Response,
            json =>
            {
                json.WriteStartObject();
                if (caller is null)
                {
                    json.WriteNull("session"u8);
                }
                else
                {
                    json.WritePropertyName("session"u8);
                    WriteCaller(json, caller, session);
                }

                json.WriteStartObject("signIn"u8);
                json.WriteBoolean("key"u8, ways.Key);
                json.WriteString("openId"u8, ways.OpenId ? OpenIdSignIn.Path : null);
                json.WriteEndObject();
                json.WriteBoolean("isDevelopment"u8, environment.IsDevelopment());
                json.WriteString("docs"u8, environment.IsDevelopment() ? DocsEndpoints.TryPath : null);
                json.WriteString("dashboard"u8, place.Dashboard);
                json.WriteEndObject();
            }
        );

    private void WriteCaller(Utf8JsonWriter json, ApiKey caller, ConsoleSession? session)
    {
        RoleSet roles = Asker.Of(caller).Roles;
        json.WriteStartObject();
        json.WriteString("name"u8, caller.Name);
        json.WriteString("kind"u8, caller.Kind == CallerKind.Token ? "token" : "key");
        WriteTexts(json, "roles"u8, [.. RoleNames.Of(roles.Roles), .. roles.Names]);
        WriteTexts(json, "purposes"u8, access.PurposesFor(roles));
        json.WriteBoolean("needsPurpose"u8, (roles.Roles & (Roles.Read | Roles.Admin)) == Roles.None);
        WriteTexts(
            json,
            "does"u8,
            [.. s_tasks.Where(task => access.MayDo(roles, task.Task)).Select(task => task.Name)]
        );
        if (session is not null)
        {
            json.WriteTime("endsAt"u8, session.EndsAt);
        }

        json.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter json, ReadOnlySpan<byte> name, ImmutableArray<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }
}

/// <summary>How people may sign in here.</summary>
/// <param name="Key">With a key that they type.</param>
/// <param name="OpenId">At the OpenID provider.</param>
internal sealed record SignInWays(bool Key, bool OpenId);

/// <summary>People sign in at the OpenID provider here.</summary>
public sealed record KeySignInIsOff()
    : RequestRefusal("key_sign_in_off", "Nobody signs in with a key here; sign in at the provider.");
