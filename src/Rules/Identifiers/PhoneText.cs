using System.Globalization;
using Customer360.Rules.Ports;

namespace Customer360.Rules.Identifiers;

/// <summary>
/// What may be asked of <see cref="IPhoneNumbers"/>. A library that is made to find numbers in prose reads more into a text
/// than stands there; a number of somebody else is worse than none.
/// </summary>
/// <remarks>
/// Not understood, and so no identifier: extensions (the number is the switchboard's, not the person's) and letters for
/// digits.
/// </remarks>
internal static class PhoneText
{
    private const int LengthMax = 40;

    // Separators divide a number into groups; seven digits and more before the only dot are a number with a fraction.
    private const int WholeDigitsMin = 7;

    /// <summary>The number in E.164, or null.</summary>
    public static string? Of(string visible, string defaultRegion, IPhoneNumbers phones)
    {
        if (visible.Length > LengthMax || WithoutFraction(visible) is not { } text || !IsNumber(text))
        {
            return null;
        }

        return phones.ToE164(text, defaultRegion);
    }

    /// <summary>True of a text in the form of E.164, whether or not such a number is given out today.</summary>
    public static bool IsE164(string text) =>
        text.Length is >= 8 and <= 16
        && text[0] == '+'
        && text[1] != '0'
        && text.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0;

    /// <summary>
    /// Spreadsheets and data frames keep numbers as floats: <c>+4930901820.0</c> is the number before the dot, and its zero
    /// no digit more. Null where there is a fraction that is not zero.
    /// </summary>
    private static string? WithoutFraction(string text)
    {
        int dot = text.IndexOf('.', StringComparison.Ordinal);
        ReadOnlySpan<char> whole = text.AsSpan(0, Math.Max(dot, 0)).TrimStart('+');
        ReadOnlySpan<char> part = text.AsSpan(dot + 1);
        bool isFloat =
            whole.Length >= WholeDigitsMin
            && part.Length > 0
            && whole.IndexOfAnyExceptInRange('0', '9') < 0
            && part.IndexOfAnyExceptInRange('0', '9') < 0;
        if (!isFloat)
        {
            return text;
        }

        return part.IndexOfAnyExcept('0') < 0 ? text[..dot] : null;
    }

    private static bool IsNumber(string text)
    {
        ReadOnlySpan<char> rest = text;
        if (rest.StartsWith("tel:", StringComparison.OrdinalIgnoreCase))
        {
            rest = rest[4..].TrimStart();
        }

        bool hasDigit = false;
        bool hasPlus = false;
        foreach (char character in rest)
        {
            bool isDigit = CharUnicodeInfo.GetDecimalDigitValue(character) >= 0;
            bool isPlus = character is '+' or '\uFF0B';
            if (isPlus ? hasDigit || hasPlus : !isDigit && !IsSeparator(character))
            {
                return false;
            }

            hasDigit |= isDigit;
            hasPlus |= isPlus;
        }

        return hasDigit;
    }

    private static bool IsSeparator(char character) =>
        character is '(' or ')' or '.' or '/' or '-' or ' '
        || char.GetUnicodeCategory(character) == UnicodeCategory.DashPunctuation;
}
