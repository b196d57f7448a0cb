using Customer360.Api.Profiles;
using Customer360.Grains.Contracts;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Mcp.Tools;

/// <summary><c>explain_identity</c>: why this is one customer, as <c>GET …/explain</c> answers it.</summary>
internal sealed class ExplainIdentityTool(ProfileAccess access, ProfilesExplain explain) : GridTool(s_description)
{
    private static readonly ToolDescription s_description = new(
        "explain_identity",
        "Explain an identity",
        "Says why these identifiers are one customer: the message and rule that linked each, every merge and split in order, and whose "
            + "value each field shows. Use it before you say that two records are, or are not, the same person."
    )
    {
        Parameters = [ToolParts.Identifier, ToolParts.Limit, ToolParts.Cursor],
        Data = ToolParts.Shape(
            ("customerId", "string", "The grid's own id."),
            ("identifiers", "array", "On the first page: each with its evidence."),
            ("history", "array", "Decisions in order; mergeId is what a person can undo a merge by."),
            ("fields", "object", "On the first page: each field's value, its source and what it overruled."),
            ("truncated", "boolean", "Part of the history may be missing.")
        ),
    };

    protected override async Task<Outcome<ToolData>> Ask(ToolCall call)
    {
        Outcome<DecisionsRequest> asked = ProfilesExplain.Read(
            call.Arguments.Text(ToolParts.CursorName),
            call.Arguments.Whole(ToolParts.LimitName, ToolParts.RowsDefault),
            call.Asker
        );
        if (!asked.Succeeded)
        {
            return asked.Refusal;
        }

        Outcome<CustomerAnswer<Explanation>> found = await access.Explain(
            call.Asker,
            call.Arguments.Text(ToolParts.IdentifierName),
            asked.Value,
            call.Aborted
        );
        if (!found.Succeeded)
        {
            return found.Refusal;
        }

        (byte[] json, string? next) = explain.Render(call.Asker, found.Value);
        return new ToolData(json)
        {
            Listing = found.Value.Fields.Table?.Listing(),
            HasPages = true,
            Next = next,
        };
    }
}
