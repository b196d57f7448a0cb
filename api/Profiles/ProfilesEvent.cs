using System.Text.Json;
using Customer360.Api.Http;
using Customer360.Api.Receipts;
using Customer360.Rules.Access;
using Customer360.Rules.Events;

namespace Customer360.Api.Profiles;

/// <summary>A message as the timeline shows it.</summary>
internal static class ProfilesEvent
{
    private static readonly JsonEncodedText[] s_kinds =
    [
        .. Enum.GetValues<EventKind>().Select(kind => JsonEncodedText.Encode(EventKinds.Text(kind))),
    ];

    /// <summary>The kind's name on the wire.</summary>
    public static JsonEncodedText NameOf(EventKind kind) => s_kinds[(int)kind - 1];

    public static void Write(Utf8JsonWriter writer, VisibleMessage message)
    {
        using JsonDocument opened = message.Open();
        writer.WriteStartObject();
        writer.WriteString("type"u8, NameOf(message.Kind));
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
        message.WritePart(writer, opened, "properties"u8, FieldScope.Properties);
        if (VisibleMessage.Has(opened, "traits"u8))
        {
            message.WritePart(writer, opened, "traits"u8, message.TraitScope);
        }

        MessageReceipt.WriteContract(writer, message.Annotation);
        writer.WriteEndObject();
    }
}
