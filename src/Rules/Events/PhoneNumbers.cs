using System.Globalization;

namespace Customer360.Rules.Events;

/// <summary>
/// Brings phone numbers, as people and forms write them, to E.164. Honest about what it knows: calling codes, prefixes
/// and lengths (<see cref="PhoneNumberPlans"/>), not which blocks are assigned.
/// </summary>
/// <remarks>
/// Not understood, and so no identifier: extensions (the number is the switchboard's, not the person's), letters for
/// digits, carrier codes of Latin American plans, Argentina's mobile 15.
/// </remarks>
public static class PhoneNumbers
{
    // E.164: fifteen digits with the calling code. Fewer than seven reach a service, not a person.
    private const int DigitsMax = 15;
    private const int DigitsMin = 7;
    private const int TextMax = 40;

    /// <summary>The number in E.164 (<c>+14155550132</c>), or null where it can't be one.</summary>
    /// <param name="text">As written: <c>(415) 555-0132</c>, <c>+44 (0)20 7946 0018</c>,
    /// <c>tel:+49-30-901820</c>.</param>
    /// <param name="defaultRegion">ISO 3166 region of numbers written without a calling code.</param>
    public static string? ToE164(string text, string defaultRegion)
    {
        Span<char> buffer = stackalloc char[TextMax];
        if (text.Length > TextMax || !TryReadDigits(text, buffer, out int count, out bool isInternational))
        {
            return null;
        }

        ReadOnlySpan<char> digits = buffer[..count];
        if (isInternational)
        {
            return International(digits);
        }

        PhoneNumberPlan? plan = PhoneNumberPlans.OfRegion(defaultRegion);
        if (plan is null)
        {
            return null;
        }

        foreach (string exit in plan.ExitPrefixes)
        {
            if (
                digits.StartsWith(exit, StringComparison.Ordinal) && International(digits[exit.Length..]) is { } dialled
            )
            {
                return dialled;
            }
        }

        // Many write the calling code and forget the plus. Where national numbers are written with a 0 before them,
        // digits that begin with the calling code are no national number; elsewhere they are, unless there are too
        // many of them.
        string? withCode = digits.StartsWith(plan.CallingCode, StringComparison.Ordinal) ? International(digits) : null;
        bool writesZero = Array.Exists(plan.TrunkPrefixes, prefix => prefix[0] == '0');
        return writesZero ? withCode ?? National(plan, digits) : National(plan, digits) ?? withCode;
    }

    private static string? International(ReadOnlySpan<char> digits) =>
        PhoneNumberPlans.OfInternational(digits) is { } plan ? National(plan, digits[plan.CallingCode.Length..]) : null;

    private static string? National(PhoneNumberPlan plan, ReadOnlySpan<char> digits)
    {
        ReadOnlySpan<char> number = WithoutTrunkPrefix(plan, digits);
        int total = plan.CallingCode.Length + number.Length;
        bool isPossible =
            plan.HasLength(number.Length)
            && total is >= DigitsMin and <= DigitsMax
            && number.IndexOfAnyExcept(number[0]) >= 0
            && (plan.CallingCode != "1" || IsNorthAmerican(number));
        return isPossible ? string.Concat("+", plan.CallingCode, number) : null;
    }

    /// <summary>
    /// No national number begins with a trunk prefix 0 where there is one, so that goes whatever the length; an 8 or a
    /// 1 can also be the number's own first digit, and goes only where the number is too long with it.
    /// </summary>
    private static ReadOnlySpan<char> WithoutTrunkPrefix(PhoneNumberPlan plan, ReadOnlySpan<char> digits)
    {
        foreach (string prefix in plan.TrunkPrefixes)
        {
            bool isCertain = prefix[0] == '0' || !plan.HasLength(digits.Length);
            if (
                isCertain
                && digits.StartsWith(prefix, StringComparison.Ordinal)
                && plan.HasLength(digits.Length - prefix.Length)
            )
            {
                return digits[prefix.Length..];
            }
        }

        return digits;
    }

    /// <summary>
    /// Area code and exchange begin with 2 to 9 in the North American plan; that alone unmasks most made-up numbers.
    /// </summary>
    private static bool IsNorthAmerican(ReadOnlySpan<char> number) => number[0] >= '2' && number[3] >= '2';

    private static bool TryReadDigits(
        ReadOnlySpan<char> text,
        Span<char> digits,
        out int count,
        out bool isInternational
    )
    {
        count = 0;
        isInternational = false;
        text = text.Trim();
        if (text.StartsWith("tel:", StringComparison.OrdinalIgnoreCase))
        {
            text = text[4..];
        }

        foreach (char character in text)
        {
            int digit = CharUnicodeInfo.GetDecimalDigitValue(character);
            if (digit >= 0)
            {
                digits[count++] = (char)('0' + digit);
            }
            else if (character is '+' or '＋' && count == 0 && !isInternational)
            {
                isInternational = true;
            }
            else if (!IsSeparator(character))
            {
                return false;
            }
        }

        return count > 0;
    }

    private static bool IsSeparator(char character) =>
        character is '(' or ')' or '.' or '/' or '-'
        || char.GetUnicodeCategory(character)
            is UnicodeCategory.SpaceSeparator
                or UnicodeCategory.DashPunctuation
                or UnicodeCategory.Format;
}
