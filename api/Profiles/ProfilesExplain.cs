using Customer360.Api.Access;
using Customer360.Api.Http;
using Customer360.Api.Problems;
using Customer360.Grains.Contracts;
using Customer360.Rules.Identity;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Policies;
using Customer360.Rules.Ports;
using Customer360.Rules.Profiles.Mastership;

namespace Customer360.Api.Profiles;

/// <summary>
/// <c>GET /v1/profiles/{type}:{value}/explain</c>: why this is one customer, and where its values come from.
/// </summary>
internal sealed class ProfilesExplain(ProfileAccess access, IPolicy<MastershipPolicy> mastership)
{
    public const int LimitDefault = 100;
    public const int LimitMax = 1_000;

    public async Task Get(HttpContext context)
    {
        var asker = Asker.Of(context);
        Outcome<DecisionsRequest> asked = Read(context.Request.Query, asker);
        if (!asked.Succeeded)
        {
            await ProblemWriter.WriteAsync(context, asked.Refusal);
            return;
        }

        Outcome<CustomerAnswer<Explanation>> found = await access.Explain(
            asker,
            PathValues.InRegion(context),
            asked.Value,
            context.RequestAborted
        );
        if (!found.Succeeded)
        {
            await ProblemWriter.WriteAsync(context, found.Refusal);
            return;
        }

        byte[] json = Render(asker, found.Value).Json;
        context.Response.MarkUnstored();
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = json.Length;
        await context.Response.BodyWriter.WriteAsync(json, context.RequestAborted);
    }

    /// <summary>A page as JSON, and the cursor of the next one; null on the last.</summary>
    public (byte[] Json, string? Next) Render(in Asker asker, CustomerAnswer<Explanation> found)
    {
        DecisionsReply decisions = found.Reply.Decisions!;
        List<DecisionRecord> history = [.. decisions.Decisions.Select(decision => decision.ToRecord())];
        string? next = decisions.HasMore
            ? CallerCursors.Bind(asker, ProfilesCursor.Write(HistoryPlace.Of(history[^1])))
            : null;
        byte[] json = ExplainDocument.Render(
            found.CustomerId,
            found.Reply.View,
            history,
            next,
            decisions.IsTruncated,
            mastership.Current,
            found.Fields
        );
        return (json, next);
    }

    /// <summary>The page that a cursor points at; null: the first.</summary>
    public static Outcome<DecisionsRequest> Read(string? cursor, int limit, in Asker asker)
    {
        if (cursor is null)
        {
            return new DecisionsRequest(limit, After: null, Naming: []);
        }

        return CallerCursors.Unbind(asker, cursor) is { } own && ProfilesCursor.ReadHistory(own) is { } place
            ? new DecisionsRequest(limit, place, Naming: [])
            : new ParameterInvalid("cursor", "it must be the 'next' of a page before");
    }

    private static Outcome<DecisionsRequest> Read(IQueryCollection query, Asker asker)
    {
        Outcome<int> limit = QueryValues.Limit(query, LimitDefault, LimitMax);
        if (!limit.Succeeded)
        {
            return limit.Refusal;
        }

        return Read(QueryValues.Single(query, "cursor"), limit.Value, asker);
    }
}
