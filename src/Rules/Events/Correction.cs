using System.Buffers;
using System.Text.Json;

namespace Customer360.Rules.Events;

/// <summary>
/// What an officer puts right at a person's request (GDPR article 16): a message like others, so that whoever folds the log again
/// comes to the same. It is believed more than any source (<see cref="StatementTrust.Corrected"/>).
/// </summary>
/// <param name="MessageId">Derived from the request, so that a repeat after a crash is a repeat.</param>
/// <param name="Of">An identifier of the person; the message carries no other.</param>
/// <param name="TraitsJson">A JSON object, UTF-8: the right values; <c>null</c> removes one.</param>
/// <param name="At">When it is put right, UTC.</param>
public sealed record Correction(string MessageId, Identifier Of, ReadOnlyMemory<byte> TraitsJson, DateTimeOffset At)
{
    /// <summary>The source of the message. A key may have the same name: what tells a correction is its trust.</summary>
    public const string Source = "privacy";

    /// <summary>Traits that one request may put right.</summary>
    public const int TraitsMax = 50;

    /// <summary>The message as a sender would write it: an identify that names the person by <c>context.externalIds</c>.</summary>
    internal byte[] ToMessage()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        writer.WriteString("messageId"u8, MessageId);
        ExternalIds.WriteContext(writer, Of);
        writer.WritePropertyName("traits"u8);
        writer.WriteRawValue(TraitsJson.Span);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
