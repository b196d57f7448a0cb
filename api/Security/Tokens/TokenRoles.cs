using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Keys;

namespace Customer360.Api.Security.Tokens;

/// <summary>Which roles the claims of a token give: those of the settings' map, and no other.</summary>
internal sealed class TokenRoles(TokenOptions options)
{
    private readonly ImmutableDictionary<string, string> _roleByValue = Pairs(options.Roles)
        .ToImmutableDictionary(pair => pair.Value, pair => pair.Role, StringComparer.Ordinal);

    /// <summary>The roles, each once; empty where the claim is missing, of another shape, or names none of ours.</summary>
    public ImmutableArray<string> Of(JsonElement claims)
    {
        if (Find(claims, options.RolesClaim) is not { } claim)
        {
            return [];
        }

        IEnumerable<string> values = claim.ValueKind switch
        {
            JsonValueKind.String => claim.GetString()!.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            JsonValueKind.Array => claim
                .EnumerateArray()
                .Where(one => one.ValueKind == JsonValueKind.String)
                .Select(one => one.GetString()!),
            _ => [],
        };
        return [.. values.Select(value => _roleByValue.GetValueOrDefault(value)).OfType<string>().Distinct()];
    }

    /// <summary>What is wrong with a map, as the end of a sentence; null where nothing is.</summary>
    public static string? Problem(string map)
    {
        HashSet<string> values = new(StringComparer.Ordinal);
        foreach ((string value, string role) in Pairs(map))
        {
            if (value.Length == 0 || KeyWords.RoleProblem(role) is not null)
            {
                return "it must be value=role pairs with commas between, as in grid-admins=admin,sales-team=sales";
            }

            if (!values.Add(value))
            {
                return $"'{value}' stands in it twice";
            }
        }

        return values.Count == 0 ? "it must hold one value=role pair at least" : null;
    }

    private static JsonElement? Find(JsonElement claims, string path)
    {
        // A claim may have a dot in its name: https://example.com/roles.
        if (claims.TryGetProperty(path, out JsonElement whole))
        {
            return whole;
        }

        JsonElement place = claims;
        foreach (string name in path.Split('.'))
        {
            if (place.ValueKind != JsonValueKind.Object || !place.TryGetProperty(name, out place))
            {
                return null;
            }
        }

        return place;
    }

    private static IEnumerable<(string Value, string Role)> Pairs(string map) =>
        from pair in map.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        let place = pair.LastIndexOf('=')
        select place < 0 ? (pair, "") : (pair[..place].Trim(), pair[(place + 1)..].Trim());
}
