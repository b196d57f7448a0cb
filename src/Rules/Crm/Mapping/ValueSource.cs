using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Customer360.Rules.Crm.Mapping;

/// <summary>
/// Where a value of a record stands: <c>$.customer.email</c> in the record, <c>body:$.account</c> in the body that the record came
/// in, <c>header:X-Topic</c>; or a constant.
/// </summary>
public sealed class ValueSource
{
    private const string BodyPrefix = "body:";
    private const string HeaderPrefix = "header:";

    private readonly FieldPath? _path;
    private readonly JsonElement? _constant;
    private readonly string? _header;
    private readonly bool _isOfBody;

    private ValueSource(string text, FieldPath? path, string? header, bool isOfBody, JsonElement? constant) =>
        (Text, _path, _header, _isOfBody, _constant) = (text, path, header, isOfBody, constant);

    /// <summary>As written; a constant behind an equals sign, as JSON.</summary>
    public string Text { get; }

    /// <summary>The header that it stands in; null: it stands in the body, or is a constant.</summary>
    public string? HeaderName => _header;

    /// <summary>A constant text.</summary>
    public static ValueSource Constant(string value)
    {
        JsonElement element = JsonSerializer.SerializeToElement(value);
        return new ValueSource("=" + element.GetRawText(), path: null, header: null, isOfBody: false, element);
    }

    /// <summary>Reads one; what is wrong with it is one sentence.</summary>
    public static bool TryParse(
        string text,
        [NotNullWhen(true)] out ValueSource? source,
        [NotNullWhen(false)] out string? fault
    )
    {
        source = null;
        fault = null;
        if (text.StartsWith(HeaderPrefix, StringComparison.Ordinal) && text.Length > HeaderPrefix.Length)
        {
            source = new ValueSource(text, path: null, text[HeaderPrefix.Length..], isOfBody: false, constant: null);
            return true;
        }

        bool isOfBody = text.StartsWith(BodyPrefix, StringComparison.Ordinal);
        if (FieldPath.TryParse(isOfBody ? text[BodyPrefix.Length..] : text, out FieldPath? path, out _))
        {
            source = new ValueSource(text, path, header: null, isOfBody, constant: null);
            return true;
        }

        fault = "It must be a path such as $.customer.email or body:$.account, or header:X-Topic.";
        return false;
    }

    /// <summary>The values that stand there. JSON's null is none.</summary>
    public IEnumerable<JsonElement> FindAll(RecordContext context)
    {
        if (_constant is { } constant)
        {
            return [constant];
        }

        if (_header is not null)
        {
            return context.Header(_header) is { Length: > 0 } text ? [JsonSerializer.SerializeToElement(text)] : [];
        }

        return _path!
            .FindAll(_isOfBody ? context.Body : context.Record)
            .Where(value => value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined));
    }

    /// <summary>The first value, or null.</summary>
    public JsonElement? Find(RecordContext context)
    {
        foreach (JsonElement found in FindAll(context))
        {
            return found;
        }

        return null;
    }

    /// <summary>The first value as a text; a number as it is written, a flag as <c>true</c> or <c>false</c>. Null: there is none.</summary>
    public string? FindText(RecordContext context) => Find(context) is { } value ? TextOf(value) : null;

    /// <summary>All values as texts, each once, in their order.</summary>
    public IEnumerable<string> FindTexts(RecordContext context) =>
        FindAll(context).Select(TextOf).OfType<string>().Distinct(StringComparer.Ordinal);

    internal static string? TextOf(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            _ => CrmJson.Text(value),
        };
}
