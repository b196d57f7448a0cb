using System.Text;

namespace Customer360.Rules.Events;

/// <summary>
/// Shares the strings of names that come again and again (traits, events, sources, identifier types), so that a
/// hundred thousand warm customers hold one "email" between them and reading a message makes no string for it.
/// </summary>
/// <remarks>
/// Nothing can be told from the outside but the memory saved: equal bytes always give equal strings. The pool has a
/// fixed number of places, a name takes the place that its bytes hash to, and the newcomer replaces what was there; so
/// it is bounded, needs no lock (a reference is written at once), and a sender of a million names harms nobody.
/// It must never be given values that say something of a person: erasure can't reach it.
/// </remarks>
internal static class TextPool
{
    private const int Places = 4096;
    private const int LengthMax = 64;

    private static readonly string?[] s_shared = new string?[Places];

    /// <summary>The string of a canonical JSON string's content (between the quotes).</summary>
    public static string Read(ReadOnlySpan<byte> content)
    {
        // With an escape in it the bytes are not the text, and could equal another name's.
        if (content.Length is 0 or > LengthMax || content.Contains((byte)'\\'))
        {
            return JsonText.Read(content);
        }

        var hash = default(HashCode);
        hash.AddBytes(content);
        ref string? place = ref s_shared[hash.ToHashCode() & (Places - 1)];
        string? known = Volatile.Read(ref place);
        if (known is not null && IsSame(known, content))
        {
            return known;
        }

        string made = JsonText.Read(content);
        if (Ascii.IsValid(made))
        {
            Volatile.Write(ref place, made);
        }

        return made;
    }

    private static bool IsSame(string known, ReadOnlySpan<byte> content) => Ascii.Equals(content, known);
}
