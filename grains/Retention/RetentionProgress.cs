using System.Text.Json;
using Customer360.Rules.Retention;

namespace Customer360.Grains;

/// <summary>Where a run stands, and what it came to so far.</summary>
/// <param name="Policy">The version of <c>retention.yaml</c> by which it decides; empty before it has begun.</param>
/// <param name="Access">The version of <c>access.yaml</c> that says of which class a field is.</param>
/// <param name="Partition">The partition that it is at.</param>
/// <param name="After">Where it goes on there.</param>
/// <param name="Counts">Of the pieces that are done.</param>
public sealed record RetentionProgress(
    string Policy,
    string Access,
    int Partition,
    string After,
    RetentionCounts Counts
)
{
    public static RetentionProgress None { get; } = new("", "", 0, "", RetentionCounts.None);
}

/// <summary><c>"retention":{"policy","access","partition","after","messages","trimmed","bytes","rules":[{"rule","region"?,"messages","fields"}]}</c></summary>
internal static class RetentionProgressJson
{
    public static void Write(Utf8JsonWriter writer, RetentionProgress retention)
    {
        writer.WriteStartObject("retention"u8);
        writer.WriteString("policy"u8, retention.Policy);
        writer.WriteString("access"u8, retention.Access);
        writer.WriteNumber("partition"u8, retention.Partition);
        writer.WriteString("after"u8, retention.After);
        WriteCounts(writer, retention.Counts);
        writer.WriteEndObject();
    }

    public static void WriteCounts(Utf8JsonWriter writer, RetentionCounts counts)
    {
        writer.WriteNumber("messages"u8, counts.Messages);
        writer.WriteNumber("trimmed"u8, counts.Trimmed);
        writer.WriteNumber("bytes"u8, counts.Bytes);
        writer.WriteStartArray("rules"u8);
        foreach (RetentionRuleCount rule in counts.Rules)
        {
            writer.WriteStartObject();
            writer.WriteString("rule"u8, rule.Rule);
            if (rule.Region is { } region)
            {
                writer.WriteString("region"u8, region);
            }

            writer.WriteNumber("messages"u8, rule.Messages);
            writer.WriteNumber("fields"u8, rule.Fields);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    public static RetentionProgress Read(JsonElement retention) =>
        new(
            retention.GetProperty("policy"u8).GetString()!,
            retention.GetProperty("access"u8).GetString()!,
            retention.GetProperty("partition"u8).GetInt32(),
            retention.GetProperty("after"u8).GetString()!,
            new RetentionCounts(
                retention.GetProperty("messages"u8).GetInt64(),
                retention.GetProperty("trimmed"u8).GetInt64(),
                retention.GetProperty("bytes"u8).GetInt64(),
                [
                    .. retention
                        .GetProperty("rules"u8)
                        .EnumerateArray()
                        .Select(rule => new RetentionRuleCount(
                            rule.GetProperty("rule"u8).GetString()!,
                            rule.TextOrNull("region"u8),
                            rule.GetProperty("messages"u8).GetInt64(),
                            rule.GetProperty("fields"u8).GetInt64()
                        )),
                ]
            )
        );
}
