using System.Collections.Immutable;
using System.Numerics;

namespace Customer360.Rules.Attribution;

/// <summary>
/// Weights that halve with each half-life before the conversion: 2^(-age / half-life). They are worked out in whole numbers, so that
/// every machine comes to the same cent.
/// </summary>
internal static class Decay
{
    private const int Bits = 61;
    private const int FractionBits = 40;

    /// <summary>2^(-1/2), 2^(-1/4) …, times 2^61.</summary>
    private static readonly ImmutableArray<ulong> s_roots = Roots();

    /// <summary>The youngest touch has the largest weight; what is more than 61 half-lives older than it has none.</summary>
    public static ImmutableArray<ulong> Weigh(Journey journey, TimeSpan halfLife)
    {
        var ages = new (long Whole, ulong Fraction)[journey.Steps.Length];
        long youngest = long.MaxValue;
        for (int index = 0; index < ages.Length; index++)
        {
            long ticks = Math.Max(0, (journey.ConvertedAt - journey.Steps[index].At).Ticks);
            (long whole, long rest) = Math.DivRem(ticks, halfLife.Ticks);
            ages[index] = (whole, (ulong)(((UInt128)rest << FractionBits) / (UInt128)halfLife.Ticks));
            youngest = Math.Min(youngest, whole);
        }

        return [.. ages.Select(age => WeightOf(age.Whole - youngest, age.Fraction))];
    }

    private static ulong WeightOf(long halves, ulong fraction)
    {
        if (halves > Bits)
        {
            return 0;
        }

        UInt128 weight = UInt128.One << Bits;
        for (int bit = 0; bit < FractionBits; bit++)
        {
            if ((fraction >> (FractionBits - 1 - bit) & 1) != 0)
            {
                weight = weight * s_roots[bit] >> Bits;
            }
        }

        return (ulong)(weight >> (int)halves);
    }

    private static ImmutableArray<ulong> Roots()
    {
        var roots = ImmutableArray.CreateBuilder<ulong>(FractionBits);
        BigInteger root = BigInteger.One << (Bits - 1);
        for (int bit = 0; bit < FractionBits; bit++)
        {
            root = SquareRoot(root << Bits);
            roots.Add((ulong)root);
        }

        return roots.MoveToImmutable();
    }

    /// <summary>The largest whole number whose square is not more.</summary>
    private static BigInteger SquareRoot(BigInteger of)
    {
        BigInteger root = BigInteger.One << (int)((of.GetBitLength() / 2) + 1);
        while (true)
        {
            BigInteger next = (root + (of / root)) >> 1;
            if (next >= root)
            {
                return root;
            }

            root = next;
        }
    }
}
