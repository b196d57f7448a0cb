using System.Text.Json;
using Customer360.Rules.Identity;

namespace Customer360.Rules.Events;

/// <summary>Names a person in a message that we write ourselves.</summary>
internal static class ExternalIds
{
    /// <summary>Writes the member <c>context</c>, which names the person by <c>externalIds</c>: any type of identifier can stand there.</summary>
    public static void WriteContext(Utf8JsonWriter writer, Identifier of)
    {
        writer.WriteStartObject("context"u8);
        if (RegionalType.Region(of.Type) is { } region)
        {
            writer.WriteString("region"u8, region);
        }

        writer.WriteStartArray("externalIds"u8);
        writer.WriteStartObject();
        writer.WriteString("type"u8, RegionalType.Base(of.Type));
        writer.WriteString("id"u8, of.Value);
        writer.WriteString("collection"u8, "users"u8);
        writer.WriteString("encoding"u8, "none"u8);
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
