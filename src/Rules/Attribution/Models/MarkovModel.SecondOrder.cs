using System.Collections.Immutable;
using System.Numerics;

namespace Customer360.Rules.Attribution;

public sealed partial record MarkovModel
{
    /// <summary>Pairs of channels at most that stand one behind the other in journeys: what is solved grows with their third power.</summary>
    public const int PairsMax = 500;

    private const int EffectBits = 52;

    /// <summary>
    /// The chain of order 2: what follows depends on the last two channels. Its states are pairs that were seen; removing a channel loses
    /// whoever comes to any pair that ends with it.
    /// </summary>
    /// <remarks>
    /// States are taken out one by one, and what went through one goes on to where it went: nothing is subtracted, so that no digit is lost,
    /// and effects are good to about 15 digits. Beyond <see cref="PairsMax"/> the rarest pairs are told as their second channel alone.
    /// </remarks>
    public static MarkovModel OfSecondOrder(IEnumerable<ChannelPath> paths)
    {
        ChannelPath[] known = [.. paths.Where(path => !path.Channels.IsEmpty && path.Converted + path.Lost > 0)];
        HashSet<(string, string)> pairs =
        [
            .. known
                .SelectMany(path =>
                    path.Channels.Select((channel, index) => (PairAt(path, index), path.Converted + path.Lost))
                )
                .GroupBy(one => one.Item1)
                .OrderByDescending(group => group.Sum(one => one.Item2))
                .ThenBy(group => group.Key.Before, StringComparer.Ordinal)
                .ThenBy(group => group.Key.Channel, StringComparer.Ordinal)
                .Take(PairsMax)
                .Select(group => group.Key),
        ];
        var chain = new PairChain();
        foreach (ChannelPath path in known)
        {
            (string, string)? from = null;
            for (int index = 0; index < path.Channels.Length; index++)
            {
                (string Before, string Channel) pair = PairAt(path, index);
                (string, string) to = pairs.Contains(pair) ? pair : ("*", pair.Channel);
                chain.Count(from, to, path.Converted + path.Lost);
                from = to;
            }

            chain.End(from!.Value, path.Converted, path.Lost);
        }

        double all = chain.Converts(removed: null);
        return new MarkovModel(
            Exact(all),
            known
                .SelectMany(path => path.Channels)
                .Distinct(StringComparer.Ordinal)
                .ToImmutableSortedDictionary(
                    channel => channel,
                    channel => all == 0 ? Fraction.Zero : Exact(Math.Max(0, 1 - (chain.Converts(channel) / all))),
                    StringComparer.Ordinal
                )
        );
    }

    private static (string Before, string Channel) PairAt(ChannelPath path, int index) =>
        (index == 0 ? "" : path.Channels[index - 1], path.Channels[index]);

    private static Fraction Exact(double part) =>
        new(new BigInteger(Math.ScaleB(part, EffectBits)), BigInteger.One << EffectBits);

    /// <summary>How often one went from one pair of channels to the next.</summary>
    private sealed class PairChain
    {
        private const int Start = 0;

        private readonly Dictionary<(string, string), int> _states = [];
        private readonly List<string> _channels = [""];
        private readonly Dictionary<(int From, int To), double> _counts = [];
        private readonly Dictionary<int, (double Converted, double Lost)> _ends = [];

        public void Count((string, string)? from, (string, string) to, long count)
        {
            (int, int) step = (from is { } known ? StateOf(known) : Start, StateOf(to));
            _counts[step] = _counts.GetValueOrDefault(step) + count;
        }

        public void End((string, string) from, long converted, long lost)
        {
            (double before, double lostBefore) = _ends.GetValueOrDefault(StateOf(from));
            _ends[StateOf(from)] = (before + converted, lostBefore + lost);
        }

        /// <summary>The chance to convert from the start, where whoever comes to the channel is lost.</summary>
        public double Converts(string? removed)
        {
            int count = _channels.Count;
            int converted = count;
            int lost = count + 1;
            var flow = new double[count, count + 2];
            foreach (((int from, int to), double times) in _counts)
            {
                flow[from, _channels[to] == removed ? lost : to] += times;
            }

            foreach ((int from, (double won, double nothing)) in _ends)
            {
                flow[from, converted] += won;
                flow[from, lost] += nothing;
            }

            for (int gone = count - 1; gone > Start; gone--)
            {
                Bypass(flow, gone, converted, lost);
            }

            double leaves = flow[Start, converted] + flow[Start, lost];
            return leaves == 0 ? 0 : flow[Start, converted] / leaves;
        }

        /// <summary>Takes a state out: who comes to it goes at once to where it leads. Staying in it leads nowhere else.</summary>
        private static void Bypass(double[,] flow, int gone, int converted, int lost)
        {
            double leaves = flow[gone, converted] + flow[gone, lost];
            for (int to = 0; to < gone; to++)
            {
                leaves += flow[gone, to];
            }

            for (int from = 0; from < gone; from++)
            {
                double comes = flow[from, gone];
                if (comes == 0)
                {
                    continue;
                }

                double part = comes / leaves;
                for (int to = 0; to < gone; to++)
                {
                    flow[from, to] += part * flow[gone, to];
                }

                flow[from, converted] += part * flow[gone, converted];
                flow[from, lost] += part * flow[gone, lost];
            }
        }

        private int StateOf((string Before, string Channel) pair)
        {
            if (!_states.TryGetValue(pair, out int state))
            {
                _states[pair] = state = _channels.Count;
                _channels.Add(pair.Channel);
            }

            return state;
        }
    }
}
