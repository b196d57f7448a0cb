using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Customer360.Rules.Contracts.Schemas;

/// <summary>Which members of an object its schemas name. Worked out once for a contract, since it is asked of each message.</summary>
public sealed class DeclaredMembers
{
    private readonly bool _isClosed;
    private readonly SchemaNames _names;
    private readonly ImmutableArray<Regex> _patterns;

    private DeclaredMembers(IReadOnlyCollection<SchemaNode> schemas)
    {
        _isClosed = schemas.Any(one => one.AdditionalProperties is not null || one.UnevaluatedProperties is not null);
        _names = new SchemaNames([.. schemas.SelectMany(one => one.NamesText).Distinct(StringComparer.Ordinal)]);
        _patterns = [.. schemas.SelectMany(one => one.PatternProperties).Select(one => one.Pattern)];
    }

    /// <summary>How many members the object has that no schema names; 0 where one of them says itself what others there may be.</summary>
    public int CountOthers(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object || _isClosed)
        {
            return 0;
        }

        int count = 0;
        foreach (JsonProperty member in value.EnumerateObject())
        {
            count += IsNamed(member) ? 0 : 1;
        }

        return count;
    }

    /// <summary>Of the objects that a schema is about.</summary>
    internal static DeclaredMembers Of(SchemaNode schema) => new(Together([schema]));

    /// <summary>Of the objects that stand under a member of those that a schema is about.</summary>
    internal static DeclaredMembers Below(SchemaNode schema, string member) =>
        new(
            Together(
                Together([schema])
                    .Select(one => one.Properties.ElementAtOrDefault(Array.IndexOf(one.NamesText, member)))
                    .OfType<SchemaNode>()
            )
        );

    /// <summary>These, and all that the same value must meet or may: each once, in whatever circles they refer to one another.</summary>
    private static HashSet<SchemaNode> Together(IEnumerable<SchemaNode> schemas)
    {
        var open = new Stack<SchemaNode>(schemas);
        HashSet<SchemaNode> all = [];
        while (open.TryPop(out SchemaNode? next))
        {
            if (all.Add(next))
            {
                foreach (SchemaNode other in next.InPlace())
                {
                    open.Push(other);
                }
            }
        }

        return all;
    }

    private bool IsNamed(in JsonProperty member)
    {
        if (_names.IndexOf(member) >= 0)
        {
            return true;
        }

        foreach (Regex pattern in _patterns)
        {
            if (pattern.IsMatch(member.Name))
            {
                return true;
            }
        }

        return false;
    }
}
