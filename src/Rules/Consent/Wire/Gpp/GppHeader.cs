using System.Collections.Immutable;

namespace Customer360.Rules.Consent.Wire.Gpp;

/// <summary>The first part of a GPP string: which sections follow, ascending, as ranges of Fibonacci numbers.</summary>
internal static class GppHeader
{
    private const int Type = 3;
    private const int Version = 1;

    /// <summary>The highest id that is believed; 27 are defined (November 2026).</summary>
    public const int SectionMax = 200;

    /// <summary>The ids of the sections; null where the header can't be read.</summary>
    public static ImmutableArray<int>? Read(ReadOnlySpan<char> text)
    {
        var bits = new Base64UrlBits(text);
        if (bits.ReadInt(6) != Type || bits.ReadInt(6) != Version)
        {
            return null;
        }

        var sections = ImmutableArray.CreateBuilder<int>();
        int count = bits.ReadInt(12);
        int last = 0;
        for (int i = 0; i < count && !bits.IsBroken; i++)
        {
            bool isGroup = bits.ReadFlag();
            int first = last + ReadFibonacci(ref bits);
            last = isGroup ? first + ReadFibonacci(ref bits) : first;
            if (last > SectionMax)
            {
                return null;
            }

            for (int section = first; section <= last; section++)
            {
                sections.Add(section);
            }
        }

        return bits.IsAtEnd ? sections.ToImmutable() : null;
    }

    /// <summary>A bit for each of the weights 1, 2, 3, 5, 8…, the smallest first; a second 1 in a row ends the number.</summary>
    private static int ReadFibonacci(ref Base64UrlBits bits)
    {
        int value = 0;
        int weight = 1;
        int next = 2;
        bool isAfterOne = false;
        while (value <= SectionMax && !bits.IsBroken)
        {
            bool isOne = bits.ReadFlag();
            if (isOne && isAfterOne)
            {
                return value;
            }

            value += isOne ? weight : 0;
            isAfterOne = isOne;
            (weight, next) = (Math.Min(next, SectionMax + 1), Math.Min(weight + next, SectionMax + 1));
        }

        bits.Break();
        return 0;
    }
}
