using System.Collections.Immutable;
using System.Numerics;

namespace Customer360.Rules.Attribution;

/// <summary>Journeys of one course, and how many of them converted.</summary>
/// <param name="Channels">In order of time.</param>
/// <param name="Converted">How often it came to a conversion.</param>
/// <param name="Lost">How often it did not.</param>
public sealed record ChannelPath(ImmutableArray<string> Channels, long Converted, long Lost);

/// <summary>
/// The Markov chain of channels (order 1 or 2) in closed form: from the start through channels to a conversion or to nothing. A channel's
/// removal effect is by which part fewer would convert if whoever comes to it were lost.
/// </summary>
/// <param name="Conversion">The chance to convert from the start.</param>
/// <param name="RemovalEffects">By channel.</param>
public sealed partial record MarkovModel(
    Fraction Conversion,
    ImmutableSortedDictionary<string, Fraction> RemovalEffects
)
{
    /// <summary>Channels at most: what is solved grows with their third power.</summary>
    public const int ChannelsMax = 64;

    private const int ScaleBits = 61;

    /// <exception cref="ArgumentException">There are too many channels.</exception>
    public static MarkovModel Of(IEnumerable<ChannelPath> paths)
    {
        var counts = new Dictionary<(string From, string To), BigInteger>();
        foreach (ChannelPath path in paths.Where(path => !path.Channels.IsEmpty && path.Converted + path.Lost > 0))
        {
            string from = "";
            foreach (string channel in path.Channels)
            {
                Count(from, channel, path.Converted + path.Lost);
                from = channel;
            }

            Count(from, "+", path.Converted);
            Count(from, "-", path.Lost);
        }

        string[] channels =
        [
            .. counts
                .Keys.Select(one => one.From)
                .Where(one => one.Length > 0)
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];
        if (channels.Length > ChannelsMax)
        {
            throw new ArgumentException("There are too many channels.", nameof(paths));
        }

        Fraction all = Converts(removed: null);
        return new MarkovModel(
            all,
            channels.ToImmutableSortedDictionary(
                channel => channel,
                channel => all.IsZero ? Fraction.Zero : Fraction.One - (Converts(channel) / all),
                StringComparer.Ordinal
            )
        );

        // A step from a channel to itself is left out: it changes nothing of where one ends.
        void Count(string from, string to, long count)
        {
            if (from != to && count > 0)
            {
                counts[(from, to)] = counts.GetValueOrDefault((from, to)) + count;
            }
        }

        Fraction Converts(string? removed)
        {
            string[] states = ["", .. channels.Where(channel => channel != removed)];
            var system = new BigInteger[states.Length, states.Length + 1];
            for (int row = 0; row < states.Length; row++)
            {
                foreach (
                    ((string from, string to), BigInteger count) in counts.Where(one => one.Key.From == states[row])
                )
                {
                    // n h(from) - sum of n(to) h(to) = n(conversion), in whole numbers.
                    system[row, row] += count;
                    if (to == "+")
                    {
                        system[row, states.Length] += count;
                    }
                    else if (Array.IndexOf(states, to) is >= 0 and var column)
                    {
                        system[row, column] -= count;
                    }
                }
            }

            return counts.Count == 0 ? Fraction.Zero : SolveFirst(system, states.Length);
        }
    }

    /// <summary>The part of <paramref name="whole"/> that each channel has: by its removal effect among all of them.</summary>
    public Fraction CreditOf(string channel, long whole)
    {
        Fraction sum = RemovalEffects.Values.Aggregate(Fraction.Zero, (left, right) => left + right);
        return sum.IsZero ? Fraction.Zero : RemovalEffects[channel] * new Fraction(whole, 1) / sum;
    }

    /// <summary>
    /// Weights for the touches of one journey: by the removal effect of each one's channel. Where none has any, all have the same.
    /// </summary>
    public ImmutableArray<ulong> Weigh(ImmutableArray<string> channels)
    {
        ulong[] weights = [.. channels.Select(WeightOf)];
        return weights.Any(weight => weight > 0) ? [.. weights] : [.. Enumerable.Repeat(1UL, channels.Length)];
    }

    private ulong WeightOf(string channel)
    {
        Fraction effect = RemovalEffects.GetValueOrDefault(channel);
        return (ulong)((effect.Over << ScaleBits) / effect.Under);
    }

    /// <summary>The first unknown of a system of whole numbers, by Bareiss's elimination: no fraction before the end.</summary>
    private static Fraction SolveFirst(BigInteger[,] system, int size)
    {
        BigInteger before = BigInteger.One;
        // From below, so that the first unknown is the one that is left.
        for (int pivot = size - 1; pivot > 0; pivot--)
        {
            for (int row = 0; row < pivot; row++)
            {
                for (int column = 0; column <= size; column++)
                {
                    if (column >= pivot && column < size)
                    {
                        continue;
                    }

                    system[row, column] =
                        ((system[pivot, pivot] * system[row, column]) - (system[row, pivot] * system[pivot, column]))
                        / before;
                }
            }

            before = system[pivot, pivot];
        }

        return new Fraction(system[0, size], system[0, 0]);
    }
}
