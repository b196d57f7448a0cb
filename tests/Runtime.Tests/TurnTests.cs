using Customer360.Runtime.Tests.Grains;
using Customer360.Runtime.Tests.Support;

namespace Customer360.Runtime.Tests;

/// <summary>A grain runs one turn at a time, awaits included.</summary>
public abstract class TurnTests(HostFixture fixture) : RuntimeTests(fixture)
{
    [Fact]
    public async Task Call_WhenAnotherTurnAwaits_WaitsForItsEnd()
    {
        var key = Key();
        var grain = Grains.GetGrain<ITurnGrain>(key);

        var first = grain.Hold("first", key + ".1");
        await Journal.HasAsync(key, "enter first");
        var second = grain.Hold("second", key + ".2");
        await Settled(grain.Fence);
        Assert.Equal(["enter first"], Journal.Of(key));

        Gates.Open(key + ".1");
        await first.WithinLimit();
        Gates.Open(key + ".2");
        await second.WithinLimit();
        Assert.Equal(["enter first", "leave first", "enter second", "leave second"], Journal.Of(key));
    }

    [Fact]
    public async Task Calls_WhenTurnsAwaitOften_LoseNoUpdate()
    {
        var grain = Grains.GetGrain<ITurnGrain>(Key());

        var counts = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => grain.AddSlowly())).WithinLimit();

        Assert.Equal(Enumerable.Range(1, 100), counts.Order());
    }

    [Fact]
    public async Task Calls_FromOneGrainToAWarmGrain_RunInTheOrderSent()
    {
        // Orleans promises no more: calls to a cold grain, or from outside any grain, may overtake each other.
        var key = Key(".target");
        var target = Grains.GetGrain<ITurnGrain>(key);
        await target.Fence().WithinLimit();
        await Grains.GetGrain<ITurnGrain>(Key(".sender")).SendAppends(key, 200).WithinLimit();

        Assert.Equal(Enumerable.Range(0, 200).Select(n => $"{n}"), Journal.Of(key));
    }

    [Fact]
    public async Task Call_WhenAnotherGrainAwaits_DoesNotWait()
    {
        var held = Key(".held");
        var hold = Grains.GetGrain<ITurnGrain>(held).Hold("it", held);
        await Journal.HasAsync(held, "enter it");

        await Grains.GetGrain<ITurnGrain>(Key(".free")).Append("served").WithinLimit();

        Assert.False(hold.IsCompleted);
        Gates.Open(held);
        await hold.WithinLimit();
    }
}

[Collection(OnOrleans.Name)]
public sealed class TurnTestsOnOrleans(SharedOrleans fixture) : TurnTests(fixture);

[Collection(OnSimulation.Name)]
public sealed class TurnTestsOnSimulation(SharedSimulated fixture) : TurnTests(fixture);
