using System.Collections.Immutable;
using Customer360.Api.Leads;
using Customer360.Api.Problems;
using Customer360.Api.Profiles;
using Customer360.Rules.Access;
using Customer360.Rules.Outcomes;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace Customer360.Api.Mcp.Tools;

/// <summary><c>lead_explain</c>: why a lead is where it is, as <c>GET /v1/leads/{leadId}/explain</c> answers it.</summary>
internal sealed class LeadExplainTool(LeadsHandler leads, ProfileAccess access, IOptions<JsonOptions> json)
    : GridTool(s_description)
{
    private const string LeadName = "lead";

    private static readonly ToolDescription s_description = new(
        "lead_explain",
        "Explain a lead",
        "Says where a lead stands and why: its stages, its points line by line, each routing rule with the values that were compared, and "
            + "who had it when. Name the lead by its id, or the person by an identifier: then it is the newest of theirs."
    )
    {
        Task = RoleTasks.Leads,
        Parameters =
        [
            new(LeadName, ArgumentKind.Text, "The lead's id: l_ and 32 digits."),
            ToolParts.Identifier with
            {
                IsRequired = false,
            },
        ],
        Data = ToolParts.Shape(
            ("lead", "object", "Stage, status, owner, due time and history."),
            ("decision", "object", "How it was routed; not there where it was not yet."),
            ("score", "object", "Its points; not there where none are kept.")
        ),
    };

    protected override async Task<Outcome<ToolData>> Ask(ToolCall call)
    {
        string? leadId = call.Arguments.Text(LeadName);
        string? person = call.Arguments.Text(ToolParts.IdentifierName);
        if (leadId is null == person is null)
        {
            return new ParameterInvalid(LeadName, "name either the lead or the person by an identifier");
        }

        if (person is not null)
        {
            Outcome<string> customer = await access.FindCustomer(call.Asker, person);
            if (!customer.Succeeded)
            {
                return customer.Refusal;
            }

            ImmutableArray<LeadRowAnswer> rows = await leads.ListOf(customer.Value, limit: 1);
            leadId = rows.IsEmpty ? null : rows[0].LeadId;
        }

        Outcome<LeadExplanation> found = await leads.Find(
            call.Asker,
            leadId is not null && LeadIds.IsWellFormed(leadId) ? leadId : null
        );
        return found.Succeeded ? new ToolData(json.Json(found.Value)) { Listing = call.Listing } : found.Refusal;
    }
}
