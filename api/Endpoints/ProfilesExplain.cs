using Customer360.Api.Payloads;
using Customer360.Api.Problems;
using Customer360.Grains.Contracts;
using Customer360.Rules.Identity;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Ports;
using Customer360.Rules.Profiles;

namespace Customer360.Api.Endpoints;

/// <summary>
/// <c>GET /v1/profiles/{type}:{value}/explain</c>: why this is one customer, and where its values come from.
/// </summary>
internal sealed class ProfilesExplain(ProfilesDirectory directory, IMastershipSource mastership)
{
    public const int LimitDefault = 100;
    public const int LimitMax = 1_000;

    public async Task Get(HttpContext context)
    {
        Outcome<DecisionsRequest> asked = Read(context.Request.Query);
        if (!asked.Succeeded)
        {
            await ProblemWriter.WriteAsync(context, asked.Refusal);
            return;
        }

        DecisionsRequest request = asked.Value;
        Outcome<Answer<Explanation>> found = await directory.Ask(
            ProfilesPath.InRegion(context),
            customer => Explain(customer, request),
            static explanation => explanation.MovedTo
        );
        if (!found.Succeeded)
        {
            await ProblemWriter.WriteAsync(context, found.Refusal);
            return;
        }

        DecisionsReply decisions = found.Value.Reply.Decisions!;
        List<DecisionRecord> history = [.. decisions.Decisions.Select(decision => decision.ToRecord())];
        byte[] json = ExplainDocument.Render(
            found.Value.CustomerId,
            found.Value.Reply.View,
            history,
            decisions.HasMore ? ProfilesCursor.Write(HistoryPlace.Of(history[^1])) : null,
            decisions.IsTruncated,
            mastership.Current
        );
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = json.Length;
        await context.Response.BodyWriter.WriteAsync(json, context.RequestAborted);
    }

    /// <summary>Identifiers and fields stand on the first page; the pages behind it go on with the history.</summary>
    private static async Task<Explanation> Explain(ICustomerGrain customer, DecisionsRequest request)
    {
        ProfileView? view = null;
        if (request.After is null)
        {
            ProfileViewReply reply = await customer.GetView();
            if (reply.MovedTo is not null)
            {
                return new Explanation(reply.MovedTo, null, null);
            }

            view = reply.View;
        }

        DecisionsReply decisions = await customer.GetDecisions(request);
        return new Explanation(decisions.MovedTo, view, decisions);
    }

    private static Outcome<DecisionsRequest> Read(IQueryCollection query)
    {
        Outcome<int> limit = ProfilesQuery.Limit(query, LimitDefault, LimitMax);
        if (!limit.Succeeded)
        {
            return limit.Refusal;
        }

        string? cursor = ProfilesQuery.Single(query, "cursor");
        if (cursor is null)
        {
            return new DecisionsRequest(limit.Value, After: null, Naming: []);
        }

        return ProfilesCursor.ReadHistory(cursor) is { } place
            ? new DecisionsRequest(limit.Value, place, Naming: [])
            : new ParameterInvalid("cursor", "it must be the 'next' of a page before");
    }

    /// <param name="MovedTo">The customer to ask instead, or null.</param>
    private sealed record Explanation(string? MovedTo, ProfileView? View, DecisionsReply? Decisions);
}
