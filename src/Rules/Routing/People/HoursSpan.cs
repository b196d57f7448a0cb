using System.Globalization;

namespace Customer360.Rules.Routing;

/// <summary>Hours of a day by the wall clock, in minutes after its midnight; after 1,440 they are the next day's.</summary>
/// <param name="StartMinute">0 to 1,439.</param>
/// <param name="EndMinute">After the start, at most a day later; not in it.</param>
public readonly record struct HoursSpan(int StartMinute, int EndMinute)
{
    public const int DayMinutes = 1_440;

    /// <summary>
    /// Reads <c>09:00-17:30</c>; an end at or before the start is the next day's: <c>22:00-06:00</c>. Null where it is not of
    /// that form.
    /// </summary>
    public static HoursSpan? Parse(string text)
    {
        string[] parts = text.Split('-');
        if (parts.Length != 2 || MinuteOf(parts[0]) is not { } start || MinuteOf(parts[1]) is not { } end)
        {
            return null;
        }

        if (start == DayMinutes)
        {
            return null;
        }

        return new HoursSpan(start, end <= start ? end + DayMinutes : end);
    }

    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{StartMinute / 60:00}:{StartMinute % 60:00}-{End / 60:00}:{End % 60:00}"
        );

    private int End => EndMinute > DayMinutes ? EndMinute - DayMinutes : EndMinute;

    private static int? MinuteOf(string text)
    {
        if (
            text.Length != 5
            || text[2] != ':'
            || !int.TryParse(text.AsSpan(0, 2), NumberStyles.None, CultureInfo.InvariantCulture, out int hour)
            || !int.TryParse(text.AsSpan(3, 2), NumberStyles.None, CultureInfo.InvariantCulture, out int minute)
            || minute > 59
        )
        {
            return null;
        }

        int of = (hour * 60) + minute;
        return of <= DayMinutes ? of : null;
    }
}
