using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Customer360.Rules.Contracts.Schemas;

/// <summary>What is asked of the members of an object and the items of a list.</summary>
internal sealed partial class SchemaCheck
{
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
        HashSet<string> texts = new(StringComparer.Ordinal);
        HashSet<decimal> small = [];
        List<JsonElement> numbers = [];
        List<JsonElement> others = [];
        bool areSmall = true;
        foreach (JsonElement item in list.EnumerateArray())
        {
            switch (item.ValueKind)
            {
                case JsonValueKind.String:
                    if (!texts.Add(item.GetString()!))
                    {
                        return false;
                    }

                    break;
                case JsonValueKind.Number:
                    numbers.Add(item);
                    decimal? exact = SchemaNumber.Parse(JsonMarshal.GetRawUtf8Value(item)).Small;
                    areSmall &= exact is not null;
                    if (exact is { } number && !small.Add(number))
                    {
                        return false;
                    }

                    break;
                default:
                    others.Add(item);
                    break;
            }
        }

        // What no decimal holds is compared with each of the others.
        others.AddRange(areSmall ? [] : numbers);
        for (int one = 1; one < others.Count; one++)
        {
            for (int other = 0; other < one; other++)
            {
                Step();
                if (JsonElement.DeepEquals(others[one], others[other]))
                {
                    return false;
                }
            }
        }

        return true;
    }
}
