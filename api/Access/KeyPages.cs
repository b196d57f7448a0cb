using System.Buffers.Text;
using System.Text;
using Customer360.Api.Http;
using Customer360.Api.Problems;
using Customer360.Api.Profiles;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Access;

/// <param name="Next">The cursor of the next page; null on the last.</param>
internal sealed record KeyPage<T>(IReadOnlyList<T> Rows, string? Next);

/// <summary>Pages of rows that are all at hand and have a key each. A cursor is the last row's key, for the caller who got it.</summary>
internal static class KeyPages
{
    /// <param name="rows">All of them, in any order.</param>
    /// <param name="key">Of no two rows the same; it holds no personal data.</param>
    public static Outcome<KeyPage<T>> Of<T>(in Asker asker, PageAsked asked, IEnumerable<T> rows, Func<T, string> key)
    {
        if (!asked.Limit.Succeeded)
        {
            return asked.Limit.Refusal;
        }

        string? after = null;
        if (asked.Cursor is { } cursor && (after = Read(asker, cursor)) is null)
        {
            return new ParameterInvalid("cursor", "it must be the 'next' of a page before");
        }

        int limit = asked.Limit.Value;
        T[] found =
        [
            .. rows.OrderBy(key, StringComparer.Ordinal)
                .Where(one => after is null || string.CompareOrdinal(key(one), after) > 0)
                .Take(limit + 1),
        ];
        string? next =
            found.Length > limit
                ? CallerCursors.Bind(asker, Base64Url.EncodeToString(Encoding.UTF8.GetBytes(key(found[limit - 1]))))
                : null;
        return new KeyPage<T>([.. found.Take(limit)], next);
    }

    private static string? Read(in Asker asker, string cursor) =>
        CallerCursors.Unbind(asker, cursor) is { } own && Base64Url.IsValid(own)
            ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(own))
            : null;
}
