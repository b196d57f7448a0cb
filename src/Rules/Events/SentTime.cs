using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Customer360.Rules.Identifiers;

namespace Customer360.Rules.Events;

/// <summary>
/// Reads a time as senders write it. Only where its meaning is certain: whether <c>9/3/2026</c> is in March or in September
/// nobody knows, and in whose zone <c>Nov 25, 2026, 10:15</c> is neither.
/// </summary>
/// <remarks>
/// Read are: RFC 3339 and its variants (<see cref="Rfc3339"/>), in digits of any script, as Go and JavaScript print a time,
/// as RFC 2822 has it in mails and HTTP in its headers, the basic form of ISO 8601, and numbers of seconds, milliseconds,
/// microseconds or nanoseconds since 1970, told apart by their size.
/// </remarks>
internal static class SentTime
{
    // A text that is longer is no time; some print a zone's name behind it.
    private const int LengthMax = 100;

    private static readonly SearchValues<char> s_inNumbers = SearchValues.Create("0123456789.");
    private static readonly SearchValues<char> s_inZeroTimes = SearchValues.Create("0-:.TZ +");

    private static readonly string[] s_months =
    [
        "jan",
        "feb",
        "mar",
        "apr",
        "may",
        "jun",
        "jul",
        "aug",
        "sep",
        "oct",
        "nov",
        "dec",
    ];

    /// <summary>Reads a field. Absent, <c>null</c> and empty are no time given, which is no fault.</summary>
    /// <param name="fault">One of <see cref="LeftOutReasons"/>, or null.</param>
    public static DateTimeOffset? Read(ReadOnlySpan<byte> json, JsonSlice field, out string? fault)
    {
        fault = null;
        if (!field.IsPresent)
        {
            return null;
        }

        ReadOnlySpan<byte> content = field.ContentOf(json);
        // What nearly every SDK sends.
        if (field.Type == JsonTokenType.String && Rfc3339.TryParse(content, out DateTimeOffset usual))
        {
            return Given(usual, ref fault);
        }

        DateTimeOffset? time = null;
        string text = "";
        if (field.Type == JsonTokenType.Number)
        {
            time = OfNumber(NumberText.Of(content), ref fault);
        }
        else if (field.Type == JsonTokenType.String && content.Length <= LengthMax * 6)
        {
            text = VisibleText.Of(JsonText.Read(content));
            if (text.Length == 0)
            {
                return null;
            }

            time = text.Length <= LengthMax ? OfText(text, ref fault) : null;
        }

        fault ??= time is null ? LeftOutReasons.NotATime : null;
        return time is { } read ? Given(read, ref fault) : null;
    }

    /// <summary>Reads a value that stands alone, as <see cref="Read"/> does a field; null where it is no time.</summary>
    public static DateTimeOffset? Of(JsonElement value)
    {
        string? fault = null;
        DateTimeOffset? time = value.ValueKind switch
        {
            JsonValueKind.Number => OfNumber(NumberText.Of(Encoding.ASCII.GetBytes(value.GetRawText())), ref fault),
            JsonValueKind.String when VisibleText.Of(value.GetString()!) is { Length: > 0 and <= LengthMax } text =>
                OfText(text, ref fault),
            _ => null,
        };
        return time is { } read ? Given(read, ref fault) : null;
    }

    /// <summary>A time, unless it is what programs write for none.</summary>
    private static DateTimeOffset? Given(DateTimeOffset time, ref string? fault)
    {
        // Nothing that was tracked happened in the first instant of 1970; a struct that nobody filled in says so.
        bool isZero = time == DateTimeOffset.UnixEpoch || time.Year <= 1;
        fault = isZero ? LeftOutReasons.ZeroTime : fault;
        return isZero ? null : time;
    }

    private static DateTimeOffset? OfText(string written, ref string? fault)
    {
        string text = InAsciiDigits(written);
        if (IsZero(text))
        {
            fault = LeftOutReasons.ZeroTime;
            return null;
        }

        if (text.AsSpan().IndexOfAnyExcept(s_inNumbers) < 0)
        {
            return OfNumber(text, ref fault);
        }

        Span<byte> bytes = stackalloc byte[LengthMax * 3];
        bytes = bytes[..Encoding.UTF8.GetBytes(text, bytes)];
        return Rfc3339.TryParse(bytes, out DateTimeOffset time) ? time
            : OfBasicForm(text) is { } basic ? basic
            : OfMonthName(text);
    }

    /// <summary>
    /// By size: in seconds 1973 to 5138, then milliseconds, microseconds and nanoseconds, a thousand times as many each. What
    /// is smaller may be a date without separators, a year, or anything.
    /// </summary>
    private static DateTimeOffset? OfNumber(string number, ref string? fault)
    {
        if (!decimal.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal value))
        {
            return null;
        }

        // Go's zero time is so many seconds before 1970.
        if (value is 0 or -62135596800m or -62135596800000m)
        {
            fault = LeftOutReasons.ZeroTime;
            return null;
        }

        decimal? ticks = value switch
        {
            >= 1e8m and < 1e11m => value * TimeSpan.TicksPerSecond,
            >= 1e11m and < 1e14m => value * TimeSpan.TicksPerMillisecond,
            >= 1e14m and < 1e17m => value * TimeSpan.TicksPerMicrosecond,
            >= 1e17m and < 1e20m => value / 100,
            _ => null,
        };
        decimal latest = (DateTimeOffset.MaxValue - DateTimeOffset.UnixEpoch).Ticks;
        return ticks is { } since && since < latest ? DateTimeOffset.UnixEpoch.AddTicks((long)since) : null;
    }

    /// <summary><c>20261125T101530Z</c>, <c>20261125T101530.123+0100</c>.</summary>
    private static DateTimeOffset? OfBasicForm(string text)
    {
        if (text.Length < 15 || text[8] is not ('T' or 't') || text.AsSpan(0, 8).IndexOfAnyExceptInRange('0', '9') >= 0)
        {
            return null;
        }

        string extended = $"{text[..4]}-{text[4..6]}-{text[6..8]}T{text[9..11]}:{text[11..13]}:{text[13..]}";
        return Rfc3339.TryParse(extended, out DateTimeOffset time) ? time : null;
    }

    /// <summary>
    /// A month by its name, a day, a year of four digits, a clock and a zone, in the orders of RFC 2822
    /// (<c>Wed, 25 Nov 2026 10:15:30 +0100</c>), JavaScript (<c>Wed Nov 25 2026 10:15:30 GMT+0100 (…)</c>) and Unix
    /// (<c>Wed Nov 25 10:15:30 UTC 2026</c>). Without a zone nobody knows when that was.
    /// </summary>
    private static DateTimeOffset? OfMonthName(string text)
    {
        int comment = text.IndexOf('(', StringComparison.Ordinal);
        string[] words = (comment < 0 ? text : text[..comment]).Split(
            (char[])[' ', ','],
            StringSplitOptions.RemoveEmptyEntries
        );
        int month = Array.FindIndex(words, word => MonthOf(word) > 0);
        if (month < 0)
        {
            return null;
        }

        string? day = null;
        string? year = null;
        string? clock = null;
        string? zone = null;
        for (int index = 0; index < words.Length; index++)
        {
            string word = words[index];
            ref string? place = ref zone;
            if (index == month || (index == 0 && IsWeekday(word)))
            {
                continue;
            }

            if (word.Contains(':', StringComparison.Ordinal) && char.IsAsciiDigit(word[0]))
            {
                place = ref clock;
            }
            else if (word.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0)
            {
                place = ref word.Length == 4 ? ref year : ref day;
            }

            if (place is not null)
            {
                return null;
            }

            place = word;
        }

        if (day is not { Length: 1 or 2 } || year is null || clock is null || zone is null)
        {
            return null;
        }

        string hour = clock.IndexOf(':', StringComparison.Ordinal) == 1 ? "0" + clock : clock;
        string plain = $"{year}-{MonthOf(words[month]):00}-{day.PadLeft(2, '0')}T{hour}{OffsetOf(zone)}";
        return Rfc3339.TryParse(plain, out DateTimeOffset time) ? time : null;
    }

    /// <summary>The offset of a zone. Of names only those of UTC are the same everywhere and all the year.</summary>
    private static string OffsetOf(string zone)
    {
        bool isUtc =
            zone.StartsWith("GMT", StringComparison.Ordinal) || zone.StartsWith("UTC", StringComparison.Ordinal);
        string offset = isUtc ? zone[3..] : zone;
        return offset.Length == 0 ? "Z" : offset;
    }

    private static int MonthOf(string word) =>
        word.Length >= 3 && word.AsSpan().IndexOfAnyInRange('0', '9') < 0
            ? Array.FindIndex(s_months, month => word.StartsWith(month, StringComparison.OrdinalIgnoreCase)) + 1
            : 0;

    private static bool IsWeekday(string word) =>
        word.Length >= 3
        && Array.Exists(
            ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
            day => word.StartsWith(day, StringComparison.OrdinalIgnoreCase)
        );

    /// <summary>Zeros where the date is, as MySQL writes it: <c>0000-00-00 00:00:00</c>; and the year 1 of Go, Java and .NET.</summary>
    private static bool IsZero(string text) =>
        text.StartsWith("0000-00-00", StringComparison.Ordinal)
        || text.StartsWith("0001-01-01", StringComparison.Ordinal)
        || text.AsSpan().IndexOfAnyExcept(s_inZeroTimes) < 0;

    private static string InAsciiDigits(string text)
    {
        if (Ascii.IsValid(text))
        {
            return text;
        }

        var ascii = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            int digit = CharUnicodeInfo.GetDecimalDigitValue(rune.ToString(), 0);
            ascii.Append(
                digit >= 0 ? ((char)('0' + digit)).ToString()
                : rune.Value is 0x2212 ? "-"
                : rune.Value is 0x066B ? "."
                : rune.ToString()
            );
        }

        return ascii.ToString();
    }
}
