using Customer360.Api.Audiences;
using Customer360.Rules.Access;
using Customer360.Rules.Outcomes;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace Customer360.Api.Mcp.Tools;

/// <summary><c>audience_why</c>: why a person is in an audience or not, as <c>GET /v1/audiences/{name}/members/{identifier}</c> answers it.</summary>
internal sealed class AudienceWhyTool(AudiencesHandler audiences, IOptions<JsonOptions> json) : GridTool(s_description)
{
    private static readonly ToolDescription s_description = new(
        "audience_why",
        "Explain an audience",
        "Says why a person is in an audience or not: the condition with every value that was compared, since when, what made her enter, and "
            + "when that changes by itself. It needs a key that sees every field of a profile, since the values are some of them."
    )
    {
        Task = RoleTasks.Audiences,
        Parameters = [ToolParts.Audience with { IsRequired = true }, ToolParts.Identifier],
        Data = ToolParts.Shape(
            ("customerId", "string", "The grid's own id."),
            ("isMember", "boolean", "She is in it now."),
            ("since", "string?", "Since when; null where she is not in it."),
            ("changesAt", "string?", "When a comparison comes to something else without a message; null: never."),
            ("if", "object", "The condition: each part with wanted, actual and outcome.")
        ),
    };

    protected override async Task<Outcome<ToolData>> Ask(ToolCall call)
    {
        Outcome<AudienceWhyAnswer> found = await audiences.FindWhy(
            call.Asker,
            call.Arguments.Text(ToolParts.IdentifierName),
            call.Arguments.Text(ToolParts.AudienceName)!
        );
        return found.Succeeded ? new ToolData(json.Json(found.Value)) { Listing = call.Listing } : found.Refusal;
    }
}
