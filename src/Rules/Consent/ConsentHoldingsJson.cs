using System.Buffers;
using System.Text.Json;
using Customer360.Rules.Events;
using Customer360.Rules.Profiles;

namespace Customer360.Rules.Consent;

/// <summary>
/// What a customer holds, as far as consent is concerned, between silos: <c>[{"identifier","consent"?:{…}}]</c>.
/// </summary>
public static class ConsentHoldingsJson
{
    private static readonly LinkEvidence s_none = new("", "", default, "");

    public static byte[] Write(ProfileMap map)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartArray();
        foreach (ProfileEntry entry in map.Entries)
        {
            writer.WriteStartObject();
            writer.WriteString("identifier"u8, entry.Identifier.ToString());
            if (!entry.Consent.IsEmpty)
            {
                writer.WritePropertyName("consent"u8);
                ConsentLedgerJson.Write(writer, entry.Consent);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The identifiers and their ledgers; nothing else is in the map.</summary>
    /// <exception cref="JsonException">It is not of that form.</exception>
    public static ProfileMap Read(ReadOnlyMemory<byte> json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return ProfileMap.Of(
            document
                .RootElement.EnumerateArray()
                .Select(entry => new ProfileEntry(
                    Identifier.Parse(entry.GetProperty("identifier"u8).GetString()!),
                    s_none,
                    0,
                    ProfileFold.Empty
                )
                {
                    Consent = entry.TryGetProperty("consent"u8, out JsonElement consent)
                        ? ConsentLedgerJson.Read(consent)
                        : ConsentLedger.Empty,
                })
        );
    }
}
