using System.Text.Json;
using Customer360.Rules.Identity;

namespace Customer360.Grains;

/// <summary>The stored form of a merge under way; part of an owner's state.</summary>
internal static class MergeStateJson
{
    /// <summary>
    /// <c>{"into","mergeId","messageId","source","at","ruleVersion","identifiers":["type:value"],"jobId"?,"since"?:n,"claimed"?:true}</c>
    /// </summary>
    public static void Write(Utf8JsonWriter writer, MergeUnderWay merge)
    {
        writer.WriteStartObject();
        writer.WriteString("into"u8, merge.Into);
        writer.WriteString("mergeId"u8, merge.MergeId);
        writer.WriteString("messageId"u8, merge.MessageId);
        writer.WriteString("source"u8, merge.Source);
        writer.WriteString("at"u8, merge.At);
        writer.WriteString("ruleVersion"u8, merge.RuleVersion);
        writer.WriteIdentifiers("identifiers"u8, merge.Identifiers);
        writer.WriteIfAny("jobId"u8, merge.JobId);
        if (merge.Since > 0)
        {
            writer.WriteNumber("since"u8, merge.Since);
        }

        if (merge.IsClaimed)
        {
            writer.WriteBoolean("claimed"u8, true);
        }

        writer.WriteEndObject();
    }

    public static MergeUnderWay Read(ref Utf8JsonReader reader)
    {
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        JsonElement merge = document.RootElement;
        return new MergeUnderWay(
            merge.GetProperty("into"u8).GetString()!,
            merge.GetProperty("mergeId"u8).GetString()!,
            merge.GetProperty("messageId"u8).GetString()!,
            merge.GetProperty("source"u8).GetString()!,
            merge.GetProperty("at"u8).GetDateTimeOffset(),
            merge.TextOrNull("ruleVersion"u8) ?? "",
            merge.IdentifiersOf("identifiers"u8)
        )
        {
            JobId = merge.TextOrNull("jobId"u8),
            Since = merge.TryGetProperty("since"u8, out JsonElement since) ? since.GetInt64() : 0,
            IsClaimed = merge.TryGetProperty("claimed"u8, out JsonElement claimed) && claimed.GetBoolean(),
        };
    }
}
