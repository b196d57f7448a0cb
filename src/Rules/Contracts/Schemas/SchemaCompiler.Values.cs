using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Customer360.Rules.Contracts.Schemas;

/// <summary>What stands behind a keyword: of the right type, or a fault.</summary>
internal sealed partial class SchemaCompiler
{
    private JsonElement.ObjectEnumerator MembersOf(SchemaKeyword keyword)
    {
        if (keyword.Value.ValueKind == JsonValueKind.Object)
        {
            return keyword.Value.EnumerateObject();
        }

        Fault(keyword, "It must be an object.");
        return default;
    }

    private JsonElement.ArrayEnumerator ItemsOf(SchemaKeyword keyword)
    {
        if (keyword.Value.ValueKind == JsonValueKind.Array)
        {
            return keyword.Value.EnumerateArray();
        }

        Fault(keyword, "It must be a list.");
        return default;
    }

    private IEnumerable<string> TextsOf(SchemaKeyword keyword, JsonElement list)
    {
        if (
            list.ValueKind == JsonValueKind.Array
            && list.EnumerateArray().All(one => one.ValueKind == JsonValueKind.String)
        )
        {
            return list.EnumerateArray().Select(one => one.GetString()!).Distinct(StringComparer.Ordinal);
        }

        Fault(keyword, "It must be a list of texts.");
        return [];
    }

    private string? TextOf(SchemaKeyword keyword)
    {
        if (keyword.Value.ValueKind == JsonValueKind.String)
        {
            return keyword.Value.GetString();
        }

        Fault(keyword, "It must be a text.");
        return null;
    }

    private Regex? PatternOf(SchemaKeyword keyword, string? pattern)
    {
        if (pattern is null)
        {
            return null;
        }

        Regex? regex = SchemaPattern.TryCompile(pattern, out string? refusal);
        if (refusal is not null)
        {
            Fault(keyword, refusal);
        }

        return regex;
    }

    private SchemaNumber? NumberOf(SchemaKeyword keyword)
    {
        if (keyword.Value.ValueKind != JsonValueKind.Number)
        {
            Fault(keyword, "It must be a number.");
            return null;
        }

        try
        {
            return SchemaNumber.Parse(JsonMarshal.GetRawUtf8Value(keyword.Value));
        }
        catch (SchemaTooCostlyException)
        {
            Fault(keyword, "The number is too large.");
            return null;
        }
    }

    private int? CountOf(SchemaKeyword keyword)
    {
        int? count = keyword.Value.ValueKind == JsonValueKind.Number ? NumberOf(keyword)?.ToCount() : null;
        if (count is null)
        {
            Fault(keyword, "It must be a whole number of 0 or more.");
        }

        return count;
    }

    private SchemaTypes TypesOf(SchemaKeyword keyword)
    {
        IEnumerable<string> names =
            keyword.Value.ValueKind == JsonValueKind.String
                ? [keyword.Value.GetString()!]
                : TextsOf(keyword, keyword.Value);
        var types = SchemaTypes.Any;
        foreach (string name in names)
        {
            SchemaTypes one = name switch
            {
                "null" => SchemaTypes.Null,
                "boolean" => SchemaTypes.Boolean,
                "object" => SchemaTypes.Object,
                "array" => SchemaTypes.Array,
                "number" => SchemaTypes.Number,
                "integer" => SchemaTypes.Integer,
                "string" => SchemaTypes.String,
                _ => SchemaTypes.Any,
            };
            if (one == SchemaTypes.Any)
            {
                Fault(keyword, "It must be null, boolean, object, array, number, integer or string.");
            }

            types |= one;
        }

        if (types == SchemaTypes.Any)
        {
            Fault(keyword, "It must name a type.");
        }

        return types;
    }
}
