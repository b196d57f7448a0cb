using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Events;

namespace Customer360.Rules.Identity;

/// <summary>
/// The one JSON form of rules: what their version is the hash of, and what an administrator is shown. Equal rules are
/// equal bytes, however their file is laid out.
/// </summary>
public static class IdentityRulesJson
{
    /// <summary>
    /// <c>{"defaultRegion","identifiers":[{"type","priority","limit","window","normalisation","trust","kind","crossRegion",
    /// "quarantineDegree","blocked":{"exact":[],"regex":[]}}],"blocked":{"anyCase":[],"exact":[],"regex":[]},
    /// "profile":{"identifiersMax"},"regions"?:{"default","names":[],"sources":{source:region}}}</c>
    /// </summary>
    public static byte[] Write(IdentityRules rules)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        writer.WriteString("defaultRegion"u8, rules.DefaultRegion);
        writer.WriteStartArray("identifiers"u8);
        foreach (IdentifierRule rule in rules.Identifiers)
        {
            Write(writer, rule);
        }

        writer.WriteEndArray();
        WriteBlocked(writer, rules.Blocked);
        writer.WriteStartObject("profile"u8);
        writer.WriteNumber("identifiersMax"u8, rules.ProfileIdentifiersMax);
        writer.WriteEndObject();
        if (rules.Regions is { } regions)
        {
            Write(writer, regions);
        }

        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The part that decides which anchor a message has; equal parts are equal bytes. Of priorities the order counts.</summary>
    internal static byte[] WriteAnchoring(IdentityRules rules)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        writer.WriteString("defaultRegion"u8, rules.DefaultRegion);
        writer.WriteStartArray("identifiers"u8);
        foreach (IdentifierRule rule in rules.Identifiers)
        {
            writer.WriteStartObject();
            writer.WriteString("type"u8, rule.Type);
            writer.WriteString("normalisation"u8, Word(rule.Normalisation));
            // Without regions it says nothing, and with them a change of them is a change anyway.
            writer.WriteBoolean("crossRegion"u8, rules.Regions is not null && rule.CrossRegion);
            WriteBlocked(writer, rule.Blocked);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        WriteBlocked(writer, rules.Blocked);
        if (rules.Regions is { } regions)
        {
            Write(writer, regions);
        }

        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>An enumeration's value as files and JSON write it: <c>lowerCase</c>.</summary>
    internal static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    private static void Write(Utf8JsonWriter writer, IdentifierRule rule)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, rule.Type);
        writer.WriteNumber("priority"u8, rule.Priority);
        writer.WriteNumber("limit"u8, rule.Limit);
        writer.WriteString("window"u8, Word(rule.Window));
        writer.WriteString("normalisation"u8, Word(rule.Normalisation));
        writer.WriteString("trust"u8, Word(rule.Trust));
        writer.WriteString("kind"u8, Word(rule.Kind));
        writer.WriteBoolean("crossRegion"u8, rule.CrossRegion);
        if (rule.QuarantineDegree is { } degree)
        {
            writer.WriteNumber("quarantineDegree"u8, degree);
        }
        else
        {
            writer.WriteNull("quarantineDegree"u8);
        }

        WriteBlocked(writer, rule.Blocked);
        writer.WriteEndObject();
    }

    private static void WriteBlocked(Utf8JsonWriter writer, BlockedOfType blocked)
    {
        writer.WriteStartObject("blocked"u8);
        WriteTexts(writer, "exact", blocked.Exact);
        WriteTexts(writer, "regex", blocked.Patterns);
        writer.WriteEndObject();
    }

    private static void WriteBlocked(Utf8JsonWriter writer, BlockedValues blocked)
    {
        writer.WriteStartObject("blocked"u8);
        WriteTexts(writer, "anyCase", blocked.AnyCase);
        WriteTexts(writer, "exact", blocked.Exact);
        WriteTexts(writer, "regex", blocked.Patterns);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, Regions regions)
    {
        writer.WriteStartObject("regions"u8);
        writer.WriteString("default"u8, regions.Default);
        WriteTexts(writer, "names", regions.Names);
        writer.WriteStartObject("sources"u8);
        foreach ((string source, string region) in regions.BySource)
        {
            writer.WriteString(source, region);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter writer, string name, ImmutableArray<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (string text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }
}
