using System.Collections.Immutable;
using Customer360.Api.Audiences;
using Customer360.Rules.Outcomes;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace Customer360.Api.Mcp.Tools;

/// <summary><c>decide</c>: what to show a person at some places, as <c>POST /v1/decide</c> answers it. No exposure is recorded.</summary>
internal sealed class DecideTool(DecideHandler decide, IOptions<JsonOptions> json) : GridTool(s_description)
{
    private const string PlacementsName = "placements";
    private const string ExplainName = "explain";

    private static readonly ToolDescription s_description = new(
        "decide",
        "See what a person is shown",
        "Says which variant a person is shown at each placement, the audiences that may be used of her, and the profile fields that the caller "
            + "may see. Everybody keeps her variant. Nothing is written down: it does not count as shown."
    )
    {
        Parameters =
        [
            ToolParts.Identifier,
            new(PlacementsName, ArgumentKind.Texts, "Names of placements, as the policy audiences has them.")
            {
                IsRequired = true,
                LengthMax = ToolParts.AudienceLengthMax,
                Most = DecideBody.PlacementsMax,
            },
            new(ExplainName, ArgumentKind.Flag, "With each rule up to the one that decided. Default: false."),
        ],
        Data = ToolParts.Shape(
            ("customerId", "string?", "The grid's own id; null where nobody is known by this."),
            ("fields", "object", "Of the profile, by name."),
            ("audiences", "array", "Those that may be used for the purpose."),
            ("choices", "array", "Placement, variant, the rule that decided, and whether she is in the control group.")
        ),
    };

    protected override async Task<Outcome<ToolData>> Ask(ToolCall call)
    {
        ImmutableArray<string> placements = call.Arguments.Texts(PlacementsName);
        Outcome<DecideAnswer> answer = await decide.Choose(
            call.Asker,
            new DecideBody(
                call.Arguments.Text(ToolParts.IdentifierName)!,
                [.. placements.Select(name => (name, ImmutableArray<string>.Empty))],
                IsExposure: false
            ),
            call.Arguments.Flag(ExplainName)
        );
        return answer.Succeeded ? new ToolData(json.Json(answer.Value)) { Listing = call.Listing } : answer.Refusal;
    }
}
