using System.Globalization;
using Customer360.Rules.Configuration;

namespace Customer360.Rules.Audiences;

/// <summary>Durations as the file writes them: a whole number and <c>m</c>, <c>h</c>, <c>d</c> or <c>w</c>. A month is none: it has no length.</summary>
internal static class Durations
{
    /// <summary>What is counted by days reaches back so far.</summary>
    public const int DaysMax = 731;

    public static TimeSpan? Read(ConfigSection section, string name)
    {
        if (section.Find(name) is not { } node)
        {
            return null;
        }

        if (node.Kind == ConfigKind.Text && TryParse(node.Text) is { } duration && duration.TotalDays <= DaysMax)
        {
            return duration;
        }

        section.Fault(
            name,
            string.Create(
                CultureInfo.InvariantCulture,
                $"It must be a whole number with m, h, d or w behind it, {DaysMax}d at most: 30d."
            )
        );
        return null;
    }

    public static string Text(TimeSpan duration)
    {
        (long count, char unit) = duration switch
        {
            { Ticks: var ticks } when ticks % TimeSpan.TicksPerDay == 0 => (ticks / TimeSpan.TicksPerDay, 'd'),
            { Ticks: var ticks } when ticks % TimeSpan.TicksPerHour == 0 => (ticks / TimeSpan.TicksPerHour, 'h'),
            _ => (duration.Ticks / TimeSpan.TicksPerMinute, 'm'),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{count}{unit}");
    }

    private static TimeSpan? TryParse(string text)
    {
        if (
            text.Length is < 2 or > 8
            || !int.TryParse(
                text.AsSpan(0, text.Length - 1),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out int count
            )
            || count == 0
        )
        {
            return null;
        }

        return text[^1] switch
        {
            'm' => TimeSpan.FromMinutes(count),
            'h' => TimeSpan.FromHours(count),
            'd' when count <= DaysMax => TimeSpan.FromDays(count),
            'w' when count <= DaysMax => TimeSpan.FromDays(7L * count),
            _ => null,
        };
    }
}
