using System.Globalization;
using System.Text;

namespace Customer360.Rules.Identifiers;

/// <summary>
/// The one text of a JSON number that stands for an id: <c>1234</c>, <c>1234.0</c> and <c>1.234e3</c> are one number, so
/// they are one id. By its digits and not by way of a double, which would join ids beyond 2^53.
/// </summary>
internal static class NumberText
{
    /// <summary>
    /// Without an exponent, without zeros that say nothing: <c>1234</c>, <c>1234.5</c>, <c>-7</c>. A number with more digits
    /// than an identifier may have stays as it was written.
    /// </summary>
    /// <param name="json">A number as JSON writes it.</param>
    public static string Of(ReadOnlySpan<byte> json)
    {
        string written = Encoding.ASCII.GetString(json);
        // Nearly every numeric id.
        return written.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0 ? written : Plain(written);
    }

    private static string Plain(string written)
    {
        ReadOnlySpan<char> rest = written;
        bool isNegative = rest[0] == '-';
        rest = isNegative ? rest[1..] : rest;
        int exponent = 0;
        int mark = rest.IndexOfAny('e', 'E');
        if (mark >= 0)
        {
            if (
                !int.TryParse(
                    rest[(mark + 1)..],
                    NumberStyles.AllowLeadingSign,
                    CultureInfo.InvariantCulture,
                    out exponent
                )
            )
            {
                return written;
            }

            rest = rest[..mark];
        }

        int dot = rest.IndexOf('.');
        ReadOnlySpan<char> whole = dot < 0 ? rest : rest[..dot];
        ReadOnlySpan<char> part = dot < 0 ? [] : rest[(dot + 1)..];
        string digits = string.Concat(whole, part).TrimEnd('0');
        // Where the decimal point stands in the digits.
        long point = whole.Length + (long)exponent;
        int leading = digits.AsSpan().IndexOfAnyExcept('0');
        if (leading < 0)
        {
            return "0";
        }

        digits = digits[leading..];
        point -= leading;
        if (Math.Max(point, digits.Length - point) > Events.IdentifierNormalizer.LengthMax)
        {
            return written;
        }

        return (isNegative ? "-" : "") + Place(digits, (int)point);
    }

    private static string Place(string digits, int point)
    {
        if (point <= 0)
        {
            return string.Concat("0.", new string('0', -point), digits);
        }

        return point >= digits.Length
            ? digits.PadRight(point, '0')
            : string.Concat(digits.AsSpan(0, point), ".", digits.AsSpan(point));
    }
}
