using System.Text.Json;
using Customer360.Api.Http;
using Customer360.Api.Problems;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Profiles.Names;

namespace Customer360.Api.Profiles;

/// <summary>The body of <c>POST /v1/profiles:find</c>. A name stands in no URL, since proxies write URLs down.</summary>
/// <param name="Query">The words that are looked for.</param>
/// <param name="Limit">People at most, 1 to 50.</param>
/// <param name="Cursor">The <c>next</c> of the page before; null: the first page.</param>
internal sealed record ProfilesFindBody(NameQuery Query, int Limit, string? Cursor)
{
    /// <summary>People of a page at most: each is read.</summary>
    public const int LimitMax = 50;

    /// <summary>People of a page where nothing is said.</summary>
    public const int LimitDefault = 20;

    private const int BytesMax = 8 * 1024;

    private static readonly string[] s_members = ["name", "limit", "cursor"];

    public static ValueTask<Outcome<ProfilesFindBody>> ReadAsync(HttpRequest request) =>
        JsonBody.ReadAsync(request, BytesMax, Read);

    private static Outcome<ProfilesFindBody> Read(JsonElement root)
    {
        if (
            root.ValueKind != JsonValueKind.Object
            || root.EnumerateObject().Any(member => !s_members.Contains(member.Name, StringComparer.Ordinal))
            || !root.TryGetProperty("name"u8, out JsonElement name)
            || name.ValueKind != JsonValueKind.String
        )
        {
            return new BodyNotJson("an object with name, a text, and perhaps limit and cursor is wanted");
        }

        int limit = LimitDefault;
        if (
            root.TryGetProperty("limit"u8, out JsonElement asked)
            && (asked.ValueKind != JsonValueKind.Number || !asked.TryGetInt32(out limit) || limit is < 1 or > LimitMax)
        )
        {
            return new BodyNotJson($"'limit' must be a whole number from 1 to {LimitMax}");
        }

        string? cursor = null;
        if (root.TryGetProperty("cursor"u8, out JsonElement place) && place.ValueKind != JsonValueKind.Null)
        {
            if (place.ValueKind != JsonValueKind.String)
            {
                return new BodyNotJson("'cursor' must be the 'next' of a page before");
            }

            cursor = place.GetString();
        }

        Outcome<NameQuery> query = NameQuery.Of(name.GetString()!);
        return query.Succeeded ? new ProfilesFindBody(query.Value, limit, cursor) : query.Refusal;
    }
}
