using System.Collections.Immutable;

namespace Customer360.Rules.Attribution;

/// <summary>
/// Divides whole minor units by weights so that the parts add up to the whole: each gets what its share comes to, rounded down, and the
/// units that are left go to those that lost most by it; of equal ones the earlier gets it.
/// </summary>
/// <remarks>A negative amount is divided as the positive one is, so a reversal takes exactly what was given.</remarks>
public static class LargestRemainder
{
    /// <summary>A weight at most, so that no product and no sum overflows: of ten thousand of them, too.</summary>
    public const ulong WeightMax = 1UL << 62;

    /// <param name="weights">Each from 0 to <see cref="WeightMax"/>; 65,536 at most, not all of them 0.</param>
    /// <exception cref="ArgumentException">There is no weight to divide by, or too much of it.</exception>
    public static ImmutableArray<long> Divide(long amount, ReadOnlySpan<ulong> weights)
    {
        UInt128 total = 0;
        foreach (ulong weight in weights)
        {
            if (weight > WeightMax)
            {
                throw new ArgumentException("A weight is too large.", nameof(weights));
            }

            total += weight;
        }

        if (total == 0 || weights.Length > 1 << 16)
        {
            throw new ArgumentException("There must be a weight, and not more than 65,536.", nameof(weights));
        }

        // Of the smallest long the absolute value is no long.
        UInt128 whole = amount < 0 ? (UInt128)(-(Int128)amount) : (UInt128)amount;
        var parts = new long[weights.Length];
        var rests = new (UInt128 Remainder, int Index)[weights.Length];
        UInt128 given = 0;
        for (int index = 0; index < weights.Length; index++)
        {
            UInt128 product = whole * weights[index];
            UInt128 part = product / total;
            given += part;
            rests[index] = (product - (part * total), index);
            parts[index] = amount < 0 ? (long)-(Int128)part : (long)part;
        }

        Array.Sort(
            rests,
            static (left, right) =>
                left.Remainder != right.Remainder
                    ? right.Remainder.CompareTo(left.Remainder)
                    : left.Index.CompareTo(right.Index)
        );
        for (int place = 0; given < whole; place++, given++)
        {
            parts[rests[place].Index] += amount < 0 ? -1 : 1;
        }

        return [.. parts];
    }
}
