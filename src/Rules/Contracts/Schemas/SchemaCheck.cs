using System.Text;
using System.Text.Json;

namespace Customer360.Rules.Contracts.Schemas;

/// <summary>
/// One check of one value. Without a list of violations it stops at the first; with one it goes on and notes where each part of the
/// value is wrong.
/// </summary>
internal sealed partial class SchemaCheck(bool isDynamic, List<SchemaViolation>? violations)
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
        Step();
        if (_nesting >= SchemaLimits.NestingMax)
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

    private void Step()
    {
        if (++_steps > SchemaLimits.StepsMax)
        {
            throw new SchemaTooCostlyException();
        }
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
