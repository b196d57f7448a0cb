using System.Buffers;
using System.Text.Json;
using Customer360.Rules.Events;

namespace Customer360.Rules.Audiences;

/// <summary>That a person is shown a variant: a message like others, so conditions and analyses find it in the log.</summary>
/// <param name="MessageId">Of this exposure alone.</param>
/// <param name="Of">An identifier of the person; the message carries no other.</param>
public sealed record Exposure(string MessageId, Identifier Of, PlacementChoice Choice)
{
    /// <summary>The source of the messages.</summary>
    public const string Source = "decide";

    /// <summary>The event's name.</summary>
    public const string EventName = "Experience Viewed";

    /// <summary>A batch of them as a sender would write it.</summary>
    public static byte[] ToBatch(IEnumerable<Exposure> exposures)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        writer.WriteStartArray("batch"u8);
        foreach (Exposure exposure in exposures)
        {
            exposure.Write(writer);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, "track"u8);
        writer.WriteString("event"u8, EventName);
        writer.WriteString("messageId"u8, MessageId);
        ExternalIds.WriteContext(writer, Of);
        writer.WriteStartObject("properties"u8);
        writer.WriteString("placement"u8, Choice.Placement);
        writer.WriteString("variant"u8, Choice.Variant);
        writer.WriteBoolean("isControl"u8, Choice.IsControl);
        if (Choice.Rule is { } rule)
        {
            writer.WriteString("rule"u8, rule);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
