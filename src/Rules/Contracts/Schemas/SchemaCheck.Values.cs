using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Customer360.Rules.Contracts.Schemas;

/// <summary>What is asked of a value itself: its type, choices, numbers and texts.</summary>
internal sealed partial class SchemaCheck
{
    private bool CheckValue(SchemaNode node, JsonElement value)
    {
        bool fits = node.Types == SchemaTypes.Any || IsOf(node.Types, value) || Wrong("type");
        fits &= node.Enum is not { } choices || IsAmong(choices, node, value) || Wrong("enum");
        fits &= node.Const is not { } only || Same(only, value) || Wrong("const");
        return value.ValueKind switch
        {
            JsonValueKind.Number when node.ConcernsNumbers => CheckNumber(node, value) && fits,
            JsonValueKind.String
                when node.MinLength is not null || node.MaxLength is not null || node.Pattern is not null => CheckText(
                node,
                value
            ) && fits,
            _ => fits,
        };
    }

    private bool IsAmong(ImmutableArray<JsonElement> choices, SchemaNode node, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String)
        {
            return node.EnumTexts.Contains(value.GetString()!);
        }

        foreach (JsonElement choice in choices)
        {
            Step();
            if (JsonElement.DeepEquals(choice, value))
            {
                return true;
            }
        }

        return false;
    }

    private bool CheckNumber(SchemaNode node, JsonElement value)
    {
        var number = SchemaNumber.Parse(JsonMarshal.GetRawUtf8Value(value));
        bool fits = true;
        fits &= node.Minimum is not { } min || SchemaNumber.Compare(number, min) >= 0 || Wrong("minimum");
        fits &=
            node.ExclusiveMinimum is not { } above
            || SchemaNumber.Compare(number, above) > 0
            || Wrong("exclusiveMinimum");
        fits &= node.Maximum is not { } max || SchemaNumber.Compare(number, max) <= 0 || Wrong("maximum");
        fits &=
            node.ExclusiveMaximum is not { } below
            || SchemaNumber.Compare(number, below) < 0
            || Wrong("exclusiveMaximum");
        fits &= node.MultipleOf is not { } step || number.IsMultipleOf(step) || Wrong("multipleOf");
        return fits;
    }

    private bool CheckText(SchemaNode node, JsonElement value)
    {
        string text = value.GetString()!;
        bool fits = true;
        if (node.MinLength is not null || node.MaxLength is not null)
        {
            int length = text.Length;
            foreach (char one in text)
            {
                length -= char.IsLowSurrogate(one) ? 1 : 0;
            }

            fits &= node.MinLength is not { } min || length >= min || Wrong("minLength");
            fits &= node.MaxLength is not { } max || length <= max || Wrong("maxLength");
        }

        fits &= node.Pattern is not { } pattern || pattern.IsMatch(text) || Wrong("pattern");
        return fits;
    }

    private static bool IsOf(SchemaTypes types, JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Object => types.HasFlag(SchemaTypes.Object),
            JsonValueKind.Array => types.HasFlag(SchemaTypes.Array),
            JsonValueKind.String => types.HasFlag(SchemaTypes.String),
            JsonValueKind.True or JsonValueKind.False => types.HasFlag(SchemaTypes.Boolean),
            JsonValueKind.Null => types.HasFlag(SchemaTypes.Null),
            JsonValueKind.Number => types.HasFlag(SchemaTypes.Number)
                || (types.HasFlag(SchemaTypes.Integer) && IsWhole(JsonMarshal.GetRawUtf8Value(value))),
            _ => false,
        };

    private static bool IsWhole(ReadOnlySpan<byte> number) =>
        number.IndexOfAny((byte)'.', (byte)'e', (byte)'E') < 0 || SchemaNumber.Parse(number).IsWhole;

    private static bool Same(JsonElement one, JsonElement other) =>
        one.ValueKind == JsonValueKind.String && other.ValueKind == JsonValueKind.String
            ? other.ValueEquals(one.GetString())
            : JsonElement.DeepEquals(one, other);
}
