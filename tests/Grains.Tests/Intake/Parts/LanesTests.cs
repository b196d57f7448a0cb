using Customer360.Grains.Contracts;
using Customer360.Grains.Tests.Support;
using Customer360.Rules.Events;
using static Customer360.Grains.Tests.Intake.Parts.Deliveries;

namespace Customer360.Grains.Tests.Intake.Parts;

/// <summary>One lane an anchor, and no more places than there are.</summary>
public sealed class LanesTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void TakeNext_GivesLanesInTheOrderOfTheirFirstMessage_UntilNoPlaceIsFree()
    {
        Lanes lanes = Of(options => options.LanesMax = 2);
        Enqueue(lanes, "a", "b", "a", "c");

        Lane first = lanes.TakeNext()!;
        Lane second = lanes.TakeNext()!;

        Assert.Equal(["user_id:a", "user_id:b"], [$"{first.Anchor}", $"{second.Anchor}"]);
        Assert.Equal([1, 3], Positions(first));
        Assert.Null(lanes.TakeNext());
        Assert.Equal((2, 1), (lanes.Running, lanes.Ready));
    }

    [Fact]
    public void End_WhenMessagesCameMeanwhile_LetsTheLaneWaitBehindTheOthers()
    {
        Lanes lanes = Of(options => options.LanesMax = 1);
        Enqueue(lanes, "a", "b");
        Lane first = lanes.TakeNext()!;
        lanes.Enqueue(Deliveries.Of("a", 9));
        first.Drop();

        lanes.End(first);

        Lane next = lanes.TakeNext()!;
        Assert.Equal("user_id:b", $"{next.Anchor}");
        next.Drop();
        lanes.End(next);
        Assert.Same(first, lanes.TakeNext());
    }

    [Fact]
    public void End_KeepsALaneThatKnowsItsOwner_AndForgetsTheOthers()
    {
        Lanes lanes = Of(_ => { });
        Enqueue(lanes, "a", "b");
        Lane known = lanes.TakeNext()!;
        Lane unknown = lanes.TakeNext()!;
        known.Owner = Fake<ICustomerGrain>.Of(static (_, _) => null);
        known.Drop();
        unknown.Drop();

        lanes.End(known);
        lanes.End(unknown);

        Assert.Same(known, lanes.Find(Identifier.Parse("user_id:a")));
        Assert.Null(lanes.Find(Identifier.Parse("user_id:b")));
        Assert.Equal(0, lanes.Running);
    }

    [Fact]
    public void End_WhenTooManyIdleOnesAreKnown_ForgetsThemAll()
    {
        Lanes lanes = Of(options => options.KnownOwnersMax = 1);
        Enqueue(lanes, "a", "b");
        foreach (Lane lane in new[] { lanes.TakeNext()!, lanes.TakeNext()! })
        {
            lane.Owner = Fake<ICustomerGrain>.Of(static (_, _) => null);
            lane.Drop();
            lanes.End(lane);
        }

        Assert.Null(lanes.Find(Identifier.Parse("user_id:a")));
        Assert.Null(lanes.Find(Identifier.Parse("user_id:b")));
    }

    [Fact]
    public void MoveSlowAside_OnlyWhereOthersWait_GivesTheirPlacesToThem()
    {
        Lanes lanes = Of(options => options.LanesMax = 1);
        Enqueue(lanes, "a");
        Lane slow = lanes.TakeNext()!;
        _time.Pass(TimeSpan.FromSeconds(2));
        lanes.MoveSlowAside();
        Assert.Equal(LanePlace.Running, slow.Place);

        Enqueue(lanes, "b");
        lanes.MoveSlowAside();

        Assert.Equal(LanePlace.Slow, slow.Place);
        Assert.Equal((0, 1), (lanes.Running, lanes.Slow));
        Assert.NotNull(lanes.TakeNext());
        lanes.GivePlaceBack(slow);
        Assert.Equal(0, lanes.Slow);
    }

    [Fact]
    public void MoveSlowAside_HasABoundOfItsOwn()
    {
        Lanes lanes = Of(options => (options.LanesMax, options.SlowLanesMax) = (2, 1));
        Enqueue(lanes, "a", "b", "c");
        lanes.TakeNext();
        lanes.TakeNext();
        _time.Pass(TimeSpan.FromSeconds(2));

        lanes.MoveSlowAside();

        Assert.Equal((1, 1), (lanes.Running, lanes.Slow));
    }

    [Fact]
    public void IsFull_CountsOneAnchorAlone()
    {
        Lanes lanes = Of(options => options.LaneMessagesMax = 2);
        Enqueue(lanes, "a", "b", "a");

        Assert.True(lanes.IsFull(Identifier.Parse("user_id:a")));
        Assert.False(lanes.IsFull(Identifier.Parse("user_id:b")));
    }

    private Lanes Of(Action<GridOptions> set)
    {
        var options = new GridOptions();
        set(options);
        return new Lanes(options, _time);
    }

    private static void Enqueue(Lanes lanes, params string[] anchors)
    {
        for (int index = 0; index < anchors.Length; index++)
        {
            lanes.Enqueue(Deliveries.Of(anchors[index], index + 1));
        }
    }
}
