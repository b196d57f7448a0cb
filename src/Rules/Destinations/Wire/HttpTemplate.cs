using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Ports;

namespace Customer360.Rules.Destinations;

/// <summary>Makes requests by a template: of its address, its headers and its body.</summary>
public static partial class HttpTemplate
{
    private const string SecretPrefix = "secret.";
    private const string PathGroup = "path";

    /// <summary>
    /// The address with its <c>{paths}</c> filled in, percent-encoded; null: something of it has no value, or one that no address can
    /// have. Only what stands behind the host may be filled in, which the file's reader has seen to: so no value leads elsewhere.
    /// </summary>
    public static Uri? AddressOf(string address, DeliveryContent content)
    {
        bool isWhole = true;
        string filled = Places()
            .Replace(
                address,
                match =>
                {
                    string? text = DeliveryPaths.Find(content, match.Groups[PathGroup].Value) is { } value
                        ? DeliveryPaths.TextOf(value)
                        : null;
                    isWhole &= text is { Length: > 0 };
                    return Uri.EscapeDataString(text ?? "");
                }
            );
        return isWhole && !filled.Split('?', '#')[0].Split('/').Any(IsFolded) ? new Uri(filled) : null;
    }

    /// <summary>
    /// A part of a path that is folded away, and the part before it with it: nothing escapes it, since <c>%2e</c> is read as a full stop.
    /// </summary>
    public static bool IsFolded(string part) => part is "." or "..";

    /// <summary>The paths of an address, as they stand in it.</summary>
    public static IEnumerable<string> PathsOf(string address) =>
        Places().Matches(address).Select(match => match.Groups[PathGroup].Value);

    /// <summary>The address without what is filled in, to be looked at as it is.</summary>
    public static string Bare(string address) => Places().Replace(address, "x");

    /// <summary>The names of the secrets of headers.</summary>
    public static IEnumerable<string> SecretsOf(HttpOptions options) =>
        options
            .Headers.Values.SelectMany(PathsOf)
            .Where(path => path.StartsWith(SecretPrefix, StringComparison.Ordinal))
            .Select(path => path[SecretPrefix.Length..]);

    /// <summary>The headers with their secrets; null: a secret is missing.</summary>
    /// <param name="secret">A secret by name; null: there is none.</param>
    public static ImmutableArray<(string Name, string Value)>? HeadersOf(
        HttpOptions options,
        Func<string, string?> secret
    )
    {
        bool isWhole = true;
        var headers = ImmutableArray.CreateBuilder<(string, string)>();
        foreach ((string name, string value) in options.Headers)
        {
            headers.Add(
                (
                    name,
                    Places()
                        .Replace(
                            value,
                            match =>
                            {
                                string? found = secret(match.Groups[PathGroup].Value[SecretPrefix.Length..]);
                                isWhole &= found is not null;
                                return found ?? "";
                            }
                        )
                )
            );
        }

        return isWhole ? headers.DrainToImmutable() : null;
    }

    /// <param name="template">Null: the same as webhooks get.</param>
    public static byte[] BodyOf(TemplateNode? template, DeliveryContent content)
    {
        if (template is not { } body)
        {
            return DeliveryJson.Of(content);
        }

        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, AnswerJson.Options))
        {
            if (!body.Write(writer, name: null, content))
            {
                writer.WriteNullValue();
            }
        }

        return buffer.WrittenSpan.ToArray();
    }

    [GeneratedRegex(
        @"\{(?<path>[A-Za-z][A-Za-z0-9_.]{0,200})\}",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1_000
    )]
    private static partial Regex Places();
}

/// <summary>Lines of files.</summary>
public static class FileLines
{
    private static readonly byte[] s_newLine = "\n"u8.ToArray();
    private static readonly SearchValues<char> s_number = SearchValues.Create("0123456789.");

    /// <summary>The file of these items: JSON objects, or comma-separated values with a head.</summary>
    public static byte[] Of(DeliveryFileOptions options, ImmutableArray<OutgoingItem> items)
    {
        using var file = new MemoryStream();
        if (!options.IsCsv)
        {
            foreach ((_, DeliveryContent content) in items)
            {
                file.Write(DeliveryJson.Line(content));
                file.Write(s_newLine);
            }

            return file.ToArray();
        }

        WriteLine(file, options.Columns.Select(column => column.Name));
        string[] paths = [.. options.Columns.Select(column => column.Source.Path).OfType<string>()];
        foreach ((OutboxItem item, DeliveryContent content) in items)
        {
            foreach (
                DeliveryContent line in EffectKinds.IsCorrection(item.Effect.Kind)
                    ? Corrections.OneByOne(content, paths)
                    : [content]
            )
            {
                WriteLine(file, options.Columns.Select(column => column.Source.ReadText(line) ?? ""));
            }
        }

        return file.ToArray();
    }

    private static void WriteLine(Stream file, IEnumerable<string> values) =>
        file.Write(Encoding.UTF8.GetBytes(string.Join(',', values.Select(Quoted)) + "\r\n"));

    /// <summary>By RFC 4180; what a spreadsheet would take for a formula is a text.</summary>
    private static string Quoted(string value)
    {
        string text = IsFormula(value) ? "'" + value : value;
        return text.AsSpan().IndexOfAny(",\"\r\n") < 0
            ? text
            : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    /// <summary>A sign with nothing but a number behind it calculates nothing: phone numbers and amounts stay as they are.</summary>
    private static bool IsFormula(string value) =>
        value.Length > 0
        && (
            value[0] is '=' or '@' or '\t' or '\r'
            || (value[0] is '+' or '-' && value.AsSpan(1).ContainsAnyExcept(s_number))
        );
}
