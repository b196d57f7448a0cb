using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Contracts.Schemas;

namespace Customer360.Rules.Contracts.Compatibility;

/// <summary>A difference between two schemas by which a value that kept the old one may not keep the new one.</summary>
/// <param name="Path">Where: <c>products[].price</c>; empty: the whole.</param>
/// <param name="Change">What was done: <c>required_added</c>, <c>type_narrowed</c>.</param>
/// <param name="IsStrictOnly">
/// Only who is strict minds. An optional property in an open model is the everyday case: nobody knows whether old values have another
/// one of that name.
/// </param>
public readonly record struct SchemaBreak(string Path, string Change, bool IsStrictOnly);

/// <summary>
/// Says whether values that keep an old schema keep a new one, too (what Confluent's registry calls BACKWARD). Lenient by default: event
/// schemas are open, and the strict reading would refuse each new property.
/// </summary>
public static class SchemaCompatibility
{
    private static readonly string[] s_lowerBounds =
    [
        "minimum",
        "exclusiveMinimum",
        "minLength",
        "minItems",
        "minProperties",
    ];

    private static readonly string[] s_upperBounds =
    [
        "maximum",
        "exclusiveMaximum",
        "maxLength",
        "maxItems",
        "maxProperties",
    ];

    // Compared member by member below, or without meaning for what is valid.
    private static readonly HashSet<string> s_understood = new(StringComparer.Ordinal)
    {
        "type",
        "enum",
        "const",
        "required",
        "properties",
        "additionalProperties",
        "items",
        "pattern",
        "multipleOf",
        "uniqueItems",
        "title",
        "description",
        "default",
        "examples",
        "format",
        "deprecated",
        "readOnly",
        "writeOnly",
        "$comment",
        "$schema",
        "$id",
        "id",
        "contentEncoding",
        "contentMediaType",
        "labels",
    };

    /// <summary>Who takes such a rule away only allows more.</summary>
    private static readonly HashSet<string> s_onlyForbid = new(StringComparer.Ordinal)
    {
        "$ref",
        "not",
        "allOf",
        "anyOf",
        "oneOf",
        "if",
        "then",
        "else",
        "contains",
        "maxContains",
        "propertyNames",
        "dependentRequired",
        "dependentSchemas",
        "dependencies",
        "unevaluatedProperties",
        "unevaluatedItems",
        "$defs",
        "definitions",
    };

    /// <summary>All breaks, in the order of the new schema; empty where old values keep it.</summary>
    /// <param name="before">A schema that compiles.</param>
    /// <param name="next">A schema that compiles.</param>
    public static ImmutableArray<SchemaBreak> Between(JsonElement before, JsonElement next)
    {
        List<SchemaBreak> breaks = [];
        Compare("", before, next, breaks);
        return [.. breaks.Distinct()];
    }

    private static void Compare(string path, JsonElement before, JsonElement next, List<SchemaBreak> breaks)
    {
        if (
            JsonElement.DeepEquals(before, next)
            || before.ValueKind == JsonValueKind.False
            || next.ValueKind == JsonValueKind.True
        )
        {
            return;
        }

        if (next.ValueKind == JsonValueKind.False)
        {
            breaks.Add(new SchemaBreak(path, "closed", IsStrictOnly: false));
            return;
        }

        // True says as little as an object without a word.
        JsonElement old = before.ValueKind == JsonValueKind.True ? s_empty : before;
        CompareTypes(path, old, next, breaks);
        CompareChoices(path, old, next, breaks);
        CompareBounds(path, old, next, breaks);
        CompareMembers(path, old, next, breaks);
        if (Member(next, "items") is { ValueKind: not JsonValueKind.Array } items)
        {
            Compare($"{path}[]", Member(old, "items") ?? s_empty, items, breaks);
        }

        CompareRest(path, old, next, breaks);
    }

    private static void CompareTypes(string path, JsonElement before, JsonElement next, List<SchemaBreak> breaks)
    {
        if (Member(next, "type") is not { } allowed)
        {
            return;
        }

        HashSet<string> types = [.. Texts(allowed)];
        bool isNarrower =
            Member(before, "type") is not { } was
            || Texts(was).Any(type => !types.Contains(type) && !(type == "integer" && types.Contains("number")));
        if (isNarrower)
        {
            breaks.Add(new SchemaBreak(path, "type_narrowed", IsStrictOnly: false));
        }
    }

    private static void CompareChoices(string path, JsonElement before, JsonElement next, List<SchemaBreak> breaks)
    {
        IReadOnlyList<JsonElement>? old = Choices(before);
        if (Choices(next) is { } choices)
        {
            bool isNarrower =
                old is null || old.Any(one => !choices.Any(choice => JsonElement.DeepEquals(one, choice)));
            if (isNarrower)
            {
                breaks.Add(new SchemaBreak(path, "enum_narrowed", IsStrictOnly: false));
            }
        }

        foreach (string name in (string[])["pattern", "multipleOf"])
        {
            if (
                Member(next, name) is { } rule
                && !(Member(before, name) is { } was && JsonElement.DeepEquals(was, rule))
            )
            {
                breaks.Add(new SchemaBreak(path, $"{name}_added", IsStrictOnly: false));
            }
        }

        if (
            Member(next, "uniqueItems") is { ValueKind: JsonValueKind.True }
            && Member(before, "uniqueItems") is not { ValueKind: JsonValueKind.True }
        )
        {
            breaks.Add(new SchemaBreak(path, "uniqueItems_added", IsStrictOnly: false));
        }
    }

    private static void CompareBounds(string path, JsonElement before, JsonElement next, List<SchemaBreak> breaks)
    {
        foreach (string name in s_lowerBounds.Concat(s_upperBounds))
        {
            if (Number(next, name) is not { } bound)
            {
                continue;
            }

            bool isLower = s_lowerBounds.Contains(name, StringComparer.Ordinal);
            // None at all is no rule, and a count of 0 is none either.
            bool isNarrower =
                Number(before, name) is not { } was
                    ? !(
                        isLower
                        && name.StartsWith("min", StringComparison.Ordinal)
                        && name != "minimum"
                        && IsZero(bound)
                    )
                : isLower ? SchemaNumber.Compare(bound, was) > 0
                : SchemaNumber.Compare(bound, was) < 0;
            if (isNarrower)
            {
                breaks.Add(new SchemaBreak(path, $"{name}_narrowed", IsStrictOnly: false));
            }
        }
    }

    private static void CompareMembers(string path, JsonElement before, JsonElement next, List<SchemaBreak> breaks)
    {
        HashSet<string> wasRequired = [.. Texts(Member(before, "required"))];
        foreach (string name in Texts(Member(next, "required")).Where(name => !wasRequired.Contains(name)))
        {
            breaks.Add(new SchemaBreak(Below(path, name), "required_added", IsStrictOnly: false));
        }

        JsonElement rest = Member(before, "additionalProperties") ?? s_true;
        JsonElement others = Member(next, "additionalProperties") ?? s_true;
        bool hasPatterns = Member(before, "patternProperties") is not null;
        Dictionary<string, JsonElement> old = Members(Member(before, "properties"));
        Dictionary<string, JsonElement> now = Members(Member(next, "properties"));
        foreach ((string name, JsonElement schema) in now)
        {
            if (old.TryGetValue(name, out JsonElement was))
            {
                Compare(Below(path, name), was, schema, breaks);
            }
            else if (rest.ValueKind != JsonValueKind.False || hasPatterns)
            {
                JsonElement of = hasPatterns ? s_true : rest;
                List<SchemaBreak> added = [];
                Compare(Below(path, name), of, schema, added);
                if (added.Count > 0)
                {
                    breaks.Add(
                        new SchemaBreak(Below(path, name), "property_added", JsonElement.DeepEquals(of, s_true))
                    );
                }
            }
        }

        foreach ((string name, JsonElement was) in old.Where(one => !now.ContainsKey(one.Key)))
        {
            List<SchemaBreak> removed = [];
            Compare(Below(path, name), was, others, removed);
            if (removed.Count > 0)
            {
                breaks.Add(new SchemaBreak(Below(path, name), "property_removed", IsStrictOnly: false));
            }
        }

        List<SchemaBreak> closed = [];
        Compare(Below(path, "*"), rest, others, closed);
        breaks.AddRange(closed);
    }

    /// <summary>What is not compared word by word: the same is the same, and of anything else it is not known.</summary>
    private static void CompareRest(string path, JsonElement before, JsonElement next, List<SchemaBreak> breaks)
    {
        foreach (string name in NamesOf(before).Union(NamesOf(next), StringComparer.Ordinal))
        {
            if (
                (s_understood.Contains(name) && !IsListOfItems(before, next, name))
                || s_lowerBounds.Contains(name, StringComparer.Ordinal)
                || s_upperBounds.Contains(name, StringComparer.Ordinal)
            )
            {
                continue;
            }

            JsonElement? was = Member(before, name);
            JsonElement? rule = Member(next, name);
            bool isSame = was is { } one && rule is { } other && JsonElement.DeepEquals(one, other);
            // What nothing else has looked at depends on all the rest, and something of that has changed.
            bool leansOnOthers = name.StartsWith("unevaluated", StringComparison.Ordinal);
            if ((isSame && !leansOnOthers) || (rule is null && s_onlyForbid.Contains(name)))
            {
                continue;
            }

            breaks.Add(new SchemaBreak(path, $"{name}_changed", IsStrictOnly: false));
        }
    }

    private static bool IsListOfItems(JsonElement before, JsonElement next, string name) =>
        name == "items"
        && (
            Member(before, name) is { ValueKind: JsonValueKind.Array }
            || Member(next, name) is { ValueKind: JsonValueKind.Array }
        );

    private static readonly JsonElement s_empty = JsonSerializer.SerializeToElement(new Dictionary<string, string>());

    private static readonly JsonElement s_true = JsonSerializer.SerializeToElement(true);

    private static bool IsZero(in SchemaNumber number) => number.ToCount() == 0;

    private static SchemaNumber? Number(JsonElement schema, string name) =>
        Member(schema, name) is { ValueKind: JsonValueKind.Number } value
            ? SchemaNumber.Parse(System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(value))
            : null;

    private static List<JsonElement>? Choices(JsonElement schema) =>
        Member(schema, "const") is { } only ? [only]
        : Member(schema, "enum") is { ValueKind: JsonValueKind.Array } choices ? [.. choices.EnumerateArray()]
        : null;

    private static JsonElement? Member(JsonElement schema, string name) =>
        schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty(name, out JsonElement value) ? value : null;

    private static Dictionary<string, JsonElement> Members(JsonElement? map) =>
        map is { ValueKind: JsonValueKind.Object } members
            ? members.EnumerateObject().ToDictionary(one => one.Name, one => one.Value, StringComparer.Ordinal)
            : [];

    private static IEnumerable<string> NamesOf(JsonElement schema) =>
        schema.ValueKind == JsonValueKind.Object ? schema.EnumerateObject().Select(one => one.Name) : [];

    private static IEnumerable<string> Texts(JsonElement? value) =>
        value switch
        {
            { ValueKind: JsonValueKind.String } one => [one.GetString()!],
            { ValueKind: JsonValueKind.Array } list => list.EnumerateArray()
                .Where(one => one.ValueKind == JsonValueKind.String)
                .Select(one => one.GetString()!),
            _ => [],
        };

    private static string Below(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
