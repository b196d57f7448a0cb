using System.Collections;
using System.Text;

namespace Customer360.Silo.Telemetry;

/// <summary>A log line that may be written: its words, and its values as texts under their names.</summary>
internal sealed class GuardedEntry : IReadOnlyList<KeyValuePair<string, object?>>
{
    private const string Template = "{OriginalFormat}";

    private readonly List<KeyValuePair<string, object?>> _values;
    private readonly string _text;

    private GuardedEntry(string text, List<KeyValuePair<string, object?>> values) => (_text, _values) = (text, values);

    public int Count => _values.Count;

    public KeyValuePair<string, object?> this[int index] => _values[index];

    public static GuardedEntry Of(string text) => new(text, []);

    /// <param name="parts">The values, and the template under its own name.</param>
    /// <param name="format">The line as it would be; used only where there is no template.</param>
    public static GuardedEntry Of(
        IReadOnlyList<KeyValuePair<string, object?>> parts,
        Func<string> format,
        ValueText values,
        GrainNames names,
        bool isOurs
    )
    {
        List<KeyValuePair<string, object?>> shown = new(parts.Count);
        string? template = null;
        for (int index = 0; index < parts.Count; index++)
        {
            (string name, object? value) = parts[index];
            if (name == Template)
            {
                // An interpolated string that was passed as a template has its values in it.
                template = value as string;
                shown.Add(new(name, template is null ? null : names.WithoutKeys(template)));
                continue;
            }

            shown.Add(new(name, IsNumber(value) ? value : values.Of(value, null, isOurs)));
        }

        string text = template is null
            ? values.Of(format(), null, isOurs)
            : names.WithoutKeys(Render(template, parts, values, isOurs));
        return new GuardedEntry(text, shown);
    }

    /// <summary>The same with something behind its words.</summary>
    public GuardedEntry With(string more) => new(_text + more, _values);

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => _values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => _text;

    private static bool IsNumber(object? value) => value is null or bool or int or long or double or uint or ulong;

    /// <summary>Fills a template: <c>{Name}</c>, <c>{Name:format}</c>; <c>{{</c> is a brace.</summary>
    private static string Render(
        string template,
        IReadOnlyList<KeyValuePair<string, object?>> parts,
        ValueText values,
        bool isOurs
    )
    {
        var text = new StringBuilder(template.Length * 2);
        int at = 0;
        while (at < template.Length)
        {
            char character = template[at];
            bool isDoubled = at + 1 < template.Length && template[at + 1] == character;
            int end = character == '{' && !isDoubled ? template.IndexOf('}', at) : -1;
            if (end < 0)
            {
                text.Append(character);
                at += character is '{' or '}' && isDoubled ? 2 : 1;
                continue;
            }

            string hole = template[(at + 1)..end];
            int colon = hole.IndexOf(':', StringComparison.Ordinal);
            string name = hole[..(colon < 0 ? hole.Length : colon)].Split(',')[0];
            object? value = parts
                .FirstOrDefault(part => string.Equals(part.Key, name, StringComparison.OrdinalIgnoreCase))
                .Value;
            text.Append(values.Of(value, colon < 0 ? null : hole[(colon + 1)..], isOurs));
            at = end + 1;
        }

        return text.ToString();
    }
}
