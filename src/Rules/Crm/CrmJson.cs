using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Customer360.Rules.Identifiers;

namespace Customer360.Rules.Crm;

/// <summary>Reads members of a CRM's JSON leniently: what is not there, or is of another type, is null.</summary>
internal static class CrmJson
{
    private const int DepthMax = 64;

    /// <summary>Digits of an id. No CRM has longer ones, and they exceed what a double holds exactly.</summary>
    private const int IdDigitsMax = 20;

    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = DepthMax };

    /// <summary>The body; null where it is no JSON, or nested too deep. A byte that is no UTF-8 becomes U+FFFD.</summary>
    public static JsonDocument? Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonDocument.Parse(
                Utf8.IsValid(body.Span) ? body : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(body.Span)),
                s_options
            );
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static JsonElement? Member(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out JsonElement member) ? member : null;

    /// <summary>A text that is not empty, or a number as it is written; half of a surrogate pair makes it none.</summary>
    public static string? Text(JsonElement? value)
    {
        switch (value)
        {
            case { ValueKind: JsonValueKind.Number } number:
                return number.GetRawText();
            case { ValueKind: JsonValueKind.String } text:
                try
                {
                    return text.GetString() is { Length: > 0 } read ? read : null;
                }
                catch (InvalidOperationException)
                {
                    return null;
                }

            default:
                return null;
        }
    }

    public static string? Text(JsonElement parent, string name) => Text(Member(parent, name));

    /// <summary>
    /// The one spelling of an id, a text or a number (<see cref="IdText"/>); null where there is none, or what is printed for none
    /// (<see cref="Placeholders"/>): it would make one record of many.
    /// </summary>
    public static string? Id(JsonElement? value) =>
        Text(value) is { } text
        && (
            value is { ValueKind: JsonValueKind.Number }
                ? NumberText.Of(Encoding.ASCII.GetBytes(text))
                : IdText.Of(text)
        )
            is { Length: > 0 } id
        && !Placeholders.Contains(id)
        && !IdText.IsDamaged(id)
            ? id
            : null;

    public static string? Id(JsonElement parent, string name) => Id(Member(parent, name));

    /// <summary>
    /// An id of digits, as a number or a text. It is never made a number: ids beyond 2^53 would become their neighbours'.
    /// </summary>
    public static string? Digits(JsonElement? value) =>
        Text(value) is { Length: <= IdDigitsMax } text && text.All(char.IsAsciiDigit) ? text : null;

    public static string? Digits(JsonElement parent, string name) => Digits(Member(parent, name));

    /// <summary>Milliseconds since 1970, as a number or a text.</summary>
    public static DateTimeOffset? Milliseconds(JsonElement parent, string name) =>
        long.TryParse(Text(parent, name), NumberStyles.None, CultureInfo.InvariantCulture, out long count)
        && count <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? DateTimeOffset.FromUnixTimeMilliseconds(count)
            : null;

    public static bool IsTrue(JsonElement parent, string name) =>
        Member(parent, name) is { ValueKind: JsonValueKind.True }
        || string.Equals(Text(parent, name), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>The texts of a list; a single text is a list of one.</summary>
    public static IEnumerable<string> Texts(JsonElement parent, string name) =>
        Member(parent, name) switch
        {
            { ValueKind: JsonValueKind.Array } list => list.EnumerateArray()
                .Select(item => Text(item))
                .OfType<string>(),
            { } one when Text(one) is { } text => [text],
            _ => [],
        };

    /// <summary>The bytes of a value, for what has to be read again.</summary>
    public static ReadOnlyMemory<byte> Bytes(JsonElement value) => Encoding.UTF8.GetBytes(value.GetRawText());
}
