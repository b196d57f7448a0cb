using System.Text.Json;
using Customer360.Api.Problems;
using Customer360.Api.Routing;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Mcp.Tools;

/// <summary><c>route_dry_run</c>: who would get a lead, as <c>POST /v1/routing:decide</c> answers it. Nothing is dealt.</summary>
internal sealed class RouteDryRunTool(RoutingHandler routing) : GridTool(s_description)
{
    private static readonly string[] s_members = ["facts", "at", "openLeads", "policy", "team"];

    private static readonly ToolDescription s_description = new(
        "route_dry_run",
        "Try out routing",
        "Says who would get a lead of these facts and shows every rule with the values that it compared. Nothing is dealt, stored or told to "
            + "anybody. Send another routing policy as text to see what it would do."
    )
    {
        IsForAdministrators = true,
        Parameters =
        [
            new(
                "facts",
                ArgumentKind.Object,
                "What is known of the lead: name to value, for example {\"lead.country\": \"DE\"}."
            )
            {
                IsRequired = true,
            },
            new("at", ArgumentKind.Time, "As of when. Default: now."),
            new("openLeads", ArgumentKind.Object, "How many leads people have: person to number. Default: none."),
            new("policy", ArgumentKind.Text, "The text of another routing.yaml. Default: what is in force.")
            {
                LengthMax = 1024 * 1024,
            },
            new("team", ArgumentKind.Text, "The text of another sales-team.yaml. Default: what is in force.")
            {
                LengthMax = 2 * 1024 * 1024,
            },
        ],
        Data = ToolParts.Shape(
            ("policyVersion", "string", "The routing policy that decided."),
            ("teamVersion", "string", "The sales team that was asked."),
            ("at", "string", "As of when, UTC."),
            ("decision", "object", "Who gets the lead, and each rule with its comparisons.")
        ),
    };

    protected override Task<Outcome<ToolData>> Ask(ToolCall call)
    {
        ReadOnlyMemory<byte> body = ToolParts.Json(writer =>
        {
            writer.WriteStartObject();
            foreach (string name in s_members)
            {
                if (call.Arguments.Value(name) is { } value)
                {
                    writer.WritePropertyName(name);
                    value.WriteTo(writer);
                }
            }

            writer.WriteEndObject();
        });
        using var document = JsonDocument.Parse(body);
        Outcome<RoutingBody> asked = RoutingBody.Read(document.RootElement);
        return Task.FromResult(asked.Succeeded ? Decide(asked.Value) : WithoutBody(asked.Refusal));
    }

    private Outcome<ToolData> Decide(RoutingBody body)
    {
        Outcome<ReadOnlyMemory<byte>> decided = routing.DryRun(body);
        return decided.Succeeded ? new ToolData(decided.Value) : decided.Refusal;
    }

    /// <summary>The refusal speaks of a body, which an agent does not send.</summary>
    private static Outcome<ToolData> WithoutBody(Refusal refusal) =>
        refusal is BodyNotJson body ? new ParameterInvalid("facts", body.Rule) : refusal;
}
