using System.Globalization;
using System.Text;

namespace Customer360.Rules.Identifiers;

/// <summary>
/// What a person sees of a text. Zero-width spaces, byte order marks, marks of direction and control characters come along
/// when ids are copied from web pages and spreadsheets; nobody sees them, so they tell nobody from another.
/// </summary>
internal static class VisibleText
{
    /// <summary>
    /// The text without what can't be seen, in composed form (<see cref="UnicodeComposition"/>), each kind of space written
    /// as the plain one, none at its ends. Line breaks and tabs within stay: they can be seen.
    /// </summary>
    public static string Of(string text)
    {
        // Nearly every id: printable ASCII without a space.
        if (text.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0)
        {
            return text;
        }

        var visible = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) == UnicodeCategory.SpaceSeparator)
            {
                visible.Append(' ');
            }
            else if (!IsInvisible(rune))
            {
                visible.Append(rune.ToString());
            }
        }

        return UnicodeComposition.Compose(visible.ToString().Trim());
    }

    /// <summary>
    /// Control characters but for white space, and what Unicode calls default ignorable: characters that are not shown even
    /// where a font has no glyph for them.
    /// </summary>
    private static bool IsInvisible(Rune rune) =>
        Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.Control => !Rune.IsWhiteSpace(rune),
            // The signs above and around numbers are format characters that can be seen.
            UnicodeCategory.Format => rune.Value
                is not (
                    (>= 0x0600 and <= 0x0605)
                    or 0x06DD
                    or 0x070F
                    or 0x0890
                    or 0x0891
                    or 0x08E2
                    or 0x110BD
                    or 0x110CD
                ),
            _ => rune.Value
                is 0x034F
                    or 0x115F
                    or 0x1160
                    or 0x17B4
                    or 0x17B5
                    or (>= 0x180B and <= 0x180F)
                    or 0x2065
                    or 0x2800
                    or 0x3164
                    or (>= 0xFE00 and <= 0xFE0F)
                    or 0xFFA0
                    or (>= 0xFFF0 and <= 0xFFF8)
                    or (>= 0xE0000 and <= 0xE0FFF),
        };
}
