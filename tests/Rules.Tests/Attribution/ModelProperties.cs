using System.Collections.Immutable;
using Customer360.Rules.Attribution;
using FsCheck;
using FsCheck.Fluent;
using static Customer360.Rules.Tests.Attribution.Journeys;

namespace Customer360.Rules.Tests.Attribution;

/// <summary>Each model against a computation that shares nothing with it: slow, and by the definition.</summary>
public sealed class ModelProperties
{
    private static readonly Config s_many = Config.QuickThrowOnFailure.WithMaxTest(300);
    private static readonly string[] s_channels = ["A", "B", "C", ChannelGroups.Direct];

    private static readonly Gen<Journey> s_journeys = Gen.Zip(
            Gen.Elements(s_channels).ArrayOf(),
            Gen.Choose(0, int.MaxValue)
        )
        .Where(one => one.Item1.Length is > 0 and <= 12)
        .Select(one =>
        {
            var random = new Random(one.Item2);
            double[] ages = [.. one.Item1.Select(_ => random.NextDouble() * 40).OrderDescending()];
            return Of([.. one.Item1.Zip(ages)]) with
            {
                LeadAt = random.Next(3) == 0 ? null : ConvertedAt.AddDays(-random.NextDouble() * 45),
                OpportunityAt = random.Next(3) == 0 ? null : ConvertedAt.AddDays(-random.NextDouble() * 45),
            };
        });

    private static readonly Gen<ImmutableArray<ChannelPath>> s_paths = Gen.Choose(0, int.MaxValue)
        .Select(seed =>
        {
            var random = new Random(seed);
            return Enumerable
                .Range(0, random.Next(1, 8))
                .Select(_ => new ChannelPath(
                    [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => s_channels[random.Next(s_channels.Length)])],
                    random.Next(5),
                    random.Next(5)
                ))
                .ToImmutableArray();
        });

    [Fact]
    public void Credit_ByEveryModel_AddsUpToTheCent_AndIsWithinOneOfWhatTheDefinitionSays() =>
        Prop.ForAll(
                Gen.Zip(s_journeys, Gen.Choose(-1_000_000, 1_000_000)).ToArbitrary(),
                one =>
                {
                    (Journey journey, int minor) = (one.Item1, one.Item2);
                    foreach (AttributionModel model in AttributionModels.OfOneJourney)
                    {
                        long[] credit = Credit(model, journey, minor);
                        double[] shares = Shares(model, journey);
                        Assert.Equal(minor, credit.Sum());
                        Assert.All(
                            credit.Zip(shares),
                            part => Assert.True(Math.Abs(part.First - (minor * part.Second)) < 1.001, $"{model}")
                        );
                    }
                }
            )
            .Check(s_many);

    [Fact]
    public void Divide_IsFair_AndSymmetric() =>
        Prop.ForAll(
                Gen.Zip(Gen.Choose(0, int.MaxValue), Gen.Choose(0, 50).ArrayOf().Where(one => one.Any(w => w > 0)))
                    .ToArbitrary(),
                one =>
                {
                    ulong[] weights = [.. one.Item2.Select(weight => (ulong)weight)];
                    ImmutableArray<long> parts = LargestRemainder.Divide(one.Item1, weights);
                    long total = one.Item2.Sum(weight => (long)weight);
                    Assert.Equal(one.Item1, parts.Sum());
                    Assert.Equal(
                        parts.Select(part => -part),
                        LargestRemainder.Divide(-(long)one.Item1, weights).AsEnumerable()
                    );
                    for (int index = 0; index < parts.Length; index++)
                    {
                        Assert.InRange(
                            parts[index],
                            one.Item1 * (long)weights[index] / total,
                            (one.Item1 * (long)weights[index] / total) + 1
                        );
                    }
                }
            )
            .Check(s_many);

    [Fact]
    public void Markov_IsWhatGoingThroughTheChainStepByStepComesTo() =>
        Prop.ForAll(
                s_paths.ToArbitrary(),
                paths =>
                {
                    MarkovModel model = MarkovModel.Of(paths);
                    double all = Walk(paths, _ => false);
                    Assert.InRange(model.Conversion.ToDouble(), all - 1e-6, all + 1e-6);
                    foreach ((string channel, Fraction effect) in model.RemovalEffects)
                    {
                        double expected = all == 0 ? 0 : 1 - (Walk(paths, one => one == channel) / all);
                        Assert.InRange(effect.ToDouble(), expected - 1e-6, expected + 1e-6);
                    }
                }
            )
            .Check(s_many);

    [Fact]
    public void Markov_OfSecondOrder_IsWhatGoingFromPairToPairComesTo() =>
        Prop.ForAll(
                s_paths.ToArbitrary(),
                paths =>
                {
                    MarkovModel model = MarkovModel.OfSecondOrder(paths);
                    // A channel that is told with the one before it makes of a chain of order 1 one of order 2.
                    ImmutableArray<ChannelPath> pairs =
                    [
                        .. paths.Select(path =>
                            path with
                            {
                                Channels =
                                [
                                    .. path.Channels.Select(
                                        (channel, index) => $"{(index == 0 ? "" : path.Channels[index - 1])}>{channel}"
                                    ),
                                ],
                            }
                        ),
                    ];
                    double all = Walk(pairs, _ => false);
                    Assert.InRange(model.Conversion.ToDouble(), all - 1e-6, all + 1e-6);
                    foreach ((string channel, Fraction effect) in model.RemovalEffects)
                    {
                        double rest = Walk(pairs, pair => pair.EndsWith($">{channel}", StringComparison.Ordinal));
                        double expected = all == 0 ? 0 : 1 - (rest / all);
                        Assert.InRange(effect.ToDouble(), expected - 1e-6, expected + 1e-6);
                    }
                }
            )
            .Check(s_many);

    [Fact]
    public void Shapley_IsTheMeanOverAllOrdersOfComing() =>
        Prop.ForAll(
                s_paths.ToArbitrary(),
                paths =>
                {
                    string[] channels =
                    [
                        .. paths.SelectMany(path => path.Channels).Distinct().Order(StringComparer.Ordinal),
                    ];
                    Assert.Equal(
                        channels.Select(channel => MeanOf(channels, channel, set => Worth(paths, set))),
                        ShapleyValues.Of(paths).Values.Select(value => Math.Round(value.ToDouble(), 9))
                    );
                    Assert.Equal(
                        channels.Select(channel => MeanOf(channels, channel, set => Rate(paths, set))),
                        ShapleyValues.OfRates(paths).Values.Select(value => Math.Round(value.ToDouble(), 9))
                    );
                }
            )
            .Check(s_many);

    [Fact]
    public void Shapley_OfEachJourneyAlone_AddsUpToThatOfAll() =>
        Prop.ForAll(
                s_paths.ToArbitrary(),
                paths =>
                {
                    var sums = new Dictionary<string, Fraction>();
                    foreach (ChannelPath path in paths)
                    {
                        ImmutableArray<ulong> weights = JourneyModels.Usual.Weigh(
                            AttributionModel.Shapley,
                            Of([.. path.Channels])
                        );
                        long total = weights.Sum(weight => (long)weight);
                        for (int index = 0; index < weights.Length; index++)
                        {
                            sums[path.Channels[index]] =
                                sums.GetValueOrDefault(path.Channels[index])
                                + new Fraction((long)weights[index] * path.Converted, total);
                        }
                    }

                    Assert.Equal(sums.OrderBy(one => one.Key, StringComparer.Ordinal), ShapleyValues.Of(paths));
                }
            )
            .Check(s_many);

    /// <summary>By the words of each model's definition.</summary>
    private static double[] Shares(AttributionModel model, Journey journey)
    {
        int count = journey.Steps.Length;
        var shares = new double[count];
        switch (model)
        {
            case AttributionModel.First:
                shares[0] = 1;
                break;
            case AttributionModel.Last:
                shares[^1] = 1;
                break;
            case AttributionModel.LastNonDirect:
                int last = journey.Steps.ToList().FindLastIndex(step => !step.IsDirect);
                shares[last < 0 ? count - 1 : last] = 1;
                break;
            case AttributionModel.Linear:
                Array.Fill(shares, 1.0 / count);
                break;
            case AttributionModel.Position:
                Array.Fill(shares, count > 2 ? 0.2 / (count - 2) : 1.0 / count);
                (shares[0], shares[^1]) = count > 2 ? (0.4, 0.4) : (shares[0], shares[^1]);
                break;
            case AttributionModel.TimeDecay:
                double[] weights =
                [
                    .. journey.Steps.Select(step =>
                        Math.Pow(2, -(journey.ConvertedAt - step.At) / TimeSpan.FromDays(7))
                    ),
                ];
                return [.. weights.Select(weight => weight / weights.Sum())];
            case AttributionModel.Shapley:
                foreach (
                    IGrouping<string, (JourneyStep Step, int Index)> channel in journey
                        .Steps.Select((step, index) => (step, index))
                        .GroupBy(one => one.step.Channel)
                )
                {
                    shares[channel.First().Index] = 1.0 / journey.Steps.Select(step => step.Channel).Distinct().Count();
                }

                break;
            default:
                return Milestones(model, journey);
        }

        return shares;
    }

    private static double[] Milestones(AttributionModel model, Journey journey)
    {
        var shares = new double[journey.Steps.Length];
        List<int> at = [0];
        foreach (DateTimeOffset? milestone in new[] { journey.LeadAt, journey.OpportunityAt })
        {
            if (milestone is { } time)
            {
                at.Add(Math.Max(0, journey.Steps.ToList().FindLastIndex(step => step.At <= time)));
            }
        }

        if (model == AttributionModel.FullPath)
        {
            at.Add(journey.Steps.Length - 1);
        }

        int others = journey.Steps.Length - at.Distinct().Count();
        foreach (int index in at)
        {
            shares[index] += (others == 0 ? 1.0 : 0.9) / at.Count;
        }

        return [.. shares.Select(share => share == 0 ? 0.1 / others : share)];
    }

    /// <summary>Follows all who start through the chain until nearly nobody is left on the way.</summary>
    private static double Walk(ImmutableArray<ChannelPath> paths, Func<string, bool> isRemoved)
    {
        var counts = new Dictionary<string, Dictionary<string, double>>();
        foreach (ChannelPath path in paths)
        {
            string[] states = ["start", .. path.Channels];
            double weight = path.Converted + path.Lost;
            for (int index = 0; index < path.Channels.Length; index++)
            {
                Add(states[index], states[index + 1], weight);
            }

            Add(states[^1], "won", path.Converted);
            Add(states[^1], "lost", path.Lost);
        }

        double won = 0;
        var on = new Dictionary<string, double> { ["start"] = 1 };
        for (int step = 0; step < 20_000 && on.Values.Sum() > 1e-12; step++)
        {
            var next = new Dictionary<string, double>();
            foreach ((string state, double part) in on)
            {
                Dictionary<string, double> ways = counts.GetValueOrDefault(state) ?? [];
                double all = ways.Values.Sum();
                foreach ((string to, double count) in ways.Where(way => way.Value > 0))
                {
                    double moved = part * count / all;
                    if (to == "won")
                    {
                        won += moved;
                    }
                    else if (to != "lost" && !isRemoved(to))
                    {
                        next[to] = next.GetValueOrDefault(to) + moved;
                    }
                }
            }

            on = next;
        }

        return won;

        void Add(string from, string to, double count)
        {
            Dictionary<string, double> ways = counts.TryGetValue(from, out Dictionary<string, double>? known)
                ? known
                : counts[from] = [];
            ways[to] = ways.GetValueOrDefault(to) + count;
        }
    }

    private static double MeanOf(string[] channels, string channel, Func<HashSet<string>, double> worth)
    {
        List<double> marginals = [];
        foreach (string[] order in Orders(channels))
        {
            HashSet<string> before = [.. order.TakeWhile(one => one != channel)];
            double without = worth(before);
            before.Add(channel);
            marginals.Add(worth(before) - without);
        }

        return Math.Round(marginals.Average(), 9);
    }

    private static double Worth(ImmutableArray<ChannelPath> paths, HashSet<string> set) =>
        paths.Where(path => path.Channels.All(set.Contains)).Sum(path => path.Converted);

    private static double Rate(ImmutableArray<ChannelPath> paths, HashSet<string> set)
    {
        ChannelPath[] exact = [.. paths.Where(path => set.SetEquals(path.Channels))];
        double all = exact.Sum(path => path.Converted + path.Lost);
        return all == 0 ? 0 : exact.Sum(path => path.Converted) / all;
    }

    private static IEnumerable<string[]> Orders(string[] of) =>
        of.Length <= 1
            ? [of]
            : of.SelectMany(first =>
                Orders([.. of.Where(one => one != first)]).Select(rest => (string[])[first, .. rest])
            );
}
