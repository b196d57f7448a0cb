using System.Collections.Immutable;
using System.Text.Json;

namespace Customer360.Rules.Policies;

/// <summary>A difference between two versions of a policy.</summary>
/// <param name="Path">Where: <c>fields.plan.sources</c>, <c>identifiers[email].limit</c>.</param>
/// <param name="Before">JSON; null where it is new.</param>
/// <param name="After">JSON; null where it is gone.</param>
public readonly record struct PolicyChange(string Path, string? Before, string? After);

/// <summary>Compares two versions of a policy by their canonical JSON.</summary>
public static class PolicyChanges
{
    /// <summary>More than anybody looks through; a file that shares nothing with another one has thousands.</summary>
    public const int CountMax = 500;

    /// <summary>The differences in the order of the documents; the first <see cref="CountMax"/> of them.</summary>
    public static ImmutableArray<PolicyChange> Between(ReadOnlyMemory<byte> before, ReadOnlyMemory<byte> after)
    {
        using var one = JsonDocument.Parse(before);
        using var other = JsonDocument.Parse(after);
        List<PolicyChange> changes = [];
        Compare("", one.RootElement, other.RootElement, changes);
        return [.. changes.Take(CountMax)];
    }

    private static void Compare(string path, JsonElement before, JsonElement after, List<PolicyChange> changes)
    {
        if (JsonElement.DeepEquals(before, after))
        {
            return;
        }

        if (PartsOf(before) is not { } left || PartsOf(after) is not { } right || before.ValueKind != after.ValueKind)
        {
            changes.Add(new PolicyChange(path, before.GetRawText(), after.GetRawText()));
            return;
        }

        bool isList = before.ValueKind == JsonValueKind.Array;
        foreach (string name in left.Keys.Union(right.Keys, StringComparer.Ordinal))
        {
            string of =
                isList ? $"{path}[{name}]"
                : path.Length == 0 ? name
                : $"{path}.{name}";
            bool was = left.TryGetValue(name, out JsonElement old);
            bool stays = right.TryGetValue(name, out JsonElement next);
            if (was && stays)
            {
                Compare(of, old, next, changes);
            }
            else
            {
                changes.Add(new PolicyChange(of, was ? old.GetRawText() : null, stays ? next.GetRawText() : null));
            }
        }
    }

    /// <summary>
    /// The members of an object; the items of a list by the text that each begins with (<c>{"type":"email",…}</c>). Null of
    /// everything else: that is compared as a whole.
    /// </summary>
    private static Dictionary<string, JsonElement>? PartsOf(JsonElement element)
    {
        var parts = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (JsonProperty member in element.EnumerateObject())
                {
                    parts[member.Name] = member.Value;
                }

                return parts;
            case JsonValueKind.Array when element.GetArrayLength() > 0:
                foreach (JsonElement item in element.EnumerateArray())
                {
                    if (
                        item.ValueKind != JsonValueKind.Object
                        || item.EnumerateObject().FirstOrDefault().Value is not { ValueKind: JsonValueKind.String } name
                        || !parts.TryAdd(name.GetString()!, item)
                    )
                    {
                        return null;
                    }
                }

                return parts;
            default:
                return null;
        }
    }
}
