using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;

namespace Customer360.Rules.Profiles.Mastership;

/// <summary>
/// A policy as canonical JSON: equal policies give equal bytes.
/// <c>{"default":{"strategy","sources":[…]},"fields":{name:{"strategy","sources":[…],"writers":[…]}}}</c>; fields by name,
/// sources in their rank; <c>sources</c> is left out where there are none, <c>writers</c> where everyone may write.
/// </summary>
public static class MastershipPolicyJson
{
    public static byte[] Write(MastershipPolicy policy)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        Write(writer, policy);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    public static void Write(Utf8JsonWriter writer, MastershipPolicy policy)
    {
        writer.WriteStartObject();
        writer.WritePropertyName("default"u8);
        Write(writer, policy.Default);
        writer.WriteStartObject("fields"u8);
        foreach (MastershipRule rule in policy.Fields)
        {
            writer.WritePropertyName(rule.Field);
            Write(writer, rule);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>Reads what <see cref="Write(MastershipPolicy)"/> wrote.</summary>
    /// <exception cref="JsonException">It is not of that form.</exception>
    public static MastershipPolicy Read(ReadOnlyMemory<byte> json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return Read(document.RootElement);
    }

    /// <exception cref="JsonException">It is not of that form.</exception>
    public static MastershipPolicy Read(JsonElement policy)
    {
        try
        {
            return new MastershipPolicy(
                ReadRule(MastershipRule.AnyField, policy.GetProperty("default"u8)),
                policy.GetProperty("fields"u8).EnumerateObject().Select(field => ReadRule(field.Name, field.Value))
            );
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or KeyNotFoundException)
        {
            throw new JsonException("A stored mastership policy can't be read.", error);
        }
    }

    private static void Write(Utf8JsonWriter writer, MastershipRule rule)
    {
        writer.WriteStartObject();
        writer.WriteString("strategy"u8, MasterStrategies.Text(rule.Strategy));
        if (!rule.Sources.IsEmpty)
        {
            WriteList(writer, "sources"u8, rule.Sources);
        }

        if (rule.Writers is { } writers)
        {
            WriteList(writer, "writers"u8, [.. writers.Order(StringComparer.Ordinal)]);
        }

        writer.WriteEndObject();
    }

    private static void WriteList(Utf8JsonWriter writer, ReadOnlySpan<byte> name, ImmutableArray<string> sources)
    {
        writer.WriteStartArray(name);
        foreach (string source in sources)
        {
            writer.WriteStringValue(source);
        }

        writer.WriteEndArray();
    }

    private static MastershipRule ReadRule(string field, JsonElement rule) =>
        new(
            field,
            MasterStrategies.TryParse(rule.GetProperty("strategy"u8).GetString(), out MasterStrategy strategy)
                ? strategy
                : throw new JsonException("A stored mastership policy has an unknown strategy."),
            rule.TryGetProperty("sources"u8, out JsonElement sources) ? ReadList(sources) : [],
            rule.TryGetProperty("writers"u8, out JsonElement writers) ? ReadList(writers) : null
        );

    private static ImmutableArray<string> ReadList(JsonElement list) =>
        [.. list.EnumerateArray().Select(source => source.GetString()!)];
}
