using Customer360.Api.Problems;
using Customer360.Api.Telemetry;
using Customer360.Grains.Contracts;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Profiles;
using Customer360.Rules.Profiles.Mastership;
using Microsoft.Extensions.Primitives;

namespace Customer360.Api.Endpoints;

/// <summary><c>GET /v1/profiles/{type}:{value}</c>: the hottest path of the API.</summary>
/// <remarks>
/// It writes the bytes that the customer has rendered before, without model binding, result objects or a service
/// scope. Keep it so: its speed is measured against a bare endpoint that returns the same bytes.
/// </remarks>
internal sealed class ProfilesReader(
    ProfilesDirectory directory,
    IMastershipSource mastership,
    ApiInstruments instruments
)
{
    private const string JsonContentType = "application/json";
    private static readonly StringValues s_privateNoCache = "private, no-cache";

    /// <summary>The plain profile, or with <c>?verbose=true</c> the one that says where everything comes from.</summary>
    public Task Get(HttpContext context)
    {
        string? identifier = ProfilesPath.InRegion(context);
        if (!context.Request.QueryString.HasValue)
        {
            return GetPlain(context, identifier);
        }

        Outcome<bool> verbose = ProfilesQuery.Flag(context.Request.Query, "verbose");
        if (!verbose.Succeeded)
        {
            return Refuse(context, verbose.Refusal);
        }

        return verbose.Value ? GetVerbose(context, identifier) : GetPlain(context, identifier);
    }

    private async Task GetPlain(HttpContext context, string? identifier)
    {
        Outcome<ProfileReply> found = await directory.GetProfile(identifier);
        if (found.Succeeded)
        {
            await Write(context, ProfilesEntityTag.Of(found.Value), found.Value.Json);
        }
        else
        {
            await Refuse(context, found.Refusal);
        }
    }

    private async Task GetVerbose(HttpContext context, string? identifier)
    {
        Outcome<Answer<ProfileViewReply>> found = await directory.GetView(identifier);
        if (found.Succeeded)
        {
            ProfileView view = found.Value.Reply.View!;
            MastershipPolicy policy = mastership.Current;
            string tag = ProfilesEntityTag.OfVerbose(view.CustomerId, view.Version, policy.Tag);
            await Write(context, tag, ProfileDocument.RenderVerbose(view, policy));
        }
        else
        {
            await Refuse(context, found.Refusal);
        }
    }

    private ValueTask Write(HttpContext context, string tag, ReadOnlyMemory<byte> json)
    {
        HttpResponse response = context.Response;
        response.Headers.ETag = tag;
        response.Headers.CacheControl = s_privateNoCache;
        StringValues known = context.Request.Headers.IfNoneMatch;
        if (known.Count > 0 && ProfilesEntityTag.Matches(known, tag))
        {
            instruments.ProfileNotModified();
            response.StatusCode = StatusCodes.Status304NotModified;
            return ValueTask.CompletedTask;
        }

        instruments.ProfileFound();
        response.ContentType = JsonContentType;
        response.ContentLength = json.Length;
        return Send(response, json);
    }

    private static ValueTask Send(HttpResponse response, ReadOnlyMemory<byte> json)
    {
        ValueTask<System.IO.Pipelines.FlushResult> flush = response.BodyWriter.WriteAsync(json);
        return flush.IsCompletedSuccessfully ? Finished(flush) : new ValueTask(flush.AsTask());

        static ValueTask Finished(ValueTask<System.IO.Pipelines.FlushResult> flush)
        {
            // A value task must be consumed, also one that has finished.
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
