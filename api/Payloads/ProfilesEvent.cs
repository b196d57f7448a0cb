using System.Text.Json;
using Customer360.Rules.Events;

namespace Customer360.Api.Payloads;

/// <summary>A message as the timeline shows it.</summary>
internal static class ProfilesEvent
{
    private static readonly JsonEncodedText[] s_kinds =
    [
        .. Enum.GetValues<EventKind>().Select(kind => JsonEncodedText.Encode(EventKinds.Text(kind))),
    ];

    /// <summary>The kind's name on the wire.</summary>
    public static JsonEncodedText KindOf(Envelope message) => s_kinds[(int)message.Kind - 1];

    public static void Write(Utf8JsonWriter writer, Envelope message)
    {
        using var canonical = JsonDocument.Parse(message.Json);
        JsonElement sent = Sent(canonical.RootElement);
        writer.WriteStartObject();
        writer.WriteString("type"u8, KindOf(message));
        writer.WriteString("name"u8, message.Name);
        writer.WriteTime("timestamp"u8, message.Timestamp);
        writer.WriteTime("receivedAt"u8, message.ReceivedAt);
        writer.WriteString("messageId"u8, message.MessageId);
        writer.WriteString("source"u8, message.Source);
        if (message.GroupId is { } groupId)
        {
            writer.WriteString("groupId"u8, groupId);
        }

        writer.WriteStartArray("identifiers"u8);
        foreach (Identifier identifier in message.Identifiers)
        {
            writer.WriteStartObject();
            writer.WriteString("type"u8, identifier.Type);
            writer.WriteString("value"u8, identifier.Value);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        WriteObject(writer, "properties"u8, sent, "properties"u8);
        if (sent.ValueKind == JsonValueKind.Object && sent.TryGetProperty("traits"u8, out _))
        {
            WriteObject(writer, "traits"u8, sent, "traits"u8);
        }

        writer.WriteEndObject();
    }

    /// <summary>The message as it was sent, from the canonical form.</summary>
    public static JsonElement Sent(JsonElement canonical) =>
        canonical.ValueKind == JsonValueKind.Object && canonical.TryGetProperty("message"u8, out JsonElement sent)
            ? sent
            : default;

    /// <summary>Copies an object of the message under a name; one that it does not have is an empty object.</summary>
    public static void WriteObject(
        Utf8JsonWriter writer,
        ReadOnlySpan<byte> name,
        JsonElement sent,
        ReadOnlySpan<byte> property
    )
    {
        writer.WritePropertyName(name);
        if (
            sent.ValueKind == JsonValueKind.Object
            && sent.TryGetProperty(property, out JsonElement value)
            && value.ValueKind == JsonValueKind.Object
        )
        {
            value.WriteTo(writer);
        }
        else
        {
            writer.WriteStartObject();
            writer.WriteEndObject();
        }
    }
}
