using System.Text.Json;

namespace Customer360.Rules.Destinations;

/// <summary>
/// Reads what receivers answer. They are strangers: any member may be of any kind, and a text may be long, hold what no table takes, or
/// name a person. Nothing here throws, and only words and ids leave it.
/// </summary>
internal static class ReceiverJson
{
    private const int WordLengthMax = 80;
    private const int IdLengthMax = 64;

    /// <summary>Reads an answer's body; where it is no JSON, what is said instead.</summary>
    public static T Read<T>(DeliveryAnswer answer, T otherwise, Func<JsonElement, T> read)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(answer.Body);
        }
        catch (JsonException)
        {
            return otherwise;
        }

        using (document)
        {
            return read(document.RootElement);
        }
    }

    /// <summary>A member; null: there is none, or there are no members.</summary>
    public static JsonElement? Find(JsonElement parent, string name)
    {
        try
        {
            return parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out JsonElement found)
                ? found
                : null;
        }
        catch (InvalidOperationException)
        {
            // The name of another member is half a surrogate pair.
            return null;
        }
    }

    /// <summary>The items of a list; none where it is no list.</summary>
    public static JsonElement[] ItemsOf(JsonElement? list) =>
        list is { ValueKind: JsonValueKind.Array } found ? [.. found.EnumerateArray()] : [];

    /// <summary>A text, or a number as it stands there; null of anything else. It may be anything: it is to be compared, not to be kept.</summary>
    public static string? TextOf(JsonElement? value)
    {
        try
        {
            return value is not { } found ? null
                : found.ValueKind == JsonValueKind.String ? found.GetString()
                : found.ValueKind == JsonValueKind.Number ? found.GetRawText()
                : null;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, written as an escape.
            return null;
        }
    }

    /// <summary>What it calls a fault, as <c>VALIDATION_ERROR</c>; null of anything else, since a sentence may name a person.</summary>
    public static string? CodeOf(JsonElement? value) =>
        TextOf(value) is { Length: > 0 and <= WordLengthMax } text
        && text.All(one => char.IsAsciiLetterUpper(one) || char.IsAsciiDigit(one) || one == '_')
        && text.Any(char.IsAsciiLetterUpper)
            ? text
            : null;

    /// <summary>The name of one of its own settings, as <c>marketingqualifiedlead</c>; null of anything else.</summary>
    public static string? NameOf(JsonElement? value) =>
        TextOf(value) is { Length: > 0 and <= WordLengthMax } text
        && text.All(one => char.IsAsciiLetterOrDigit(one) || one == '_')
            ? text
            : null;

    /// <summary>What it calls a record of its own; null of anything else.</summary>
    public static string? IdOf(JsonElement? value) =>
        TextOf(value) is { Length: > 0 and <= IdLengthMax } text
        && text.All(one => char.IsAsciiLetterOrDigit(one) || one is '_' or '-')
            ? text
            : null;
}
