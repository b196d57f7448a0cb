using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Identity;

namespace Customer360.Grains;

/// <summary>The stored form of <see cref="SettledMerge"/>; part of a customer's state.</summary>
internal static class SettledMergeJson
{
    /// <summary><c>[{"mergeId","revision":n,"at","movedTo"?,"refused"?,"ruleVersion"?}]</c></summary>
    public static void Write(Utf8JsonWriter writer, ImmutableArray<SettledMerge> settled)
    {
        writer.WriteStartArray();
        foreach (SettledMerge one in settled)
        {
            writer.WriteStartObject();
            writer.WriteString("mergeId"u8, one.MergeId);
            writer.WriteNumber("revision"u8, one.Revision);
            writer.WriteString("at"u8, one.At);
            writer.WriteIfAny("movedTo"u8, one.Answer.MovedTo);
            writer.WriteIfAny("refused"u8, one.Answer.Refused);
            writer.WriteIfAny("ruleVersion"u8, one.Answer.RuleVersion);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    public static ImmutableArray<SettledMerge> Read(ref Utf8JsonReader reader)
    {
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        return
        [
            .. document
                .RootElement.EnumerateArray()
                .Select(one => new SettledMerge(
                    one.GetProperty("mergeId"u8).GetString()!,
                    one.GetProperty("revision"u8).GetInt64(),
                    one.GetProperty("at"u8).GetDateTimeOffset(),
                    new AbsorbAnswer(
                        one.TextOrNull("movedTo"u8),
                        one.TextOrNull("refused"u8),
                        one.TextOrNull("ruleVersion"u8)
                    )
                )),
        ];
    }
}
