using System.Text.Json;

namespace Customer360.Rules.Events;

/// <summary>Reads the <c>properties</c> of a message, which stand in it as they were sent.</summary>
public static class EnvelopeProperties
{
    /// <summary>Null where the message has none. It outlives nothing but the call's <paramref name="document"/>.</summary>
    /// <param name="document">The parsed <see cref="Envelope.Json"/>; the caller disposes of it.</param>
    public static JsonElement? Of(Envelope envelope, out JsonDocument document)
    {
        document = JsonDocument.Parse(envelope.Json);
        return
            document.RootElement.TryGetProperty("message"u8, out JsonElement message)
            && message.ValueKind == JsonValueKind.Object
            && message.TryGetProperty("properties"u8, out JsonElement properties)
            ? properties
            : null;
    }
}
