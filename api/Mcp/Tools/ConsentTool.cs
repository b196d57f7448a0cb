using System.Text.Json;
using Customer360.Api.Consent;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Mcp.Tools;

/// <summary><c>consent</c>: what a person has agreed to, as <c>GET …/consent</c> answers it.</summary>
internal sealed class ConsentTool(ConsentHandlers handlers) : GridTool(s_description)
{
    private const string AtName = "at";

    private static readonly ToolDescription s_description = new(
        "consent",
        "See a person's consent",
        "Says for each purpose whether the person has granted, denied or withdrawn it, when, by which source and under which policy. "
            + "Unknown is no permission. It only reads: what a person says is written down over HTTP."
    )
    {
        Parameters =
        [
            ToolParts.Identifier,
            new(AtName, ArgumentKind.Time, "As it stood then; not in the future. Default: now."),
        ],
        Data = ToolParts.Shape(
            ("customerId", "string", "The grid's own id."),
            ("policyVersion", "string", "The consent policy by which it was joined."),
            ("purposes", "object", "Purpose to status, scope, basis, and by whom and when it was said.")
        ),
    };

    protected override async Task<Outcome<ToolData>> Ask(ToolCall call)
    {
        Outcome<Action<Utf8JsonWriter>> found = await handlers.Find(
            call.Asker,
            call.Arguments.Text(ToolParts.IdentifierName),
            call.Arguments.Time(AtName)
        );
        return found.Succeeded ? new ToolData(ToolParts.Json(found.Value)) { Listing = call.Listing } : found.Refusal;
    }
}
