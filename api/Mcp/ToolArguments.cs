using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Api.Problems;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Mcp;

/// <summary>The arguments of a call, checked against what the tool takes.</summary>
internal sealed class ToolArguments
{
    private readonly IDictionary<string, JsonElement> _values;

    private ToolArguments(IDictionary<string, JsonElement> values) => _values = values;

    /// <summary>
    /// Refuses what is missing, of another kind, or not known: what is not understood must not be taken for "no filter". A null
    /// counts as not sent.
    /// </summary>
    public static Outcome<ToolArguments> Read(
        ImmutableArray<ToolParameter> parameters,
        IDictionary<string, JsonElement>? sent
    )
    {
        Dictionary<string, JsonElement> values = new(StringComparer.Ordinal);
        foreach ((string name, JsonElement value) in sent ?? new Dictionary<string, JsonElement>())
        {
            if (parameters.FirstOrDefault(one => one.Name == name) is not { } parameter)
            {
                return new ArgumentUnknown(string.Join(", ", parameters.Select(one => one.Name)));
            }

            if (value.ValueKind == JsonValueKind.Null)
            {
                continue;
            }

            try
            {
                if (parameter.Fault(value) is { } fault)
                {
                    return new ParameterInvalid(name, fault);
                }
            }
            catch (InvalidOperationException)
            {
                // Half a surrogate pair: a text that is none.
                return new ParameterInvalid(name, "it must be valid Unicode");
            }

            values[name] = value;
        }

        return parameters.FirstOrDefault(one => one.IsRequired && !values.ContainsKey(one.Name)) is { } missing
            ? new ParameterInvalid(missing.Name, "it is required")
            : new ToolArguments(values);
    }

    /// <summary>Null where it was not sent.</summary>
    public string? Text(string name) => _values.TryGetValue(name, out JsonElement value) ? value.GetString() : null;

    public bool Flag(string name) =>
        _values.TryGetValue(name, out JsonElement value) && value.ValueKind == JsonValueKind.True;

    public int Whole(string name, int otherwise) =>
        _values.TryGetValue(name, out JsonElement value) ? value.GetInt32() : otherwise;

    public DateTimeOffset? Time(string name) =>
        _values.TryGetValue(name, out JsonElement value) ? value.GetDateTimeOffset() : null;

    /// <summary>Empty where it was not sent.</summary>
    public ImmutableArray<string> Texts(string name) =>
        _values.TryGetValue(name, out JsonElement value)
            ? [.. value.EnumerateArray().Select(one => one.GetString()!)]
            : [];

    /// <summary>Null where it was not sent.</summary>
    public JsonElement? Value(string name) => _values.TryGetValue(name, out JsonElement value) ? value : null;
}

/// <param name="Known">Those that the tool takes.</param>
public sealed record ArgumentUnknown(string Known)
    : RequestRefusal("unknown_argument", $"The call has an argument that this tool does not take. Known: {Known}.");
