using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Customer360.Rules.Decisions;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Privacy;

namespace Customer360.Grains;

/// <summary>
/// What remains of an erasure: when, how much, by which pass, and a seal over that under the key of the suppressions, so that nobody
/// can make one up afterwards. It names no identifier.
/// </summary>
internal static class ErasureProof
{
    public static byte[] Write(
        string requestId,
        PrivacyRequestState state,
        string passId,
        DateTimeOffset at,
        SuppressionKey key
    )
    {
        string facts = string.Create(
            CultureInfo.InvariantCulture,
            $"{requestId} {at.UtcDateTime:O} {state.IdentifierCount} {state.MessageCount} {passId} {string.Join(' ', state.Erasure.Customers)}"
        );
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, AnswerJson.Options);
        writer.WriteStartObject();
        writer.WriteStartObject("found"u8);
        writer.WriteNumber("customers"u8, state.Erasure.Customers.Length);
        writer.WriteNumber("identifiers"u8, state.IdentifierCount);
        writer.WriteNumber("messages"u8, state.MessageCount);
        writer.WriteEndObject();
        writer.WriteStartArray("customers"u8);
        foreach (string customer in state.Erasure.Customers)
        {
            writer.WriteStringValue(customer);
        }

        writer.WriteEndArray();
        writer.WriteString("pass"u8, passId);
        writer.WriteStartObject("proof"u8);
        writer.WriteString("id"u8, DecisionId.Of("privacy.erased", requestId));
        writer.WriteString("at"u8, at);
        writer.WriteString("facts"u8, facts);
        writer.WriteString("seal"u8, key.Seal(facts));
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
