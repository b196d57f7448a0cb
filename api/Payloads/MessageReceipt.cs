using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Api.Endpoints.Receipts;
using Customer360.Grains.Contracts;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;

namespace Customer360.Api.Payloads;

/// <summary>A stored message's receipt on the wire.</summary>
internal static class MessageReceipt
{
    /// <summary>
    /// <c>{"messageId","status":"accepted","partition","position","receivedAt","timestamp","source","type","anchor",
    /// "customerId","applied","identifiers":[…],"others"?:[{"partition","position","receivedAt"}]}</c>
    /// </summary>
    public static void Write(
        Utf8JsonWriter writer,
        in StoredEnvelope message,
        MessageOutcome outcome,
        ReadOnlySpan<StoredEnvelope> others
    )
    {
        Envelope envelope = message.Envelope;
        writer.WriteStartObject();
        writer.WriteString("messageId"u8, envelope.MessageId);

        // What is in the log was accepted: a refused message is not stored, a repeat not a second time.
        writer.WriteString("status"u8, "accepted"u8);
        WritePlace(writer, message);
        writer.WriteTime("timestamp"u8, envelope.Timestamp);
        writer.WriteString("source"u8, envelope.Source);
        writer.WriteString("type"u8, ProfilesEvent.KindOf(envelope));
        writer.WriteString("anchor"u8, envelope.Anchor.ToString());
        writer.WriteString("customerId"u8, outcome.CustomerId);
        writer.WriteBoolean("applied"u8, outcome.Applied);
        WriteIdentifiers(writer, outcome.Identifiers);
        if (!others.IsEmpty)
        {
            writer.WriteStartArray("others"u8);
            foreach (StoredEnvelope other in others)
            {
                writer.WriteStartObject();
                WritePlace(writer, other);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    /// <summary><c>"identifiers":[{"type","value"?,"outcome","because"?}]</c></summary>
    public static void WriteIdentifiers(Utf8JsonWriter writer, ImmutableArray<IdentifierOutcome> outcomes)
    {
        writer.WriteStartArray("identifiers"u8);
        foreach (IdentifierOutcome outcome in outcomes)
        {
            writer.WriteStartObject();
            writer.WriteString("type"u8, outcome.Type);
            if (outcome.Value is { } value)
            {
                writer.WriteString("value"u8, value);
            }

            writer.WriteString("outcome"u8, outcome.Outcome);
            if (outcome.Because is { } because)
            {
                writer.WriteString("because"u8, because);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WritePlace(Utf8JsonWriter writer, in StoredEnvelope message)
    {
        writer.WriteNumber("partition"u8, message.Partition);
        writer.WriteNumber("position"u8, message.Position);
        writer.WriteTime("receivedAt"u8, message.Envelope.ReceivedAt);
    }
}
