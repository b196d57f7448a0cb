using Customer360.Rules.Events;
using FsCheck;
using FsCheck.Fluent;
using static Customer360.Grains.Tests.Intake.Parts.Deliveries;

namespace Customer360.Grains.Tests.Intake.Parts;

/// <summary>A lane hands its messages over in log order, whatever fails in between.</summary>
public sealed class LaneTests
{
    [Fact]
    public void TakeUp_WhileSomethingIsTaken_TakesNothingMore()
    {
        Lane lane = WithMessages(3);

        lane.TakeUp(2);
        lane.TakeUp(2);

        Assert.Equal([1, 2], Positions(lane));
        Assert.True(lane.HasWaiting);
        Assert.Equal(3, lane.Count);
    }

    [Fact]
    public void HandOverOneByOne_TakesEachOfThemAlone_AndThenManyAgain()
    {
        Lane lane = WithMessages(4);
        lane.TakeUp(3);

        lane.HandOverOneByOne();

        List<long[]> taken = [];
        while (lane.Taken is not null)
        {
            taken.Add(Positions(lane));
            lane.Drop();
            lane.TakeUp(3);
        }

        Assert.Equal(
            [
                [1],
                [2],
                [3],
                [4],
            ],
            taken
        );
    }

    [Fact]
    public void Messages_WhateverHappens_ComeInOrderAndOnce() =>
        Prop.ForAll(
                Gen.Choose(0, int.MaxValue).ToArbitrary(),
                seed =>
                {
                    var random = new Random(seed);
                    var lane = new Lane(Identifier.Parse("user_id:a"));
                    List<long> done = [];
                    long position = 0;
                    for (int step = 0; step < 60; step++)
                    {
                        switch (random.Next(4))
                        {
                            case 0:
                                lane.Add(Of("a", ++position));
                                break;
                            case 1:
                                lane.TakeUp(random.Next(1, 4));
                                break;
                            case 2 when lane.TakenCount > 1:
                                lane.HandOverOneByOne();
                                break;
                            case 3 when lane.Taken is not null:
                                done.AddRange(Positions(lane));
                                lane.Drop();
                                break;
                        }
                    }

                    return done.SequenceEqual(Enumerable.Range(1, done.Count).Select(number => (long)number))
                        && done.Count + lane.Count == position;
                }
            )
            .QuickCheckThrowOnFailure();

    private static Lane WithMessages(int count)
    {
        var lane = new Lane(Identifier.Parse("user_id:a"));
        for (int position = 1; position <= count; position++)
        {
            lane.Add(Of("a", position));
        }

        return lane;
    }
}
