using System.Text.Json;
using System.Text.Unicode;
using Customer360.Api.Problems;
using Customer360.Rules.Events;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Payloads;

/// <summary>A body of a collect call, taken apart but not yet read message by message. Points into the body's buffer.</summary>
public sealed class CollectPayload : IDisposable
{
    private readonly JsonDocument _document;
    private readonly JsonElement _root;

    private CollectPayload(JsonDocument document)
    {
        _document = document;
        _root = document.RootElement;
    }

    /// <summary>The key that the body holds, or null.</summary>
    public string? WriteKey => TextOf(_root, "writeKey"u8);

    /// <summary>When the batch was sent by its sender's clock; null where it does not say so in a way that can be read.</summary>
    public DateTimeOffset? SentAt =>
        TextOf(_root, "sentAt"u8) is { } text && Rfc3339.TryParse(text, out DateTimeOffset time) ? time : null;

    /// <summary>What a batch's messages share, or null.</summary>
    public JsonElement? Context => ObjectOf("context"u8);

    /// <inheritdoc cref="Context"/>
    public JsonElement? Integrations => ObjectOf("integrations"u8);

    /// <summary>The body of a call with one message.</summary>
    public JsonElement Message => _root;

    /// <summary>Parses a body. Its depth is bounded; invalid UTF-8 is refused here, because JSON is UTF-8.</summary>
    public static Outcome<CollectPayload> Parse(RequestBody body, int depthMax)
    {
        if (body.Bytes.IsEmpty)
        {
            return new BodyNotJson("it is empty");
        }

        if (!Utf8.IsValid(body.Bytes.Span))
        {
            return new BodyNotJson("it is not UTF-8");
        }

        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(body.Bytes, new JsonDocumentOptions { MaxDepth = depthMax });
        }
        catch (JsonException)
        {
            return new BodyNotJson($"it can't be parsed, or is nested more than {depthMax} deep");
        }

        if (document.RootElement.ValueKind == JsonValueKind.Object)
        {
            return new CollectPayload(document);
        }

        document.Dispose();
        return new BodyNotJson("it must be an object");
    }

    /// <summary>The messages of a batch.</summary>
    public Outcome<JsonElement> ReadBatch()
    {
        if (!TryFind(_root, "batch"u8, out JsonElement batch) || batch.ValueKind != JsonValueKind.Array)
        {
            return new BatchMissing();
        }

        return batch.GetArrayLength() > 0 ? batch : new BatchEmpty();
    }

    /// <summary>A message's id as sent, for the receipt of a message that could not be read; null where it has none.</summary>
    public static string? MessageIdOf(JsonElement message) =>
        message.ValueKind == JsonValueKind.Object ? TextOf(message, "messageId"u8) : null;

    public void Dispose() => _document.Dispose();

    private JsonElement? ObjectOf(ReadOnlySpan<byte> name) =>
        TryFind(_root, name, out JsonElement value) && value.ValueKind == JsonValueKind.Object ? value : null;

    private static string? TextOf(JsonElement element, ReadOnlySpan<byte> name)
    {
        if (!TryFind(element, name, out JsonElement value) || value.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair: JSON allows writing it, but it is no text.
            return null;
        }
    }

    private static bool TryFind(JsonElement element, ReadOnlySpan<byte> name, out JsonElement value)
    {
        try
        {
            return element.TryGetProperty(name, out value);
        }
        catch (InvalidOperationException)
        {
            // A name beside it holds half of a surrogate pair.
            value = default;
            return false;
        }
    }
}
