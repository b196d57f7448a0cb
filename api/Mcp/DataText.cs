using System.Globalization;
using System.Text;

namespace Customer360.Api.Mcp;

/// <summary>
/// Makes texts that anybody may have typed harmless for a model: no character in them is invisible, turns the direction of what
/// follows, or begins a line. What such characters are used for is hiding instructions from the people who look.
/// </summary>
internal static class DataText
{
    /// <summary>The text in one line of visible characters. The same object where nothing had to be taken out.</summary>
    public static string Clean(string text)
    {
        if (!text.Any(NeedsALook))
        {
            return text;
        }

        var clean = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (IsBreak(rune))
            {
                clean.Append(' ');
            }
            else if (!IsHidden(rune))
            {
                clean.Append(rune.ToString());
            }
        }

        return clean.ToString();
    }

    /// <summary>No longer than so many characters, never half a pair of surrogates.</summary>
    public static string Cut(string text, int length) =>
        text.Length <= length ? text
        : length > 0 && char.IsHighSurrogate(text[length - 1]) ? text[..(length - 1)]
        : text[..length];

    private static bool NeedsALook(char character) => character is < ' ' or > '~';

    private static bool IsBreak(Rune rune) =>
        rune.Value is '\n' or '\r' or '\t'
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    /// <summary>Controls, format characters (among them the tags of U+E0000), private use, and variation selectors.</summary>
    private static bool IsHidden(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.PrivateUse
                or UnicodeCategory.OtherNotAssigned
        || rune.Value is >= 0xFE00 and <= 0xFE0F or >= 0xE0100 and <= 0xE01EF;
}
