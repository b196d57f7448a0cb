using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Customer360.Rules.Contracts.Schemas;

/// <summary>
/// One check of one value. Without a list of violations it stops at the first; with one it goes on and notes where each part of the
/// value is wrong.
/// </summary>
internal sealed class SchemaCheck(bool isDynamic, List<SchemaViolation>? violations)
{
    private readonly List<SchemaResource> _scope = [];
    private readonly List<string> _path = [];
    private int _steps;
    private int _nesting;

    // Within a choice (anyOf, not, if) a part that does not fit is no violation.
    private int _muted;

    private bool StopsAtFirst => violations is null || _muted > 0;

    public bool Check(SchemaNode node, JsonElement value) => Check(node, value, evaluated: null);

    private bool Check(SchemaNode node, JsonElement value, EvaluatedParts? evaluated)
    {
        if (++_steps > SchemaLimits.StepsMax || _nesting >= SchemaLimits.NestingMax)
        {
            throw new SchemaTooCostlyException();
        }

        if (node.Always is { } always)
        {
            return always || Wrong("false");
        }

        bool entersResource = isDynamic && (_scope.Count == 0 || _scope[^1] != node.Resource);
        if (entersResource)
        {
            _scope.Add(node.Resource);
        }

        _nesting++;
        EvaluatedParts? own = evaluated is not null || node.HasUnevaluated ? new EvaluatedParts() : null;
        bool fits = CheckValue(node, value);
        fits = (fits || !StopsAtFirst) && CheckParts(node, value, own) && fits;
        fits = (fits || !StopsAtFirst) && CheckInPlace(node, value, own) && fits;
        // Of a part that is wrong nobody knows what it has looked at.
        fits = fits && CheckUnevaluated(node, value, own);
        if (fits && own is not null)
        {
            evaluated?.Add(own);
        }

        _nesting--;
        if (entersResource)
        {
            _scope.RemoveAt(_scope.Count - 1);
        }

        return fits;
    }

    private bool CheckValue(SchemaNode node, JsonElement value)
    {
        bool fits = node.Types == SchemaTypes.Any || IsOf(node.Types, value) || Wrong("type");
        if (node.Enum is { } choices)
        {
            bool isOne = false;
            foreach (JsonElement choice in choices)
            {
                if (Same(choice, value))
                {
                    isOne = true;
                    break;
                }
            }

            fits &= isOne || Wrong("enum");
        }

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

    private bool CheckParts(SchemaNode node, JsonElement value, EvaluatedParts? own) =>
        value.ValueKind switch
        {
            JsonValueKind.Object when node.ConcernsObjects => CheckObject(node, value, own),
            JsonValueKind.Array when node.ConcernsArrays => CheckArray(node, value, own),
            _ => true,
        };

    private bool CheckObject(SchemaNode node, JsonElement value, EvaluatedParts? own)
    {
        int named = node.Names?.Count ?? 0;
        Span<bool> seen = named <= 128 ? stackalloc bool[named] : new bool[named];
        int count = 0;
        bool fits = true;
        foreach (JsonProperty member in value.EnumerateObject())
        {
            int place = node.Names?.IndexOf(member) ?? -1;
            if (place >= 0)
            {
                seen[place] = true;
            }

            fits &= CheckMember(node, member, place, count++, own);
            if (!fits && StopsAtFirst)
            {
                return false;
            }
        }

        fits &= node.MinProperties is not { } min || count >= min || Wrong("minProperties");
        fits &= node.MaxProperties is not { } max || count <= max || Wrong("maxProperties");
        foreach (int required in node.Required)
        {
            fits &= seen[required] || Wrong("required", node.NamesText[required]);
        }

        foreach ((int when, int[] then) in node.DependentRequired)
        {
            foreach (int required in seen[when] ? then : [])
            {
                fits &= seen[required] || Wrong("dependentRequired", node.NamesText[required]);
            }
        }

        foreach ((int when, SchemaNode then) in node.DependentSchemas)
        {
            fits &= !seen[when] || Check(then, value, own);
        }

        return fits;
    }

    private bool CheckMember(SchemaNode node, in JsonProperty member, int place, int index, EvaluatedParts? own)
    {
        bool isKnown = false;
        bool fits = true;
        if (place >= 0 && node.Properties[place] is { } schema)
        {
            isKnown = true;
            fits &= Below(schema, member.Value, node.NamesText[place]);
        }

        foreach ((Regex pattern, SchemaNode of) in node.PatternProperties)
        {
            if (pattern.IsMatch(member.Name))
            {
                isKnown = true;
                fits &= Below(of, member.Value, "*");
            }
        }

        if (!isKnown && node.AdditionalProperties is { } additional)
        {
            isKnown = true;
            fits &=
                additional.Always == false ? Wrong("additionalProperties", "*") : Below(additional, member.Value, "*");
        }

        if (node.PropertyNames is { } names)
        {
            _muted++;
            bool isName = Check(names, JsonSerializer.SerializeToElement(member.Name), evaluated: null);
            _muted--;
            fits &= isName || Wrong("propertyNames");
        }

        if (isKnown)
        {
            own?.Members.Add(index);
        }

        return fits;
    }

    private bool CheckArray(SchemaNode node, JsonElement value, EvaluatedParts? own)
    {
        int length = value.GetArrayLength();
        bool fits = true;
        fits &= node.MinItems is not { } min || length >= min || Wrong("minItems");
        fits &= node.MaxItems is not { } max || length <= max || Wrong("maxItems");
        int prefix = Math.Min(node.PrefixItems?.Length ?? 0, length);
        int index = 0;
        int contained = 0;
        foreach (JsonElement item in value.EnumerateArray())
        {
            if (!fits && StopsAtFirst)
            {
                return false;
            }

            if (index < prefix)
            {
                fits &= Below(node.PrefixItems![index], item, "[]");
            }
            else if (node.Items is { } items)
            {
                fits &= Below(items, item, "[]");
            }

            if (node.Contains is { } wanted && IsOneOf(wanted, item))
            {
                contained++;
                own?.Items.Add(index);
            }

            index++;
        }

        own?.TakePrefix(node.Items is not null ? length : prefix);
        if (node.Contains is not null)
        {
            fits &= contained >= node.MinContains || Wrong("contains");
            fits &= node.MaxContains is not { } most || contained <= most || Wrong("maxContains");
        }

        return (!node.UniqueItems || AreUnique(value) || Wrong("uniqueItems")) && fits;
    }

    private bool IsOneOf(SchemaNode wanted, JsonElement item)
    {
        _muted++;
        bool fits = Check(wanted, item, evaluated: null);
        _muted--;
        return fits;
    }

    private bool AreUnique(JsonElement list)
    {
        JsonElement[] items = [.. list.EnumerateArray()];
        for (int one = 1; one < items.Length; one++)
        {
            for (int other = 0; other < one; other++)
            {
                if (++_steps > SchemaLimits.StepsMax)
                {
                    throw new SchemaTooCostlyException();
                }

                if (Same(items[one], items[other]))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private bool CheckInPlace(SchemaNode node, JsonElement value, EvaluatedParts? own)
    {
        bool fits = node.Ref is not { } reference || Check(reference, value, own);
        if (node.DynamicRef is not null && (fits || !StopsAtFirst))
        {
            fits &= Check(TargetOf(node), value, own);
        }

        foreach (SchemaNode part in node.AllOf)
        {
            if (!fits && StopsAtFirst)
            {
                return false;
            }

            fits &= Check(part, value, own);
        }

        fits = (fits || !StopsAtFirst) && CheckChoices(node, value, own) && fits;
        if (node.If is { } condition && (fits || !StopsAtFirst))
        {
            _muted++;
            bool applies = Check(condition, value, own);
            _muted--;
            fits &= (applies ? node.Then : node.Else) is not { } then || Check(then, value, own);
        }

        return fits;
    }

    private bool CheckChoices(SchemaNode node, JsonElement value, EvaluatedParts? own)
    {
        bool fits = true;
        _muted++;
        if (node.AnyOf is { } any)
        {
            bool isAny = false;
            foreach (SchemaNode choice in any)
            {
                // Every choice that fits says which parts it has looked at.
                isAny |= Check(choice, value, own);
                if (isAny && own is null)
                {
                    break;
                }
            }

            fits &= isAny || Wrong("anyOf", unmuted: true);
        }

        if (node.OneOf is { } one)
        {
            int fitting = 0;
            foreach (SchemaNode choice in one)
            {
                fitting += Check(choice, value, own) ? 1 : 0;
            }

            fits &= fitting == 1 || Wrong("oneOf", unmuted: true);
        }

        if (node.Not is { } not)
        {
            fits &= !Check(not, value, evaluated: null) || Wrong("not", unmuted: true);
        }

        _muted--;
        return fits;
    }

    private bool CheckUnevaluated(SchemaNode node, JsonElement value, EvaluatedParts? own)
    {
        bool fits = true;
        if (node.UnevaluatedProperties is { } members && value.ValueKind == JsonValueKind.Object)
        {
            int index = 0;
            foreach (JsonProperty member in value.EnumerateObject())
            {
                if (own!.Members.Add(index++))
                {
                    fits &=
                        members.Always == false
                            ? Wrong("unevaluatedProperties", "*")
                            : Below(members, member.Value, "*");
                }
            }
        }

        if (node.UnevaluatedItems is { } items && value.ValueKind == JsonValueKind.Array)
        {
            int index = 0;
            foreach (JsonElement item in value.EnumerateArray())
            {
                if (index >= own!.ItemsBefore && !own.Items.Contains(index))
                {
                    fits &= Below(items, item, "[]");
                }

                index++;
            }

            own!.TakePrefix(value.GetArrayLength());
        }

        return fits;
    }

    /// <summary>The outermost schema on the way here that has such a name overrides the one that is referred to.</summary>
    private SchemaNode TargetOf(SchemaNode node)
    {
        if (node.DynamicName is { } name)
        {
            foreach (SchemaResource resource in _scope)
            {
                if (resource.DynamicAnchors.TryGetValue(name, out SchemaNode? outer))
                {
                    return outer;
                }
            }
        }

        return node.DynamicRef!;
    }

    private bool Below(SchemaNode schema, JsonElement value, string step)
    {
        if (StopsAtFirst)
        {
            return Check(schema, value, evaluated: null);
        }

        _path.Add(step);
        bool fits = Check(schema, value, evaluated: null);
        _path.RemoveAt(_path.Count - 1);
        return fits;
    }

    private bool Wrong(string keyword, string? step = null, bool unmuted = false)
    {
        if (violations is not null && _muted == (unmuted ? 1 : 0) && violations.Count < SchemaLimits.ViolationsMax * 4)
        {
            violations.Add(new SchemaViolation(PathWith(step), keyword));
        }

        return false;
    }

    /// <summary><c>products[].price</c></summary>
    private string PathWith(string? last)
    {
        var path = new StringBuilder();
        foreach (string step in last is null ? _path : [.. _path, last])
        {
            if (step == "[]")
            {
                path.Append(step);
            }
            else
            {
                path.Append(path.Length == 0 ? "" : ".").Append(step);
            }
        }

        return path.ToString();
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

    /// <summary>The members and items of a value that some keyword has looked at.</summary>
    private sealed class EvaluatedParts
    {
        /// <summary>By their place in the object.</summary>
        public HashSet<int> Members { get; } = [];

        /// <summary>Behind <see cref="ItemsBefore"/>.</summary>
        public HashSet<int> Items { get; } = [];

        public int ItemsBefore { get; private set; }

        public void TakePrefix(int items) => ItemsBefore = Math.Max(ItemsBefore, items);

        public void Add(EvaluatedParts other)
        {
            Members.UnionWith(other.Members);
            Items.UnionWith(other.Items);
            TakePrefix(other.ItemsBefore);
        }
    }
}
