using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Events;

namespace Customer360.Grains;

/// <summary>What the stored forms of grains have in common.</summary>
internal static class StateJson
{
    /// <summary>Writes the member where there is a value.</summary>
    public static void WriteIfAny(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }

    /// <summary>Writes <c>"name":["type:value",…]</c>.</summary>
    public static void WriteIdentifiers(
        this Utf8JsonWriter writer,
        ReadOnlySpan<byte> name,
        ImmutableArray<Identifier> identifiers
    )
    {
        writer.WriteStartArray(name);
        foreach (Identifier identifier in identifiers)
        {
            writer.WriteStringValue(identifier.ToString());
        }

        writer.WriteEndArray();
    }

    /// <summary>A text member, or null where there is none.</summary>
    public static string? TextOrNull(this JsonElement parent, ReadOnlySpan<byte> name) =>
        parent.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

    /// <summary>A list of identifiers; empty where there is none.</summary>
    public static ImmutableArray<Identifier> IdentifiersOf(this JsonElement parent, ReadOnlySpan<byte> name) =>
        parent.TryGetProperty(name, out JsonElement list)
            ? [.. list.EnumerateArray().Select(text => Identifier.Parse(text.GetString()!))]
            : [];
}
