using System.Collections.Immutable;
using System.Globalization;
using Customer360.Rules.Configuration;

namespace Customer360.Rules.Routing;

/// <summary>
/// Reads hours: <c>zone: Europe/Berlin</c>, <c>week: {mon: ["09:00-12:00", "13:00-17:30"], …}</c>,
/// <c>holidays: {2026-12-25: [], 2026-12-24: ["09:00-12:00"]}</c>.
/// </summary>
internal sealed class CalendarReader(List<ConfigFault> faults)
{
    public const string Zone = "zone";
    public const string Week = "week";
    public const string Holidays = "holidays";

    private const int HolidaysMax = 1_000;

    /// <summary>Sunday first, as <see cref="DayOfWeek"/> has them.</summary>
    public static readonly ImmutableArray<string> Days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    private static readonly ImmutableArray<ImmutableArray<HoursSpan>> s_closed =
    [
        [],
        [],
        [],
        [],
        [],
        [],
        [],
    ];

    /// <summary>The calendar; what the section does not say is as in <paramref name="otherwise"/>, holidays beside its own.</summary>
    public WorkingCalendar? Read(ConfigSection section, WorkingCalendar? otherwise)
    {
        int before = faults.Count;
        TimeZoneInfo? zone = ReadZone(section, otherwise);
        ImmutableArray<ImmutableArray<HoursSpan>> week = section.Find(Week) is null
            ? otherwise?.Week ?? s_closed
            : ReadWeek(new ConfigSection(section.PathOf(Week), section.Find(Week), faults, [.. Days]));
        if (section.Find(Week) is null && otherwise is null)
        {
            section.Fault(Week, "It is missing.");
        }

        var exceptions = ImmutableSortedDictionary.CreateBuilder<DateOnly, ImmutableArray<HoursSpan>>();
        if (otherwise is not null)
        {
            exceptions.AddRange(otherwise.Exceptions);
        }

        var holidays = new ConfigSection(section.PathOf(Holidays), section.Find(Holidays), faults);
        foreach (ConfigMember day in holidays.Members)
        {
            if (DateOf(day.Name) is { } date)
            {
                exceptions[date] = ReadHours(holidays, day.Name);
            }
            else
            {
                holidays.Fault(day.Line, holidays.PathOf(day.Name), "It must be a date: 2026-12-25.");
            }
        }

        if (exceptions.Count > HolidaysMax)
        {
            section.Fault(
                Holidays,
                string.Create(CultureInfo.InvariantCulture, $"It must hold {HolidaysMax} dates at most.")
            );
        }

        return faults.Count > before ? null : new WorkingCalendar(zone!, week, exceptions.ToImmutable());
    }

    public static DateOnly? DateOf(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date)
        && date.Year is >= 1970 and <= 2200
            ? date
            : null;

    private static TimeZoneInfo? ReadZone(ConfigSection section, WorkingCalendar? otherwise)
    {
        if (section.Find(Zone) is null && otherwise is not null)
        {
            return otherwise.Zone;
        }

        string? name = section.RequiredText(Zone);
        if (name is null)
        {
            return null;
        }

        if (TimeZoneInfo.TryFindSystemTimeZoneById(name, out TimeZoneInfo? zone))
        {
            return zone;
        }

        section.Fault(Zone, "There is no such time zone. It must be a name of the IANA database: Europe/Berlin.");
        return null;
    }

    private static ImmutableArray<ImmutableArray<HoursSpan>> ReadWeek(ConfigSection week)
    {
        ImmutableArray<ImmutableArray<HoursSpan>> days = [.. Days.Select(day => ReadHours(week, day))];
        for (int day = 0; day < days.Length; day++)
        {
            ImmutableArray<HoursSpan> next = days[(day + 1) % days.Length];
            if (
                !days[day].IsEmpty
                && !next.IsEmpty
                && days[day][^1].EndMinute - HoursSpan.DayMinutes > next[0].StartMinute
            )
            {
                week.Fault(Days[day], "Its hours last into those of the next day.");
            }
        }

        return days;
    }

    private static ImmutableArray<HoursSpan> ReadHours(ConfigSection section, string name)
    {
        var hours = ImmutableArray.CreateBuilder<HoursSpan>();
        foreach (ConfigNode text in section.Texts(name))
        {
            if (HoursSpan.Parse(text.Text) is { } span)
            {
                hours.Add(span);
            }
            else
            {
                section.Fault(text.Line, section.PathOf(name), "It must be hours: 09:00-17:30.");
            }
        }

        hours.Sort(static (left, right) => left.StartMinute.CompareTo(right.StartMinute));
        for (int index = 1; index < hours.Count; index++)
        {
            if (hours[index].StartMinute < hours[index - 1].EndMinute)
            {
                section.Fault(name, "Its hours overlap.");
            }
        }

        return hours.DrainToImmutable();
    }
}
