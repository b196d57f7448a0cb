using System.Text.Json;
using Customer360.Rules.Access;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Policies;
using Customer360.Rules.Profiles.Mastership;

namespace Customer360.Api.Mcp.Tools;

/// <summary><c>mastered_where</c>: whose value a field shows, and who may write it. It tells nothing of a person.</summary>
internal sealed class MasteredWhereTool(IPolicy<MastershipPolicy> mastership) : GridTool(s_description)
{
    private const string FieldName = "field";

    private static readonly ToolDescription s_description = new(
        "mastered_where",
        "Say where a field is mastered",
        "Says by which rule a profile chooses among the sources of a field, which sources rank before others, and which may write it. Use it "
            + "to find out in which system a value has to be put right."
    )
    {
        Parameters =
        [
            new(FieldName, ArgumentKind.Text, "A trait's name, exactly as sent: plan, email, accountOwner.")
            {
                IsRequired = true,
            },
        ],
        Data = ToolParts.Shape(
            ("field", "string", "What was asked for."),
            ("rule", "string", "The field whose rule counts: its own, or * where it has none."),
            ("strategy", "string", "latest, first, source-priority, most-frequent, max or min."),
            (
                "sources",
                "array",
                "Ranked, the highest first: the field's own, then the default order. Only source-priority looks at them."
            ),
            ("writers", "array", "The only sources that may write it; not there: every source."),
            ("policyVersion", "string", "The mastership policy in force.")
        ),
    };

    protected override Task<Outcome<ToolData>> Ask(ToolCall call) => Task.FromResult(Answer(call));

    private Outcome<ToolData> Answer(ToolCall call)
    {
        // It names sources: for who may see where values come from.
        if (!call.Right.Fields.Show(FieldSets.Provenance))
        {
            return new AccessWithheld();
        }

        string field = call.Arguments.Text(FieldName)!;
        MastershipPolicy policy = mastership.Current;
        return new ToolData(ToolParts.Json(writer => Write(writer, field, policy))) { Listing = call.Listing };
    }

    private static void Write(Utf8JsonWriter writer, string field, MastershipPolicy policy)
    {
        MastershipRule rule = policy.RuleOf(field);
        writer.WriteStartObject();
        writer.WriteString("field"u8, field);
        writer.WriteString("rule"u8, rule.Field);
        writer.WriteString("strategy"u8, MasterStrategies.Text(rule.Strategy));
        writer.WriteStartArray("sources"u8);
        foreach (string source in rule.Sources.Concat(policy.Default.Sources).Distinct(StringComparer.Ordinal))
        {
            writer.WriteStringValue(source);
        }

        writer.WriteEndArray();
        if (rule.Writers is { } writers)
        {
            writer.WriteStartArray("writers"u8);
            foreach (string source in writers)
            {
                writer.WriteStringValue(source);
            }

            writer.WriteEndArray();
        }

        writer.WriteString("policyVersion"u8, policy.Version);
        writer.WriteEndObject();
    }
}
