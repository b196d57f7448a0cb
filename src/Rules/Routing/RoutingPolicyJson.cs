using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Accounts;

namespace Customer360.Rules.Routing;

/// <summary>
/// The canonical form: <c>{"rules":[{"name","if","then","sla"}],"pools":{name:{…}},"queues":[…],"answers":{…},"sla":{…},"matching":{…}}</c>.
/// </summary>
internal static class RoutingPolicyJson
{
    public static void Write(Utf8JsonWriter writer, RoutingPolicy policy)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("rules"u8);
        foreach (RoutingRule rule in policy.Rules)
        {
            writer.WriteStartObject();
            writer.WriteString("name"u8, rule.Name);
            writer.WritePropertyName("if"u8);
            rule.If.WriteJson(writer);
            Write(writer, "then", rule.Then);
            Write(writer, rule.Sla);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartObject("pools"u8);
        foreach (RoutingPool pool in policy.Pools)
        {
            writer.WriteStartObject(pool.Name);
            Write(writer, "members", pool.Members);
            Write(writer, "skills", pool.Skills);
            writer.WriteString("territory"u8, pool.MatchesTerritory ? "match" : "any");
            writer.WriteString("hours"u8, pool.AsksHours ? "working" : "any");
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        Write(writer, "queues", policy.Queues.Sort(StringComparer.Ordinal));
        writer.WriteStartObject("answers"u8);
        foreach (RoutingSituation situation in Enum.GetValues<RoutingSituation>())
        {
            Write(writer, JsonNamingPolicy.CamelCase.ConvertName(situation.ToString()), policy.Answers.Of(situation));
        }

        writer.WriteEndObject();
        Write(writer, policy.Sla);
        writer.WritePropertyName("matching"u8);
        AccountMatchingReader.Write(writer, policy.Matching);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, string name, RoutingAction action)
    {
        string word = RoutingActionReader.WordOf(action.Kind);
        if (!RoutingActionReader.HasName(action.Kind))
        {
            writer.WriteString(name, word);
            return;
        }

        writer.WriteStartObject(name);
        writer.WriteString(word, action.Name);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, SlaTerms? sla)
    {
        if (sla is null)
        {
            return;
        }

        writer.WriteStartObject("sla"u8);
        writer.WriteNumber("minutes"u8, sla.Minutes);
        writer.WriteString("clock"u8, sla.IsWallClock ? "wall" : "working");
        if (sla.RemindPercent is { } remind)
        {
            writer.WriteNumber("remindAt"u8, remind);
        }

        if (sla.EscalatePercent is { } escalate)
        {
            writer.WriteNumber("escalateAt"u8, escalate);
        }

        writer.WriteString("timeout"u8, JsonNamingPolicy.CamelCase.ConvertName(sla.Timeout.ToString()));
        writer.WriteNumber("reroutes"u8, sla.ReroutesMax);
        if (sla.Queue is not null)
        {
            writer.WriteString("queue"u8, sla.Queue);
        }

        writer.WriteBoolean("restart"u8, sla.Restarts);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, string name, ImmutableArray<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (string text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }
}
