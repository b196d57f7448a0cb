using System.Text.Json;
using Customer360.Api.Http;
using Customer360.Api.Profiles;
using Customer360.Rules.Access;
using Customer360.Rules.Events;

namespace Customer360.Api.Segment;

/// <summary>A message as Segment's Profile API lists it.</summary>
internal static class SegmentEvent
{
    public static void Write(Utf8JsonWriter writer, VisibleMessage message, string customerId)
    {
        using JsonDocument opened = message.Open();
        writer.WriteStartObject();
        writer.WriteStartArray("external_ids"u8);
        foreach (Identifier identifier in message.Identifiers)
        {
            writer.WriteStartObject();
            writer.WriteString("collection"u8, "users"u8);
            writer.WriteString("type"u8, identifier.Type);
            writer.WriteString("id"u8, identifier.Value);
            writer.WriteString("encoding"u8, "none"u8);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        message.WritePart(writer, opened, "context"u8, FieldScope.Context);
        writer.WriteString("type"u8, ProfilesEvent.NameOf(message.Kind));
        writer.WriteString("message_id"u8, message.MessageId);
        writer.WriteString("source_id"u8, message.Source);
        writer.WriteTime("timestamp"u8, message.Timestamp);
        message.WritePart(writer, opened, "properties"u8, FieldScope.Properties);
        if (message.Name is { } name)
        {
            writer.WriteString("event"u8, name);
        }

        writer.WriteStartObject("related"u8);
        writer.WriteString("users"u8, customerId);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
