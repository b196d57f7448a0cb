using System.Collections.Immutable;
using System.Globalization;
using Customer360.Rules.Contracts;

namespace Customer360.Rules.Tests.Contracts;

/// <summary>Each message counts once, however often it is told.</summary>
public sealed class ViolationTallyTests
{
    private static readonly DateTimeOffset s_noon = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);
    private static readonly ViolationKey s_total = new("Bought", "properties.total", "type");

    [Fact]
    public void With_WhatWasToldBefore_IsTheSame()
    {
        ViolationTally tally = ViolationTally.Empty.With(3, [Finding(7), Finding(9)]);

        Assert.Same(tally, tally.With(3, [Finding(7), Finding(9)]));
        Assert.Equal(2, tally.Counts[s_total].Count);
    }

    [Fact]
    public void With_MoreThanWasTold_CountsTheRest()
    {
        ViolationTally tally = ViolationTally
            .Empty.With(3, [Finding(7)])
            .With(3, [Finding(7), Finding(9), Finding(12)]);

        Assert.Equal(3, tally.Counts[s_total].Count);
        Assert.Equal(s_noon.AddSeconds(7), tally.Counts[s_total].FirstAt);
        Assert.Equal(s_noon.AddSeconds(12), tally.Counts[s_total].LastAt);
    }

    [Fact]
    public void With_OfTwoPartitions_KeepsHowFarEachWasCounted()
    {
        ViolationTally tally = ViolationTally.Empty.With(3, [Finding(7)]).With(4, [Finding(2)]).With(3, [Finding(8)]);

        Assert.Equal(3, tally.Counts[s_total].Count);
        Assert.Equal((8, 2), (tally.CountedTo[3], tally.CountedTo[4]));
    }

    [Fact]
    public void With_MoreKindsThanAreToldApart_CountsThemInOneRow()
    {
        ImmutableArray<ViolationFinding> many =
        [
            .. Enumerable
                .Range(1, ViolationTally.RowsMax + 5)
                .Select(number => new ViolationFinding(
                    number,
                    s_noon,
                    [new ViolationKey(number.ToString(CultureInfo.InvariantCulture), "", "type")]
                )),
        ];

        ViolationTally tally = ViolationTally.Empty.With(0, many);

        Assert.Equal(ViolationTally.RowsMax + 1, tally.Counts.Count);
        Assert.Equal(5, tally.Counts[new ViolationKey(ViolationTally.Other, "", "other")].Count);
    }

    private static ViolationFinding Finding(long position) => new(position, s_noon.AddSeconds(position), [s_total]);
}
