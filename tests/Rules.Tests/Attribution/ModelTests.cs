using System.Collections.Immutable;
using Customer360.Rules.Attribution;
using static Customer360.Rules.Tests.Attribution.Journeys;

namespace Customer360.Rules.Tests.Attribution;

/// <summary>What each model makes of journeys whose credit was worked out by hand.</summary>
public sealed class ModelTests
{
    private static readonly Journey s_four = Of(
        ("Organic Search", 21),
        ("Paid Search", 14),
        ("Email", 7),
        (ChannelGroups.Direct, 0)
    );

    private static readonly ImmutableArray<ChannelPath> s_paths =
    [
        new(["A", "B", "C"], 3, 1),
        new(["A", "C"], 2, 2),
        new(["B"], 1, 3),
        new(["C", "A"], 0, 2),
        new(["B", "C"], 1, 1),
    ];

    [Theory]
    [InlineData(AttributionModel.First, new long[] { 100_000, 0, 0, 0 })]
    [InlineData(AttributionModel.Last, new long[] { 0, 0, 0, 100_000 })]
    [InlineData(AttributionModel.LastNonDirect, new long[] { 0, 0, 100_000, 0 })]
    [InlineData(AttributionModel.Linear, new long[] { 25_000, 25_000, 25_000, 25_000 })]
    [InlineData(AttributionModel.Position, new long[] { 40_000, 10_000, 10_000, 40_000 })]
    [InlineData(AttributionModel.TimeDecay, new long[] { 6_667, 13_333, 26_667, 53_333 })]
    [InlineData(AttributionModel.Shapley, new long[] { 25_000, 25_000, 25_000, 25_000 })]
    public void Credit_OfAThousandOverFourTouches_IsExact(AttributionModel model, long[] expected) =>
        Assert.Equal(expected, Credit(model, s_four, 100_000));

    [Theory]
    [InlineData(AttributionModel.Linear, 3, new long[] { 3_334, 3_333, 3_333 })]
    [InlineData(AttributionModel.Position, 2, new long[] { 5_000, 5_000 })]
    [InlineData(AttributionModel.Position, 1, new long[] { 10_000 })]
    [InlineData(AttributionModel.Position, 3, new long[] { 4_000, 2_000, 4_000 })]
    public void Credit_OfAHundred_LosesNoCent(AttributionModel model, int count, long[] expected) =>
        Assert.Equal(expected, Credit(model, Of([.. Enumerable.Range(0, count).Select(at => $"c{at}")]), 10_000));

    [Fact]
    public void Linear_OfAChannelThatComesTwice_AddsUp()
    {
        long[] credit = Credit(AttributionModel.Linear, Of("A", "B", "A"), 10_000);

        Assert.Equal((6_667, 3_333), (credit[0] + credit[2], credit[1]));
    }

    [Fact]
    public void TimeDecay_IsContinuous_AndGoesByTheExactTime()
    {
        long[] credit = Credit(AttributionModel.TimeDecay, Of(("A", 20), ("B", 10), ("C", 3), ("D", 0)), 100_000);

        Assert.Equal([6_127, 16_493, 32_985, 44_395], credit);
    }

    [Fact]
    public void TimeDecay_OfTouchesThatAreAllOld_StillDividesAll()
    {
        long[] credit = Credit(
            AttributionModel.TimeDecay,
            Of(("A", 730), ("B", 729)),
            100,
            new JourneyModels(TimeSpan.FromMinutes(1))
        );

        Assert.Equal([0, 100], credit);
    }

    [Theory]
    [InlineData(3.5, AttributionModel.WShaped, new long[] { 36_000, 4_000, 36_000, 4_000, 36_000, 4_000 })]
    [InlineData(5.5, AttributionModel.WShaped, new long[] { 72_000, 3_000, 3_000, 3_000, 36_000, 3_000 })]
    [InlineData(3.5, AttributionModel.FullPath, new long[] { 27_000, 6_000, 27_000, 6_000, 27_000, 27_000 })]
    public void Milestones_HaveTheirShare_AndWhereTwoFallOnOneTouchItHasBoth(
        double leadDaysBefore,
        AttributionModel model,
        long[] expected
    )
    {
        Journey journey = Of("A", "B", "C", "D", "E", "F") with
        {
            LeadAt = ConvertedAt.AddDays(-leadDaysBefore),
            OpportunityAt = ConvertedAt.AddDays(-1.5),
        };

        Assert.Equal(expected, Credit(model, journey, 120_000));
    }

    [Fact]
    public void Milestones_ThatAreNotKnown_LeaveTheirShareToTheOthers()
    {
        Journey journey = Of("A", "B", "C") with { OpportunityAt = ConvertedAt.AddDays(-1) };

        Assert.Equal([45_000, 10_000, 45_000], Credit(AttributionModel.WShaped, journey, 100_000));
        Assert.Equal([100_000], Credit(AttributionModel.WShaped, Of("A"), 100_000));
    }

    [Fact]
    public void Markov_OfTheWorkedExample_IsTheClosedForm()
    {
        MarkovModel model = MarkovModel.Of(s_paths);

        Assert.Equal(new Fraction(7, 16), model.Conversion);
        Assert.Equal(new Fraction(18, 35), model.RemovalEffects["A"]);
        Assert.Equal(new Fraction(59, 98), model.RemovalEffects["B"]);
        Assert.Equal(new Fraction(152, 175), model.RemovalEffects["C"]);
        Assert.Equal(1.813695, model.CreditOf("A", 7).ToDouble(), 6);
        Assert.Equal(2.123175, model.CreditOf("B", 7).ToDouble(), 6);
        Assert.Equal(3.063130, model.CreditOf("C", 7).ToDouble(), 6);
    }

    [Fact]
    public void Markov_OfPathsThatStayWhereTheyAre_IsTheSame()
    {
        ImmutableArray<ChannelPath> repeated =
        [
            .. s_paths.Select(path =>
                path with
                {
                    Channels = [.. path.Channels.SelectMany(one => new[] { one, one })],
                }
            ),
        ];

        Assert.Equal(MarkovModel.Of(s_paths).RemovalEffects, MarkovModel.Of(repeated).RemovalEffects);
    }

    [Fact]
    public void Markov_OfNothing_CreditsNobody()
    {
        Assert.Empty(MarkovModel.Of([]).RemovalEffects);
        Assert.Equal([1UL, 1UL], MarkovModel.Of([new(["A", "B"], 0, 4)]).Weigh(["A", "B"]).AsEnumerable());
    }

    [Fact]
    public void Shapley_OfTheWorkedExample_IsTheClosedForm()
    {
        ImmutableSortedDictionary<string, Fraction> sets = ShapleyValues.Of(s_paths);
        Assert.Equal(["2", "5/2", "5/2"], sets.Values.Select(value => value.ToString()));

        Assert.Equal(
            ["A@1 2", "B@1 3/2", "B@2 1", "C@2 3/2", "C@3 1"],
            ShapleyValues
                .Ordered(s_paths)
                .Where(one => !one.Value.IsZero)
                .Select(one => $"{one.Key.Channel}@{one.Key.Place} {one.Value}")
        );
    }

    [Fact]
    public void Shapley_OfRates_NeedsThoseThatCameToNothing()
    {
        ImmutableSortedDictionary<string, Fraction> rates = ShapleyValues.OfRates(s_paths);

        Assert.Equal(["7/72", "11/36", "25/72"], rates.Values.Select(value => value.ToString()));
        Fraction sum = rates.Values.Aggregate((left, right) => left + right);
        Assert.Equal(
            [0.907407, 2.851852, 3.240741],
            rates.Values.Select(value => Math.Round((value * new Fraction(7, 1) / sum).ToDouble(), 6))
        );
    }

    [Theory]
    [InlineData(10_000, new ulong[] { 1, 1, 1 }, new long[] { 3_334, 3_333, 3_333 })]
    [InlineData(-10_000, new ulong[] { 1, 1, 1 }, new long[] { -3_334, -3_333, -3_333 })]
    [InlineData(2, new ulong[] { 1, 1, 1 }, new long[] { 1, 1, 0 })]
    [InlineData(0, new ulong[] { 1, 5 }, new long[] { 0, 0 })]
    [InlineData(7, new ulong[] { 0, 3, 0 }, new long[] { 0, 7, 0 })]
    [InlineData(
        long.MaxValue,
        new ulong[] { LargestRemainder.WeightMax, LargestRemainder.WeightMax },
        new long[] { 4_611_686_018_427_387_904, 4_611_686_018_427_387_903 }
    )]
    [InlineData(long.MinValue, new ulong[] { 1 }, new[] { long.MinValue })]
    public void Divide_GivesTheRestToWhoeverLostMost_AndOfEqualOnesToTheEarlier(
        long amount,
        ulong[] weights,
        long[] expected
    ) => Assert.Equal(expected, LargestRemainder.Divide(amount, weights));

    [Theory]
    [InlineData(new ulong[] { })]
    [InlineData(new ulong[] { 0, 0 })]
    [InlineData(new ulong[] { LargestRemainder.WeightMax + 1 })]
    public void Divide_ByNothing_IsABug(ulong[] weights) =>
        Assert.Throws<ArgumentException>(() => LargestRemainder.Divide(1, weights));
}
