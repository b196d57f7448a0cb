using System.Collections.Immutable;
using Customer360.Api.Http;
using Customer360.Api.Problems;
using Customer360.Api.Profiles;
using Customer360.Grains.Contracts;
using Customer360.Rules.Leads;
using Customer360.Rules.Outcomes;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Customer360.Api.Leads;

/// <summary><c>GET /v1/leads</c>, <c>/v1/leads/{leadId}</c> and <c>/v1/leads/{leadId}/explain</c>.</summary>
/// <remarks>
/// Lists and leads hold ids, stages and times and nothing of a person. By what a lead was decided is what is known of a person, so
/// explaining it goes through the gate.
/// </remarks>
internal sealed class LeadsHandler(IGrainFactory grains, ProfileAccess access)
{
    /// <summary>The form of cursors of this list.</summary>
    private const byte CursorForm = 0xB1;

    private const int NameLengthMax = 200;

    /// <summary>Filters that are compared with what is stored.</summary>
    private static readonly string[] s_texts = ["stage", "status", "owner", "queue", "customer"];

    private static readonly string[] s_filters =
    [
        "stage",
        "status",
        "owner",
        "queue",
        "customer",
        "due",
        "open",
        "limit",
        "cursor",
    ];

    public async Task<Results<Answer<LeadsAnswer>, ProblemResult>> List(HttpContext context, PageAsked page)
    {
        Outcome<LeadListQuery> query = Read(context.Request.Query, page);
        if (!query.Succeeded)
        {
            return new ProblemResult(query.Refusal);
        }

        int limit = query.Value.Limit;
        ImmutableArray<LeadListRow> rows = await grains
            .GetGrain<ILeadListGrain>(0)
            .Read(query.Value with { Limit = limit + 1 });
        string? next = null;
        if (rows.Length > limit)
        {
            LeadListRow last = rows[limit - 1];
            next = new CursorWriter(CursorForm).Time(last.CreatedAt).Text(last.LeadId).ToString();
        }

        return new Answer<LeadsAnswer>(new([.. rows.Take(limit).Select(LeadRowAnswer.From)], next));
    }

    public async Task<Results<Answer<LeadAnswer>, ProblemResult>> Get(HttpContext context)
    {
        Outcome<LeadFile> file = await access.GetLead(LeadIds.Find(context));
        return file.Succeeded ? new Answer<LeadAnswer>(LeadAnswer.From(file.Value)) : new ProblemResult(file.Refusal);
    }

    public async Task<Results<Answer<LeadExplanation>, ProblemResult>> Explain(HttpContext context)
    {
        Outcome<LeadExplanation> found = await Find(Asker.Of(context), LeadIds.Find(context));
        if (!found.Succeeded)
        {
            return new ProblemResult(found.Refusal);
        }

        context.Response.MarkUnstored();
        return new Answer<LeadExplanation>(found.Value);
    }

    /// <summary>A lead with what it was decided by.</summary>
    /// <param name="leadId">Null: none that there can be.</param>
    public async Task<Outcome<LeadExplanation>> Find(Asker asker, string? leadId)
    {
        Outcome<VisibleLead> lead = await access.ExplainLead(asker, leadId);
        return lead.Succeeded
            ? new LeadExplanation(
                LeadAnswer.From(lead.Value.File),
                RawJson<LeadDecisionAnswer>.Of(lead.Value.File.Decision),
                RawJson<LeadScoreAnswer>.Of(lead.Value.File.ScoreCard),
                lead.Value.Withheld
            )
            : lead.Refusal;
    }

    /// <summary>The leads of a customer, the newest first.</summary>
    public async Task<ImmutableArray<LeadRowAnswer>> ListOf(string customerId, int limit) =>
        [
            .. (
                await grains.GetGrain<ILeadListGrain>(0).Read(new LeadListQuery(limit) { CustomerId = customerId })
            ).Select(LeadRowAnswer.From),
        ];

    /// <summary>Nothing that is stored is longer, or has what stores can't hold.</summary>
    private static bool IsName(string? text) =>
        text is null || (text.Length <= NameLengthMax && !text.Any(char.IsControl));

    private static Outcome<LeadListQuery> Read(IQueryCollection query, PageAsked page)
    {
        if (query.Keys.FirstOrDefault(key => !s_filters.Contains(key, StringComparer.Ordinal)) is { } unknown)
        {
            return new ParameterInvalid(unknown, $"there is no such filter; known: {string.Join(", ", s_filters)}");
        }

        if (!page.Limit.Succeeded)
        {
            return page.Limit.Refusal;
        }

        Outcome<DateTimeOffset> due = QueryValues.Time(query, "due", default);
        if (!due.Succeeded)
        {
            return due.Refusal;
        }

        Outcome<bool> open = QueryValues.Flag(query, "open");
        if (!open.Succeeded)
        {
            return open.Refusal;
        }

        if (s_texts.FirstOrDefault(name => !IsName(QueryValues.Single(query, name))) is { } odd)
        {
            return new ParameterInvalid(odd, $"it must be a text of {NameLengthMax} characters at most");
        }

        var asked = new LeadListQuery(page.Limit.Value)
        {
            Stage = QueryValues.Single(query, "stage"),
            Status = QueryValues.Single(query, "status"),
            OwnerId = QueryValues.Single(query, "owner"),
            Queue = QueryValues.Single(query, "queue"),
            CustomerId = QueryValues.Single(query, "customer"),
            DueBy = due.Value == default ? null : due.Value,
            IsOpen = query.ContainsKey("open") ? open.Value : null,
        };
        if (page.Cursor is not { } cursor)
        {
            return asked;
        }

        var reader = new CursorReader(cursor, CursorForm);
        DateTimeOffset at = reader.Time();
        string id = reader.Text();
        return reader.IsWhole
            ? asked with
            {
                AfterTime = at,
                AfterId = id,
            }
            : new ParameterInvalid("cursor", "it must be the 'next' of a page before");
    }
}
