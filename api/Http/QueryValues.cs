using System.Globalization;
using Customer360.Api.Problems;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Http;

/// <summary>Reads query parameters of the read side: strictly, so that a typing error is told, not ignored.</summary>
internal static class QueryValues
{
    private static readonly string[] s_timeFormats =
    [
        "yyyy-MM-dd",
        "yyyy-MM-dd'T'HH:mmK",
        "yyyy-MM-dd'T'HH:mm:ssK",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
    ];

    /// <summary><c>true</c> or <c>false</c>; absent is false.</summary>
    public static Outcome<bool> Flag(IQueryCollection query, string name) =>
        Single(query, name) switch
        {
            null => false,
            "true" => true,
            "false" => false,
            _ => new ParameterInvalid(name, "it must be true or false"),
        };

    /// <summary>A whole number from 1 to <paramref name="max"/>.</summary>
    public static Outcome<int> Limit(IQueryCollection query, int otherwise, int max)
    {
        string? text = Single(query, "limit");
        if (text is null)
        {
            return otherwise;
        }

        return
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int limit)
            && limit >= 1
            && limit <= max
            ? limit
            : new ParameterInvalid(
                "limit",
                string.Create(CultureInfo.InvariantCulture, $"it must be a whole number from 1 to {max}")
            );
    }

    /// <summary>A time of RFC 3339 (or a date: its midnight); without an offset it is UTC.</summary>
    public static Outcome<DateTimeOffset> Time(IQueryCollection query, string name, DateTimeOffset otherwise)
    {
        string? text = Single(query, name);
        if (text is null)
        {
            return otherwise;
        }

        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        return
            DateTimeOffset.TryParseExact(text, s_timeFormats, CultureInfo.InvariantCulture, Utc, out var time)
            && IsOfOurTime(time)
            ? time
            : new ParameterInvalid(name, "it must be a time of RFC 3339, for example 2026-11-22T10:00:00Z");
    }

    /// <summary>Nothing that is stored is older, and what is reckoned from a time must not leave the calendar.</summary>
    public static bool IsOfOurTime(DateTimeOffset time) => time.UtcDateTime.Year is >= 1970 and < 9000;

    /// <summary>One of two words; true where it is the first, also where it is absent.</summary>
    public static Outcome<bool> Choice(IQueryCollection query, string name, string first, string second)
    {
        string? text = Single(query, name);
        if (text is null || string.Equals(text, first, StringComparison.Ordinal))
        {
            return true;
        }

        return string.Equals(text, second, StringComparison.Ordinal)
            ? false
            : new ParameterInvalid(name, $"it must be {first} or {second}");
    }

    /// <summary>The parameter's value: null where it is absent or empty; the last where it is repeated.</summary>
    public static string? Single(IQueryCollection query, string name)
    {
        var values = query[name];
        return values.Count == 0 || string.IsNullOrEmpty(values[^1]) ? null : values[^1];
    }
}
