using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Customer360.Rules.Identifiers;

/// <summary>
/// The words of a name in the one spelling by which names of people and companies are searched: small letters, without accents and
/// punctuation. Nobody is told from another by it, so more names are alike than ids would be.
/// </summary>
public static class NameText
{
    /// <summary>Characters of a word; what is behind them is not searched.</summary>
    public const int WordLengthMax = 64;

    /// <summary>Words of one name; those behind them are not searched.</summary>
    public const int WordsMax = 16;

    /// <summary>Nobody's name is longer; a text that is is looked at so far.</summary>
    private const int TextLengthMax = 512;

    /// <summary>Classes from here on are accents. Below them are marks that make another letter: of Japanese, and of scripts of India.</summary>
    private const int FirstAccentClass = 10;

    /// <summary>The words in their order; none where the text has no letter and no digit.</summary>
    public static ImmutableArray<string> Words(string text)
    {
        var words = ImmutableArray.CreateBuilder<string>();
        var word = new StringBuilder();
        foreach (int code in UnicodeComposition.Decompose(text.Length > TextLengthMax ? text[..TextLengthMax] : text))
        {
            if (IsLeftOut(code))
            {
                continue;
            }

            if (IsOfWord(code))
            {
                Append(word, code);
            }
            else if (End(word, words))
            {
                return words.DrainToImmutable();
            }
        }

        End(word, words);
        return words.DrainToImmutable();
    }

    /// <summary>The words with a blank between them: equal for texts that are spelled alike.</summary>
    public static string Fold(string text) => string.Join(' ', Words(text));

    /// <summary>True where that was the last word that counts.</summary>
    private static bool End(StringBuilder word, ImmutableArray<string>.Builder words)
    {
        if (word.Length > 0)
        {
            string whole = UnicodeComposition.Compose(word.ToString());
            words.Add(whole.Length <= WordLengthMax ? whole : Cut(whole));
            word.Clear();
        }

        return words.Count == WordsMax;
    }

    private static string Cut(string word) =>
        word[..(char.IsHighSurrogate(word[WordLengthMax - 1]) ? WordLengthMax - 1 : WordLengthMax)];

    /// <summary>Accents, and what stands within a word without parting it: O'Brien is one.</summary>
    private static bool IsLeftOut(int code) =>
        code is '\'' or '`' or 0x00B4 or 0x02B9 or 0x02BB or 0x02BC or 0x2018 or 0x2019 or 0xFF07
        || UnicodeComposition.ClassOf(code) >= FirstAccentClass
        || CategoryOf(code) == UnicodeCategory.Format;

    private static bool IsOfWord(int code) =>
        CategoryOf(code)
            is UnicodeCategory.UppercaseLetter
                or UnicodeCategory.LowercaseLetter
                or UnicodeCategory.TitlecaseLetter
                or UnicodeCategory.ModifierLetter
                or UnicodeCategory.OtherLetter
                or UnicodeCategory.NonSpacingMark
                or UnicodeCategory.SpacingCombiningMark
                or UnicodeCategory.DecimalDigitNumber
                or UnicodeCategory.LetterNumber;

    private static UnicodeCategory CategoryOf(int code) => CharUnicodeInfo.GetUnicodeCategory(code);

    /// <summary>Letters that Unicode does not take apart are written as people write them who lack them on their keyboard.</summary>
    private static void Append(StringBuilder word, int code)
    {
        // Wide letters and digits, as keyboards of East Asia make them.
        int plain = code is >= 0xFF10 and <= 0xFF5A ? code - 0xFEE0 : code;
        int small = Rune.ToLowerInvariant(new Rune(plain)).Value;
        _ = small switch
        {
            0x00DF or 0x1E9E => word.Append("ss"),
            0x00E6 => word.Append("ae"),
            0x0153 => word.Append("oe"),
            0x00F8 => word.Append('o'),
            0x00F0 or 0x0111 => word.Append('d'),
            0x00FE => word.Append("th"),
            0x0127 => word.Append('h'),
            0x0131 => word.Append('i'),
            0x0142 => word.Append('l'),
            0x0167 => word.Append('t'),
            // The small sigma at a word's end.
            0x03C2 => word.Append('\u03C3'),
            _ => word.Append(new Rune(small).ToString()),
        };
    }
}
