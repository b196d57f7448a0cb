using System.Globalization;

namespace Customer360.Api.Security.Limits;

/// <summary>How a caller stands in a window of time.</summary>
/// <param name="Max">Requests of the window; 0: there is no limit.</param>
/// <param name="Left">Requests that are left in it.</param>
/// <param name="SecondsLeft">Until the next one begins, 1 at least.</param>
internal readonly record struct WindowStanding(int Max, int Left, int SecondsLeft);

/// <summary>How a caller stands, as the headers say it (draft-ietf-httpapi-ratelimit-headers-10).</summary>
internal readonly record struct LimitStanding(WindowStanding Minute, WindowStanding Day)
{
    public const string PolicyHeader = "RateLimit-Policy";
    public const string Header = "RateLimit";
    public const string MinuteName = "minute";
    public const string DayName = "day";
    private const int MinuteSeconds = 60;
    private const int DaySeconds = 86_400;

    /// <summary>What the limits are: <c>"minute";q=100;w=60, "day";q=1000;w=86400</c>.</summary>
    public string Policy => List(PolicyOf(MinuteName, Minute, MinuteSeconds), PolicyOf(DayName, Day, DaySeconds));

    /// <summary>What is left of them: <c>"minute";r=99;t=12, "day";r=40;t=3600</c>.</summary>
    public string Left => List(LeftOf(MinuteName, Minute), LeftOf(DayName, Day));

    private static string? PolicyOf(string name, in WindowStanding window, int seconds) =>
        window.Max == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"\"{name}\";q={window.Max};w={seconds}");

    private static string? LeftOf(string name, in WindowStanding window) =>
        window.Max == 0
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"\"{name}\";r={window.Left};t={window.SecondsLeft}");

    private static string List(string? first, string? second) =>
        first is null ? second ?? ""
        : second is null ? first
        : $"{first}, {second}";
}
