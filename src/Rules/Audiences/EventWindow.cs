using System.Globalization;
using System.Text.Json;
using Customer360.Rules.Profiles.Tallies;

namespace Customer360.Rules.Audiences;

/// <summary>A period of the calendar.</summary>
public enum CalendarPeriod
{
    Day = 1,

    /// <summary>From Monday.</summary>
    Week = 2,
    Month = 3,
    Quarter = 4,
    Year = 5,
}

/// <summary>
/// Which times count at a time. Sliding by the instant: at most so long ago, and (with <paramref name="Before"/>) at least so long. By the
/// calendar: since the period of now began, in a zone. Without either: ever. What is in the future counts when its time comes.
/// </summary>
/// <param name="Within">Null: no limit.</param>
/// <param name="Since">Null: not by the calendar. It stands alone.</param>
public sealed record EventWindow(TimeSpan? Within, TimeSpan Before, CalendarPeriod? Since, TimeZoneInfo Zone)
{
    public static EventWindow Ever { get; } = new(null, TimeSpan.Zero, null, TimeZoneInfo.Utc);

    /// <summary>When something of this time counts: from the first tick, until the second (which it does not any more).</summary>
    public (long From, long Until) CountsFrom(long ticks)
    {
        if (Since is { } period)
        {
            return (ticks, EndOf(period, ticks));
        }

        long from = Saturated(ticks, Before.Ticks);
        return (from, Within is { } within ? Saturated(ticks, within.Ticks + 1) : long.MaxValue);
    }

    /// <summary>Where a window ends that has this in it; <see cref="long.MaxValue"/>: never.</summary>
    private long EndOf(CalendarPeriod period, long ticks)
    {
        DateTime local = TimeZoneInfo.ConvertTimeFromUtc(new DateTime(ticks, DateTimeKind.Utc), Zone).Date;
        DateTime next = period switch
        {
            CalendarPeriod.Day => local.AddDays(1),
            CalendarPeriod.Week => local.AddDays(7 - (((int)local.DayOfWeek + 6) % 7)),
            CalendarPeriod.Month => new DateTime(local.Year, local.Month, 1).AddMonths(1),
            CalendarPeriod.Quarter => new DateTime(local.Year, (((local.Month - 1) / 3) * 3) + 1, 1).AddMonths(3),
            _ => new DateTime(local.Year, 1, 1).AddYears(1),
        };

        // Where clocks go forward at midnight the day begins later; where they go back, with the first of the two midnights.
        while (Zone.IsInvalidTime(next))
        {
            next = next.AddMinutes(15);
        }

        TimeSpan offset = Zone.IsAmbiguousTime(next)
            ? Zone.GetAmbiguousTimeOffsets(next).Max()
            : Zone.GetUtcOffset(next);
        return next.Ticks - offset.Ticks;
    }

    internal void WriteJson(Utf8JsonWriter writer)
    {
        if (Within is { } within)
        {
            writer.WriteNumber("withinSeconds"u8, (long)within.TotalSeconds);
        }

        if (Before > TimeSpan.Zero)
        {
            writer.WriteNumber("beforeSeconds"u8, (long)Before.TotalSeconds);
        }

        if (Since is { } since)
        {
            writer.WriteString("since"u8, JsonNamingPolicy.CamelCase.ConvertName(since.ToString()));
            writer.WriteString("zone"u8, Zone.Id);
        }
    }

    /// <summary>How people read it: <c>within 30d</c>; empty: ever.</summary>
    public override string ToString() =>
        Since is { } since
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"since {JsonNamingPolicy.CamelCase.ConvertName(since.ToString())} in {Zone.Id}"
            )
            : string.Join(
                ' ',
                new[]
                {
                    Within is { } within ? $"within {Durations.Text(within)}" : "",
                    Before > TimeSpan.Zero ? $"before {Durations.Text(Before)}" : "",
                }.Where(part => part.Length > 0)
            );

    private static long Saturated(long ticks, long more) =>
        ticks > DateTimeOffset.MaxValue.UtcTicks - more ? long.MaxValue : ticks + more;
}

/// <summary>A time that counts for a while.</summary>
/// <param name="From">The first tick at which it counts.</param>
/// <param name="Until">The first tick at which it does not any more.</param>
internal readonly record struct Stay(long From, long Until, long Count, decimal Sum, string? Word)
{
    public bool Has(long ticks) => From <= ticks && ticks < Until;

    /// <summary>All that a tally has, by time. Those that a day holds count from the day's beginning.</summary>
    public static List<Stay> AllOf(Tally tally, EventWindow window)
    {
        var stays = new List<Stay>(tally.Days.Length + tally.Moments.Length);
        foreach (DayTally day in window == EventWindow.Ever ? [] : tally.Days)
        {
            (long from, long until) = window.CountsFrom(day.Ticks);
            stays.Add(new Stay(from, until, day.Count, day.Sum, null));
        }

        foreach (Moment moment in tally.Moments)
        {
            (long from, long until) = window.CountsFrom(moment.Ticks);
            stays.Add(new Stay(from, until, 1, moment.Amount, moment.Word));
        }

        return stays;
    }

    /// <summary>The times after <paramref name="at"/> at which one begins or ceases to count, rising.</summary>
    public static IEnumerable<long> Changes(IEnumerable<Stay> stays, long at) =>
        stays
            .SelectMany(stay => new[] { stay.From, stay.Until })
            .Where(ticks => ticks > at && ticks != long.MaxValue)
            .Distinct()
            .Order();
}
