using System.Globalization;

namespace Customer360.Rules.Events;

/// <summary>
/// Times as text: RFC 3339 in UTC with three digits of a second, or seven where the time has more than milliseconds.
/// One time has one text.
/// </summary>
public static class Rfc3339
{
    /// <summary>The bytes that a text has at most: <c>2026-11-22T00:29:00.1234567Z</c>.</summary>
    public const int LengthMax = 28;

    /// <summary>Writes a time into <see cref="LengthMax"/> bytes or more; returns those written.</summary>
    public static int Format(DateTimeOffset time, Span<byte> output)
    {
        // The platform's round-trip form: always seven digits of a second.
        time.UtcDateTime.TryFormat(output, out int written, "O", CultureInfo.InvariantCulture);
        if (!output[..written].EndsWith("0000Z"u8))
        {
            return written;
        }

        written -= "0000".Length;
        output[written - 1] = (byte)'Z';
        return written;
    }

    /// <summary>The text of a time.</summary>
    public static string Text(DateTimeOffset time)
    {
        Span<byte> bytes = stackalloc byte[LengthMax];
        int length = Format(time, bytes);
        return System.Text.Encoding.ASCII.GetString(bytes[..length]);
    }

    /// <summary>
    /// Reads what SDKs send: a date, or a date and a time with or without seconds, fraction (digits past the tick are
    /// cut off) and offset (<c>Z</c>, <c>+02:00</c>, <c>+0200</c>, PostgreSQL's <c>+02</c>, Go's <c>+0200 CEST</c>; none
    /// means UTC). A second of 60 is read as 59; a colon before the <c>Z</c>, which one SDK writes, says nothing.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out DateTimeOffset time)
    {
        time = default;
        text = text.Trim((byte)' ');
        if (
            text.Length < 10
            || !Number(text[..4], out int year)
            || text[4] != (byte)'-'
            || !Number(text.Slice(5, 2), out int month)
            || text[7] != (byte)'-'
            || !Number(text.Slice(8, 2), out int day)
            || year is < 2 or > 9998
            || month is < 1 or > 12
            || day < 1
            || day > DateTime.DaysInMonth(year, month)
        )
        {
            return false;
        }

        long ticks = new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Utc).Ticks;
        ReadOnlySpan<byte> rest = text[10..];
        if (!rest.IsEmpty)
        {
            if (rest[0] is not ((byte)'T' or (byte)'t' or (byte)' ') || !TryReadClock(ref rest, out long clock))
            {
                return false;
            }

            if (!TryReadOffset(rest, out long offset))
            {
                return false;
            }

            ticks += clock - offset;
        }

        time = new DateTimeOffset(ticks, TimeSpan.Zero);
        return true;
    }

    /// <summary>Reads a text; <see cref="TryParse(ReadOnlySpan{byte}, out DateTimeOffset)"/> says which.</summary>
    public static bool TryParse(string text, out DateTimeOffset time) =>
        TryParse(System.Text.Encoding.UTF8.GetBytes(text), out time);

    private static bool TryReadClock(ref ReadOnlySpan<byte> rest, out long ticks)
    {
        ticks = 0;
        rest = rest[1..];
        if (
            rest.Length < 5
            || !Number(rest[..2], out int hour)
            || rest[2] != (byte)':'
            || !Number(rest.Slice(3, 2), out int minute)
            || hour > 23
            || minute > 59
        )
        {
            return false;
        }

        rest = rest[5..];
        ticks = (hour * TimeSpan.TicksPerHour) + (minute * TimeSpan.TicksPerMinute);
        if (rest.Length == 0 || rest[0] != (byte)':')
        {
            return true;
        }

        if (rest.Length < 3 || !Number(rest.Slice(1, 2), out int second) || second > 60)
        {
            return false;
        }

        // A leap second has no place in DateTime; its fraction of a second stays.
        ticks += Math.Min(second, 59) * TimeSpan.TicksPerSecond;
        rest = rest[3..];
        return rest.Length == 0 || rest[0] is not ((byte)'.' or (byte)',') || TryReadFraction(ref rest, ref ticks);
    }

    private static bool TryReadFraction(ref ReadOnlySpan<byte> rest, ref long ticks)
    {
        long unit = TimeSpan.TicksPerSecond;
        int place = 1;
        for (; place < rest.Length && rest[place] is >= (byte)'0' and <= (byte)'9'; place++)
        {
            unit /= 10;
            ticks += (rest[place] - '0') * unit;
        }

        rest = rest[place..];
        return place > 1;
    }

    private static bool TryReadOffset(ReadOnlySpan<byte> rest, out long ticks)
    {
        ticks = 0;
        rest = rest.TrimStart((byte)' ');
        if (rest.SequenceEqual(":Z"u8))
        {
            return true;
        }

        if (IsUtc(rest))
        {
            return true;
        }

        if (rest[0] is not ((byte)'+' or (byte)'-'))
        {
            return false;
        }

        bool isBehind = rest[0] == (byte)'-';
        rest = rest[1..];
        int end = rest.IndexOf((byte)' ');
        ReadOnlySpan<byte> offset = end < 0 ? rest : rest[..end];
        bool hasColon = offset.Length == 5 && offset[2] == (byte)':';
        if (
            (offset.Length is not (2 or 4) && !hasColon)
            || !Number(offset[..2], out int hours)
            || !Number(offset.Length == 2 ? "00"u8 : offset[^2..], out int minutes)
            || hours > 23
            || minutes > 59
            || (end >= 0 && !IsZoneName(rest[end..]))
        )
        {
            return false;
        }

        ticks = (hours * TimeSpan.TicksPerHour) + (minutes * TimeSpan.TicksPerMinute);
        ticks = isBehind ? -ticks : ticks;
        return true;
    }

    private static bool IsUtc(ReadOnlySpan<byte> rest) =>
        rest.IsEmpty
        || rest.SequenceEqual("Z"u8)
        || rest.SequenceEqual("z"u8)
        || rest.SequenceEqual("UTC"u8)
        || rest.SequenceEqual("GMT"u8);

    /// <summary>
    /// The zone's name behind the offset that says it all, and the reading of the monotonic clock that Go puts behind both:
    /// <c> CEST m=+0.012</c>.
    /// </summary>
    private static bool IsZoneName(ReadOnlySpan<byte> rest)
    {
        rest = rest.Trim((byte)' ');
        int clock = rest.IndexOf(" m="u8);
        ReadOnlySpan<byte> name = clock < 0 ? rest : rest[..clock];
        foreach (byte letter in name)
        {
            if (!char.IsAsciiLetterOrDigit((char)letter) && letter is not ((byte)'+' or (byte)'-'))
            {
                return false;
            }
        }

        return name.Length is > 0 and <= 8;
    }

    private static bool Number(ReadOnlySpan<byte> digits, out int number)
    {
        number = 0;
        foreach (byte digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'9')
            {
                return false;
            }

            number = (number * 10) + digit - '0';
        }

        return true;
    }
}
