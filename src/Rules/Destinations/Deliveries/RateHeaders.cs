using System.Globalization;

namespace Customer360.Rules.Destinations;

/// <summary>
/// What a receiver's headers say of how much more it takes. There is no one way to write it: the IETF's draft
/// (<c>RateLimit: "default";r=0;t=30</c>), its earlier form (<c>RateLimit-Remaining</c>, <c>RateLimit-Reset</c>), the same with <c>X-</c>,
/// HubSpot's (<c>X-HubSpot-RateLimit-Remaining</c>, <c>…-Interval-Milliseconds</c>) and Salesforce's
/// (<c>Sforce-Limit-Info: api-usage=100/100</c>, over the last 24 hours).
/// </summary>
public static class RateHeaders
{
    /// <summary>Salesforce does not say when calls of yesterday stop counting; some do all the time.</summary>
    private static readonly TimeSpan s_salesforce = TimeSpan.FromMinutes(5);

    /// <summary>A number from here on is a time: seconds since 1970. So many seconds to wait there are not.</summary>
    private const double UnixFrom = 1_000_000_000;

    private const double UnixMillisecondsFrom = 1_000_000_000_000;

    /// <summary>Where nothing is left: when something is again. Null: something is left, or nobody says.</summary>
    /// <param name="header">The value of a header; null: it was not sent.</param>
    /// <param name="at">When the answer was there.</param>
    public static DateTimeOffset? FreeFrom(Func<string, string?> header, DateTimeOffset at)
    {
        TimeSpan? wait = null;
        foreach (TimeSpan? one in WaitsOf(header, at))
        {
            wait = wait is null || one > wait ? one : wait;
        }

        return wait is not { } longest || longest <= TimeSpan.Zero ? null
            : longest < DeliverySchedule.PauseMin ? at + DeliverySchedule.PauseMin
            : longest < DeliverySchedule.RetryAfterMax ? at + longest
            : at + DeliverySchedule.RetryAfterMax;
    }

    private static IEnumerable<TimeSpan?> WaitsOf(Func<string, string?> header, DateTimeOffset at)
    {
        foreach (string policy in (header("RateLimit") ?? "").Split(", \"", StringSplitOptions.RemoveEmptyEntries))
        {
            // Each policy of the draft has its own parameters; the form before it has them between commas.
            yield return Wait(ParameterOf(policy, "r", "remaining"), ParameterOf(policy, "t", "reset"), at);
        }

        yield return Wait(header("RateLimit-Remaining"), header("RateLimit-Reset"), at);
        yield return Wait(header("X-RateLimit-Remaining"), header("X-RateLimit-Reset"), at);
        yield return Wait(header("X-Rate-Limit-Remaining"), header("X-Rate-Limit-Reset"), at);
        yield return Number(header("X-HubSpot-RateLimit-Remaining")) <= 0
            ? TimeSpan.FromMilliseconds(
                Math.Min(
                    Number(header("X-HubSpot-RateLimit-Interval-Milliseconds")) ?? 0,
                    DeliverySchedule.RetryAfterMax.TotalMilliseconds
                )
            )
            : null;
        yield return IsUsedUp(header("Sforce-Limit-Info")) ? s_salesforce : null;
    }

    private static TimeSpan? Wait(string? remaining, string? reset, DateTimeOffset at)
    {
        if (Number(remaining) is not <= 0 || Number(reset) is not { } said)
        {
            return null;
        }

        double seconds =
            said >= UnixMillisecondsFrom ? (said / 1_000) - Unix(at)
            : said >= UnixFrom ? said - Unix(at)
            : said;
        return TimeSpan.FromSeconds(Math.Clamp(seconds, 0, DeliverySchedule.RetryAfterMax.TotalSeconds));
    }

    private static double Unix(DateTimeOffset at) => at.ToUnixTimeMilliseconds() / 1_000.0;

    private static string? ParameterOf(string policy, params ReadOnlySpan<string> names)
    {
        foreach (string part in policy.Split([';', ','], StringSplitOptions.TrimEntries))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && names.Contains(part[..equals].Trim()))
            {
                return part[(equals + 1)..];
            }
        }

        return null;
    }

    private static bool IsUsedUp(string? info)
    {
        const string Name = "api-usage=";
        int start = info?.IndexOf(Name, StringComparison.OrdinalIgnoreCase) ?? -1;
        if (start < 0)
        {
            return false;
        }

        string[] both = info![(start + Name.Length)..].Split([';', ',', ' '])[0].Split('/');
        return both.Length == 2 && Number(both[0]) is { } used && Number(both[1]) is { } allowed && used >= allowed;
    }

    private static double? Number(string? text) =>
        double.TryParse(
            text,
            NumberStyles.AllowDecimalPoint
                | NumberStyles.AllowLeadingSign
                | NumberStyles.AllowLeadingWhite
                | NumberStyles.AllowTrailingWhite,
            CultureInfo.InvariantCulture,
            out double number
        )
            ? number
            : null;
}
