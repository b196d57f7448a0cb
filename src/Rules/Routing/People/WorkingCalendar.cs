using System.Collections.Immutable;

namespace Customer360.Rules.Routing;

/// <summary>
/// When somebody works: a week of hours by the wall clock of a zone, and dates that differ. Time worked is elapsed time, so a
/// night in which the clock is set has an hour more or less.
/// </summary>
/// <remarks>
/// A time that the clock jumps over means the next one that exists; a time that is there twice means its first. Hours over
/// midnight belong to the date on which they begin, so a holiday closes them whole.
/// </remarks>
public sealed class WorkingCalendar
{
    /// <summary>How far ahead is looked: a calendar that is closed for so long never opens.</summary>
    private const int DaysMax = 3_700;

    private static readonly ImmutableArray<HoursSpan> s_wholeDay = [new HoursSpan(0, HoursSpan.DayMinutes)];

    // The stretch that was asked for last. Whatever writes it last is right, since each holds its own limits.
    private Stretch? _last;

    /// <param name="zone">Of the wall clock.</param>
    /// <param name="week">Seven days, Sunday first, each with its hours in order.</param>
    /// <param name="exceptions">Dates with other hours; none: closed.</param>
    /// <exception cref="ArgumentException">The week has not seven days.</exception>
    public WorkingCalendar(
        TimeZoneInfo zone,
        ImmutableArray<ImmutableArray<HoursSpan>> week,
        ImmutableSortedDictionary<DateOnly, ImmutableArray<HoursSpan>> exceptions
    )
    {
        if (week.Length != 7)
        {
            throw new ArgumentException("A week has seven days.", nameof(week));
        }

        (Zone, Week, Exceptions) = (zone, week, exceptions);
    }

    /// <summary>Open at all times: working minutes are minutes.</summary>
    public static WorkingCalendar Always { get; } =
        new(
            TimeZoneInfo.Utc,
            [s_wholeDay, s_wholeDay, s_wholeDay, s_wholeDay, s_wholeDay, s_wholeDay, s_wholeDay],
            ImmutableSortedDictionary<DateOnly, ImmutableArray<HoursSpan>>.Empty
        );

    public TimeZoneInfo Zone { get; }

    /// <summary>Sunday first.</summary>
    public ImmutableArray<ImmutableArray<HoursSpan>> Week { get; }

    public ImmutableSortedDictionary<DateOnly, ImmutableArray<HoursSpan>> Exceptions { get; }

    public bool IsOpen(DateTimeOffset at)
    {
        if (_last is { } known && known.From <= at && at < known.Until)
        {
            return known.IsOpen;
        }

        Stretch stretch = StretchOf(at);
        _last = stretch;
        return stretch.IsOpen;
    }

    /// <summary>The time itself where it is open, else when it opens next; null: not within ten years.</summary>
    public DateTimeOffset? NextOpening(DateTimeOffset at)
    {
        foreach ((DateTimeOffset start, DateTimeOffset end) in SpansFrom(at))
        {
            if (end > at)
            {
                return start > at ? start : at;
            }
        }

        return null;
    }

    /// <summary>The time worked from one instant to another; zero where the second is not later.</summary>
    public TimeSpan Worked(DateTimeOffset from, DateTimeOffset to)
    {
        if (to <= from)
        {
            return TimeSpan.Zero;
        }

        TimeSpan sum = TimeSpan.Zero;
        foreach ((DateTimeOffset start, DateTimeOffset end) in SpansFrom(from))
        {
            if (start >= to)
            {
                break;
            }

            DateTimeOffset first = start > from ? start : from;
            DateTimeOffset last = end < to ? end : to;
            sum += last > first ? last - first : TimeSpan.Zero;
        }

        return sum;
    }

    /// <summary>The first instant at which so much has been worked since; null: not within ten years.</summary>
    public DateTimeOffset? Add(DateTimeOffset from, TimeSpan work)
    {
        if (work <= TimeSpan.Zero)
        {
            return from;
        }

        TimeSpan left = work;
        foreach ((DateTimeOffset start, DateTimeOffset end) in SpansFrom(from))
        {
            DateTimeOffset first = start > from ? start : from;
            if (end <= first)
            {
                continue;
            }

            if (end - first >= left)
            {
                return first + left;
            }

            left -= end - first;
        }

        return null;
    }

    /// <summary>When the wall clock shows it; a time that does not exist is the next one that does.</summary>
    public DateTimeOffset InstantOf(DateOnly date, int minute)
    {
        DateTime local = date.ToDateTime(TimeOnly.MinValue).AddMinutes(minute);
        while (Zone.IsInvalidTime(local))
        {
            // Clocks are set by whole minutes; a gap is an hour, or a day where a country has changed its date.
            local = local.AddMinutes(1);
        }

        TimeSpan offset = Zone.IsAmbiguousTime(local)
            ? Zone.GetAmbiguousTimeOffsets(local).Max()
            : Zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }

    private Stretch StretchOf(DateTimeOffset at)
    {
        DateTimeOffset closedFrom = at.AddDays(-1);
        bool isAnyBefore = false;
        foreach ((DateTimeOffset start, DateTimeOffset end) in SpansFrom(at))
        {
            if (start > at)
            {
                return new Stretch(isAnyBefore ? closedFrom : at, start, IsOpen: false);
            }

            if (at < end)
            {
                return new Stretch(start, end, IsOpen: true);
            }

            (closedFrom, isAnyBefore) = (end, true);
        }

        return new Stretch(at, DateTimeOffset.MaxValue, IsOpen: false);
    }

    /// <summary>The open spans in order, beginning with those of the day before: one may last over midnight.</summary>
    private IEnumerable<(DateTimeOffset Start, DateTimeOffset End)> SpansFrom(DateTimeOffset at)
    {
        DateOnly first = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, Zone).DateTime).AddDays(-1);
        DateTimeOffset cursor = DateTimeOffset.MinValue;
        for (int day = 0; day < DaysMax; day++)
        {
            DateOnly date = first.AddDays(day);
            ImmutableArray<HoursSpan> hours = Exceptions.TryGetValue(date, out ImmutableArray<HoursSpan> own)
                ? own
                : Week[(int)date.DayOfWeek];
            foreach (HoursSpan span in hours)
            {
                DateTimeOffset start = InstantOf(date, span.StartMinute);
                DateTimeOffset end = InstantOf(date, span.EndMinute);

                // A date with other hours may begin before the night of the day before ends: no minute counts twice.
                start = start > cursor ? start : cursor;
                if (end > start)
                {
                    cursor = end;
                    yield return (start, end);
                }
            }
        }
    }

    private sealed record Stretch(DateTimeOffset From, DateTimeOffset Until, bool IsOpen);
}
