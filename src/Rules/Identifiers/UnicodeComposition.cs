using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Customer360.Rules.Identifiers;

/// <summary>
/// Unicode's canonical composition (NFC): <c>u</c> followed by a combining diaeresis becomes <c>ü</c>. Two texts that look
/// alike because one keyboard composes and another does not are one text afterwards.
/// </summary>
/// <remarks>
/// Ours, because the grid runs in invariant globalization, where <see cref="string.Normalize()"/> answers its input. With
/// the platform's tables the result would also hang on the libraries of the machine, and an identifier must not: it
/// chooses a partition.
/// </remarks>
internal static partial class UnicodeComposition
{
    // Below it nothing combines and nothing stands for something else.
    private const char FirstCombining = '\u0300';

    // Hangul syllables are composed by arithmetic (The Unicode Standard, section 3.12).
    private const int SyllableFirst = 0xAC00;
    private const int LeadFirst = 0x1100;
    private const int VowelFirst = 0x1161;
    private const int TrailBefore = 0x11A7;
    private const int LeadCount = 19;
    private const int VowelCount = 21;
    private const int TrailCount = 28;
    private const int SyllableCount = LeadCount * VowelCount * TrailCount;

    private static readonly Lazy<Tables> s_known = new(Tables.Read);

    /// <summary>The text in composed form; the same object where it is in that form already, or has no character that could be in another.</summary>
    public static string Compose(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange(FirstCombining, '\uffff') < 0)
        {
            return text;
        }

        Tables tables = s_known.Value;
        List<int> decomposed = new(text.Length + 8);
        foreach (Rune rune in text.EnumerateRunes())
        {
            Decompose(rune.Value, tables, decomposed);
        }

        Order(decomposed, tables);
        Compose(decomposed, tables);
        var composed = new StringBuilder(text.Length);
        foreach (int code in decomposed)
        {
            composed.Append(char.ConvertFromUtf32(code));
        }

        return composed.Equals(text) ? text : composed.ToString();
    }

    /// <summary>The text's characters taken apart (NFD): a letter, then its marks by their classes. Half a surrogate pair comes as U+FFFD.</summary>
    public static List<int> Decompose(string text)
    {
        List<int> decomposed = new(text.Length + 8);
        if (text.AsSpan().IndexOfAnyExceptInRange('\0', '\u007f') < 0)
        {
            decomposed.AddRange(text.Select(character => (int)character));
            return decomposed;
        }

        Tables tables = s_known.Value;
        foreach (Rune rune in text.EnumerateRunes())
        {
            Decompose(rune.Value, tables, decomposed);
        }

        Order(decomposed, tables);
        return decomposed;
    }

    /// <summary>The combining class of a character: 0 of one that is no mark on another.</summary>
    public static int ClassOf(int code) => code < FirstCombining ? 0 : s_known.Value.ClassOf(code);

    private static void Decompose(int code, Tables tables, List<int> output)
    {
        int syllable = code - SyllableFirst;
        if (syllable is >= 0 and < SyllableCount)
        {
            output.Add(LeadFirst + (syllable / (VowelCount * TrailCount)));
            output.Add(VowelFirst + (syllable % (VowelCount * TrailCount) / TrailCount));
            if (syllable % TrailCount != 0)
            {
                output.Add(TrailBefore + (syllable % TrailCount));
            }
        }
        else if (tables.Decompositions.TryGetValue(code, out (int First, int Second) parts))
        {
            Decompose(parts.First, tables, output);
            if (parts.Second != 0)
            {
                Decompose(parts.Second, tables, output);
            }
        }
        else
        {
            output.Add(code);
        }
    }

    /// <summary>Marks behind a letter stand by their class; those of one class keep their order.</summary>
    private static void Order(List<int> codes, Tables tables)
    {
        for (int index = 1; index < codes.Count; index++)
        {
            int mark = codes[index];
            int order = tables.ClassOf(mark);
            int place = index;
            while (order != 0 && place > 0 && tables.ClassOf(codes[place - 1]) > order)
            {
                codes[place] = codes[place - 1];
                place--;
            }

            codes[place] = mark;
        }
    }

    private static void Compose(List<int> codes, Tables tables)
    {
        int starter = -1;
        int last = 0;
        int written = 0;
        for (int index = 0; index < codes.Count; index++)
        {
            int code = codes[index];
            int order = tables.ClassOf(code);
            bool isReached = starter >= 0 && (written == starter + 1 || (last != 0 && last < order));
            if (isReached && Pair(codes[starter], code, tables) is { } composed)
            {
                codes[starter] = composed;
                continue;
            }

            starter = order == 0 ? written : starter;
            last = order;
            codes[written++] = code;
        }

        codes.RemoveRange(written, codes.Count - written);
    }

    private static int? Pair(int first, int second, Tables tables)
    {
        int lead = first - LeadFirst;
        int vowel = second - VowelFirst;
        if (lead is >= 0 and < LeadCount && vowel is >= 0 and < VowelCount)
        {
            return SyllableFirst + (((lead * VowelCount) + vowel) * TrailCount);
        }

        int syllable = first - SyllableFirst;
        int trail = second - TrailBefore;
        if (syllable is >= 0 and < SyllableCount && syllable % TrailCount == 0 && trail is > 0 and < TrailCount)
        {
            return first + trail;
        }

        return tables.Compositions.TryGetValue((first, second), out int composed) ? composed : null;
    }

    private sealed class Tables
    {
        private FrozenDictionary<int, byte> Classes { get; init; } = FrozenDictionary<int, byte>.Empty;

        public required FrozenDictionary<int, (int First, int Second)> Decompositions { get; init; }

        public required FrozenDictionary<(int First, int Second), int> Compositions { get; init; }

        public int ClassOf(int code) => code >= FirstCombining && Classes.TryGetValue(code, out byte order) ? order : 0;

        public static Tables Read()
        {
            Dictionary<int, (int First, int Second)> decompositions = [];
            Dictionary<(int First, int Second), int> compositions = [];
            foreach (string entry in Entries(UnicodeComposition.Decompositions))
            {
                string[] codes = entry.Split(',');
                bool isOneWay = codes[0].EndsWith('!');
                int code = Hex(codes[0].AsSpan().TrimEnd('!'));
                (int First, int Second) parts = (Hex(codes[1]), codes.Length > 2 ? Hex(codes[2]) : 0);
                decompositions.Add(code, parts);
                if (!isOneWay)
                {
                    compositions.Add(parts, code);
                }
            }

            return new Tables
            {
                Decompositions = decompositions.ToFrozenDictionary(),
                Compositions = compositions.ToFrozenDictionary(),
                Classes = ReadClasses().ToFrozenDictionary(),
            };
        }

        private static Dictionary<int, byte> ReadClasses()
        {
            Dictionary<int, byte> classes = [];
            foreach (string entry in Entries(CombiningClasses))
            {
                string[] fields = entry.Split(',');
                string[] range = fields[0].Split('-');
                byte order = byte.Parse(fields[1], CultureInfo.InvariantCulture);
                for (int code = Hex(range[0]); code <= Hex(range[^1]); code++)
                {
                    classes.Add(code, order);
                }
            }

            return classes;
        }

        private static string[] Entries(string table) =>
            table.Split((char[])[' ', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries);

        private static int Hex(ReadOnlySpan<char> digits) =>
            int.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }
}
