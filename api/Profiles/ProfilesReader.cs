using Customer360.Api.Access;
using Customer360.Api.Http;
using Customer360.Api.Problems;
using Customer360.Api.Security;
using Customer360.Api.Security.Limits;
using Customer360.Api.Telemetry;
using Customer360.Grains.Contracts;
using Customer360.Rules.Access;
using Customer360.Rules.Outcomes;
using Microsoft.Extensions.Primitives;

namespace Customer360.Api.Profiles;

/// <summary><c>GET /v1/profiles/{type}:{value}</c>: the hottest path of the API.</summary>
/// <remarks>
/// A profile that is on the shelf is written at once: no grain is called, nothing is awaited or rendered, without model binding,
/// result objects, a principal or a service scope. So it looks for the key itself. Keep it so: its speed is measured against a
/// bare endpoint that returns the same bytes.
/// </remarks>
internal sealed class ProfilesReader(
    CallerFinder callers,
    CallerLimits limits,
    ProfileAccess access,
    ApiInstruments instruments
)
{
    private const string JsonContentType = "application/json";

    /// <summary>The plain profile, or with <c>?verbose=true</c> the one that says where everything comes from.</summary>
    public Task Get(HttpContext context)
    {
        ValueTask<FoundCaller> found = callers.Find(context);
        return found.IsCompletedSuccessfully ? Get(context, found.Result) : Get(context, found);
    }

    private async Task Get(HttpContext context, ValueTask<FoundCaller> found) => await Get(context, await found);

    private Task Get(HttpContext context, FoundCaller who)
    {
        Outcome<ApiKey> caller = callers.Require(context, who, Roles.Read);
        if (!caller.Succeeded)
        {
            return ProblemWriter.WriteAsync(context, caller.Refusal);
        }

        if (limits.Refuse(context, caller.Value) is { } tooMany)
        {
            return ProblemWriter.WriteAsync(context, tooMany);
        }

        if (context.Request.QueryString.HasValue && GateQueries.Check(context) is { } unclear)
        {
            return Refuse(context, unclear);
        }

        string? text = PathValues.InRegion(context);
        Outcome<bool> isVerbose = context.Request.QueryString.HasValue
            ? QueryValues.Flag(context.Request.Query, "verbose")
            : false;
        if (!isVerbose.Succeeded)
        {
            return Refuse(context, isVerbose.Refusal);
        }

        ProfileForm form = isVerbose.Value ? ProfileForm.Verbose : ProfileForm.Plain;
        ValueTask<Outcome<ProfileText>> found = access.Get(Asker.Of(caller.Value, context), text, form);
        return found.IsCompletedSuccessfully ? Answer(context, found.Result) : Answer(context, found);
    }

    private async Task Answer(HttpContext context, ValueTask<Outcome<ProfileText>> found) =>
        await Answer(context, await found);

    private Task Answer(HttpContext context, in Outcome<ProfileText> found)
    {
        if (!found.Succeeded)
        {
            return Refuse(context, found.Refusal);
        }

        ValueTask written = Write(context, found.Value);
        return written.IsCompletedSuccessfully ? Task.CompletedTask : written.AsTask();
    }

    private ValueTask Write(HttpContext context, ProfileText profile)
    {
        HttpResponse response = context.Response;
        string tag = profile.EntityTag;
        response.Headers.ETag = tag;
        response.MarkPrivate();
        StringValues known = context.Request.Headers.IfNoneMatch;
        if (known.Count > 0 && EntityTags.Matches(known, tag))
        {
            instruments.ProfileNotModified();
            response.StatusCode = StatusCodes.Status304NotModified;
            return ValueTask.CompletedTask;
        }

        instruments.ProfileFound();
        response.ContentType = JsonContentType;
        response.ContentLength = profile.Json.Length;
        return Send(response, profile.Json);
    }

    private static ValueTask Send(HttpResponse response, ReadOnlyMemory<byte> json)
    {
        ValueTask<System.IO.Pipelines.FlushResult> flush = response.BodyWriter.WriteAsync(json);
        return flush.IsCompletedSuccessfully ? Finished(flush) : new ValueTask(flush.AsTask());

        static ValueTask Finished(ValueTask<System.IO.Pipelines.FlushResult> flush)
        {
            // It has finished, so this waits for nothing; but a value task must be consumed, also then.
            _ = flush.Result;
            return ValueTask.CompletedTask;
        }
    }

    private Task Refuse(HttpContext context, Refusal refusal)
    {
        instruments.ProfileRefused(refusal.Code);
        return ProblemWriter.WriteAsync(context, refusal);
    }
}
