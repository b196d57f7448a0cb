using System.Collections.Immutable;
using System.Globalization;

namespace Customer360.Rules.Crm.Reads;

/// <summary>The headers of answers that rules look at.</summary>
public static class CrmHeaders
{
    public const string RetryAfter = "Retry-After";
    public const string Max = "X-HubSpot-RateLimit-Max";
    public const string Remaining = "X-HubSpot-RateLimit-Remaining";
    public const string Interval = "X-HubSpot-RateLimit-Interval-Milliseconds";
    public const string Usage = "Sforce-Limit-Info";

    /// <summary>What is left to others of a limit: the last tenth is not used here.</summary>
    private const int ReservedPart = 10;

    private const string UsageName = "api-usage=";

    private static readonly TimeSpan s_usageRest = TimeSpan.FromMinutes(15);

    /// <summary>Those that whoever makes the calls has to hand on.</summary>
    public static ImmutableArray<string> All { get; } = [RetryAfter, Max, Remaining, Interval, Usage];

    /// <summary>Reads <c>Retry-After</c>: seconds, or a date.</summary>
    internal static TimeSpan? RetryAfterOf(CrmAnswer answer)
    {
        string? text = answer.Header(RetryAfter);
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds))
        {
            return TimeSpan.FromSeconds(seconds);
        }

        return DateTimeOffset.TryParseExact(
            text,
            "r",
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out DateTimeOffset at
        )
            ? at - answer.At
            : null;
    }

    internal static TimeSpan? IntervalOf(CrmAnswer answer) =>
        NumberIn(answer, Interval) is { } milliseconds and > 0 and <= 3_600_000
            ? TimeSpan.FromMilliseconds(milliseconds)
            : null;

    /// <summary>How long to rest although it went well, since a limit is nearly reached that others use, too; null: not at all.</summary>
    internal static TimeSpan? RestAfter(CrmAnswer answer)
    {
        if (NumberIn(answer, Remaining) is { } remaining && NumberIn(answer, Max) is { } max)
        {
            return remaining * ReservedPart < max ? IntervalOf(answer) : null;
        }

        string? usage = answer
            .Header(Usage)
            ?.Split(',', StringSplitOptions.TrimEntries)
            .FirstOrDefault(part => part.StartsWith(UsageName, StringComparison.Ordinal))
            ?[UsageName.Length..];
        int slash = usage?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        return
            slash > 0
            && Number(usage![..slash]) is { } used
            && Number(usage[(slash + 1)..]) is { } limit
            && (limit - used) * ReservedPart < limit
            ? s_usageRest
            : null;
    }

    private static long? NumberIn(CrmAnswer answer, string name) => Number(answer.Header(name));

    private static long? Number(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number <= int.MaxValue
            ? number
            : null;
}
