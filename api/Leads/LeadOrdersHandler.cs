using System.Text.Json;
using Customer360.Api.Http;
using Customer360.Api.Problems;
using Customer360.Api.Security;
using Customer360.Grains.Contracts;
using Customer360.Rules.Leads;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Policies;
using Customer360.Rules.Routing;
using Microsoft.AspNetCore.Http.HttpResults;
using NotFound = Customer360.Api.Problems.NotFound;

namespace Customer360.Api.Leads;

/// <summary>The directory of sales people has no such person.</summary>
public sealed record SalesPersonUnknown()
    : Refusal(
        "sales_person_unknown",
        "The directory of sales people has no such person, or the person takes no leads."
    );

/// <summary>
/// <c>POST /v1/leads/{leadId}:accept</c>, <c>:reject</c>, <c>:reassign</c> and <c>:close</c>. Each may be sent again: what is done already
/// is answered as if it were done now.
/// </summary>
internal sealed class LeadOrdersHandler(IGrainFactory grains, IPolicy<SalesTeam> team)
{
    private const int BytesMax = 16 * 1024;
    private const int TextMax = 200;

    public Task<Results<Answer<LeadAnswer>, ProblemResult>> Accept(HttpContext context) =>
        Do(context, LeadOrderKind.Accept, asksPerson: true, asksCode: false);

    public Task<Results<Answer<LeadAnswer>, ProblemResult>> Reject(HttpContext context) =>
        Do(context, LeadOrderKind.Reject, asksPerson: true, asksCode: true);

    public Task<Results<Answer<LeadAnswer>, ProblemResult>> Reassign(HttpContext context) =>
        Do(context, LeadOrderKind.Reassign, asksPerson: true, asksCode: false);

    public Task<Results<Answer<LeadAnswer>, ProblemResult>> Close(HttpContext context) =>
        Do(context, LeadOrderKind.Close, asksPerson: false, asksCode: true);

    private async Task<Results<Answer<LeadAnswer>, ProblemResult>> Do(
        HttpContext context,
        LeadOrderKind kind,
        bool asksPerson,
        bool asksCode
    )
    {
        Outcome<LeadOrder> order = await JsonBody.ReadAsync(
            context.Request,
            BytesMax,
            root => Read(root, kind, Caller.Of(context).Name, asksPerson, asksCode)
        );
        if (!order.Succeeded)
        {
            return new ProblemResult(order.Refusal);
        }

        if (LeadIds.Find(context) is not { } id)
        {
            return new ProblemResult(new NotFound("lead"));
        }

        if (
            kind is LeadOrderKind.Accept or LeadOrderKind.Reassign
            && team.Current.Find(order.Value.PersonId!) is not { IsActive: true }
        )
        {
            return new ProblemResult(new SalesPersonUnknown());
        }

        LeadReply reply = await grains.GetGrain<ILeadGrain>(id).Do(order.Value);
        return !reply.Exists ? new ProblemResult(new NotFound("lead"))
            : reply.Refused is { } code ? new ProblemResult(LeadRefusals.Of(code))
            : new Answer<LeadAnswer>(LeadAnswer.From(LeadFileJson.Read(reply.FileJson)));
    }

    private static Outcome<LeadOrder> Read(
        JsonElement root,
        LeadOrderKind kind,
        string by,
        bool asksPerson,
        bool asksCode
    )
    {
        string[] members = (asksPerson, asksCode) switch
        {
            (true, true) => ["person", "code"],
            (true, false) => ["person"],
            _ => ["code"],
        };
        if (
            root.ValueKind != JsonValueKind.Object
            || root.EnumerateObject().Any(member => !members.Contains(member.Name, StringComparer.Ordinal))
            || !members.All(name => Text(root, name) is not null)
        )
        {
            return new BodyNotJson($"an object of {string.Join(" and ", members)}, each a text of 1 to 200 characters");
        }

        return new LeadOrder(kind, by) { PersonId = Text(root, "person"), Code = Text(root, "code") };
    }

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out JsonElement value)
        && value.ValueKind == JsonValueKind.String
        && value.GetString() is { Length: > 0 and <= TextMax } text
            ? text
            : null;
}
