using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Customer360.Api.Mcp;

/// <summary>What kind of value an argument of a tool is.</summary>
internal enum ArgumentKind
{
    Text = 0,
    Flag = 1,
    Whole = 2,

    /// <summary>A time of RFC 3339 with its offset.</summary>
    Time = 3,
    Texts = 4,
    Object = 5,
}

/// <summary>An argument that a tool takes: its JSON Schema is written from it, and what is sent is checked by it.</summary>
/// <param name="Description">For the agent that fills it in.</param>
internal sealed record ToolParameter(string Name, ArgumentKind Kind, string Description)
{
    private const int TextLengthMax = 1_024;
    private const int ItemsMax = 100;

    public bool IsRequired { get; init; }

    /// <summary>Of a text: characters at most.</summary>
    public int LengthMax { get; init; } = TextLengthMax;

    /// <summary>Of a whole number: the smallest is 1.</summary>
    public int Most { get; init; } = int.MaxValue;

    /// <summary>The only texts that may stand here; empty: any.</summary>
    public ImmutableArray<string> Choices { get; init; } = [];

    /// <summary>Its JSON Schema (2020-12).</summary>
    public JsonObject Schema()
    {
        JsonObject schema = Kind switch
        {
            ArgumentKind.Flag => new() { ["type"] = "boolean" },
            ArgumentKind.Whole => new()
            {
                ["type"] = "integer",
                ["minimum"] = 1,
                ["maximum"] = Most,
            },
            ArgumentKind.Time => new() { ["type"] = "string", ["format"] = "date-time" },
            ArgumentKind.Texts => new()
            {
                ["type"] = "array",
                ["items"] = new JsonObject { ["type"] = "string", ["maxLength"] = LengthMax },
                ["minItems"] = 1,
                ["maxItems"] = Math.Min(Most, ItemsMax),
            },
            ArgumentKind.Object => new() { ["type"] = "object" },
            _ => new() { ["type"] = "string", ["maxLength"] = LengthMax },
        };
        if (!Choices.IsEmpty)
        {
            schema["enum"] = new JsonArray([.. Choices.Select(choice => (JsonNode)choice)]);
        }

        schema["description"] = Description;
        return schema;
    }

    /// <summary>Why a value can't be what is meant, or null.</summary>
    public string? Fault(JsonElement value) =>
        Kind switch
        {
            ArgumentKind.Flag => value.ValueKind is JsonValueKind.True or JsonValueKind.False
                ? null
                : "it must be true or false",
            ArgumentKind.Whole => IsWhole(value) ? null : $"it must be a whole number from 1 to {Number(Most)}",
            ArgumentKind.Time => value.ValueKind == JsonValueKind.String && value.TryGetDateTimeOffset(out _)
                ? null
                : "it must be a time of RFC 3339, for example 2026-11-22T10:00:00Z",
            ArgumentKind.Texts => IsTexts(value)
                ? null
                : $"it must be a list of 1 to {Number(Math.Min(Most, ItemsMax))} texts of {Number(LengthMax)} characters at most",
            ArgumentKind.Object => value.ValueKind == JsonValueKind.Object ? null : "it must be an object",
            _ => !IsText(value) ? $"it must be a text of 1 to {Number(LengthMax)} characters"
            : Choices.IsEmpty || Choices.Contains(value.GetString()!, StringComparer.Ordinal) ? null
            : $"it must be one of {string.Join(", ", Choices)}",
        };

    private bool IsWhole(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number >= 1 && number <= Most;

    private bool IsTexts(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array
        && value.GetArrayLength() is var length
        && length >= 1
        && length <= Math.Min(Most, ItemsMax)
        && value.EnumerateArray().All(IsText);

    private bool IsText(JsonElement value) =>
        value.ValueKind == JsonValueKind.String
        && value.GetString() is { Length: > 0 } text
        && text.Length <= LengthMax;

    private static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
