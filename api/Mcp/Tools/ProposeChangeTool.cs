using Customer360.Api.Policies;
using Customer360.Rules.Outcomes;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace Customer360.Api.Mcp.Tools;

/// <summary>
/// <c>propose_change</c>: proposes a policy, as <c>POST /v1/policies/{kind}:propose</c> does. It counts when somebody with another key
/// approves it, whatever the kind: no call of this tool, and no number of calls, puts anything in force.
/// </summary>
internal sealed class ProposeChangeTool(PoliciesHandler policies, IOptions<JsonOptions> json) : GridTool(s_description)
{
    private const string KindName = "kind";
    private const string YamlName = "yaml";
    private const string ReplacesName = "replaces";

    private static readonly ToolDescription s_description = new(
        "propose_change",
        "Propose a policy",
        "Proposes a whole policy file in place of the one in force, and shows how the two differ. Nothing changes by it: a person with another "
            + "key has to approve the version. Tell your user the version and what to call."
    )
    {
        IsForAdministrators = true,
        IsReadOnly = false,
        Parameters =
        [
            new(KindName, ArgumentKind.Text, "The kind of policy: identity, mastership, consent, access, routing, …")
            {
                IsRequired = true,
                LengthMax = 64,
            },
            new(YamlName, ArgumentKind.Text, "The whole file.") { IsRequired = true, LengthMax = 2 * 1024 * 1024 },
            new(ReplacesName, ArgumentKind.Text, "Only if this version is in force: the one that you looked at.")
            {
                LengthMax = 64,
            },
        ],
        Data = ToolParts.Shape(
            ("inForce", "boolean", "Always false, but for a file that was in force before."),
            (
                "proposal",
                "object",
                "Kind, version, replaces, at and by; not there for a file that is in force already."
            ),
            ("approve", "object", "What a person with another key calls to put it in force."),
            (
                "comparison",
                "object",
                "How it differs from what is in force: inForce, version, warnings, and changes with path, before and after."
            )
        ),
    };

    protected override async Task<Outcome<ToolData>> Ask(ToolCall call)
    {
        Outcome<(PolicyProposalAnswer? Proposal, PolicyComparisonAnswer Comparison)> proposed =
            await policies.ProposeText(
                call.Arguments.Text(KindName)!,
                call.Arguments.Text(YamlName)!,
                call.Asker.Caller.Name,
                call.Arguments.Text(ReplacesName)
            );
        if (!proposed.Succeeded)
        {
            return proposed.Refusal;
        }

        (PolicyProposalAnswer? proposal, PolicyComparisonAnswer comparison) = proposed.Value;
        return new ToolData(
            ToolParts.Json(writer =>
            {
                writer.WriteStartObject();
                writer.WriteBoolean("inForce"u8, proposal is null);
                if (proposal is not null)
                {
                    writer.WritePropertyName("proposal"u8);
                    writer.WriteRawValue(json.Json(proposal).Span);
                    writer.WriteStartObject("approve"u8);
                    writer.WriteString("method"u8, "POST"u8);
                    writer.WriteString("path"u8, $"/v1/policies/{proposal.Kind}:approve");
                    writer.WriteStartObject("body"u8);
                    writer.WriteString("version"u8, proposal.Version);
                    writer.WriteString("replaces"u8, proposal.Replaces);
                    writer.WriteEndObject();
                    writer.WriteEndObject();
                }

                writer.WritePropertyName("comparison"u8);
                writer.WriteRawValue(json.Json(comparison).Span);
                writer.WriteEndObject();
            })
        );
    }
}
