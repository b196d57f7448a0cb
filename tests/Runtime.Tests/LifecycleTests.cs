using Customer360.Runtime.Tests.Grains;
using Customer360.Runtime.Tests.Support;

namespace Customer360.Runtime.Tests;

/// <summary>Activation and deactivation, and calls that meet them.</summary>
public abstract class LifecycleTests(HostFixture fixture) : RuntimeTests(fixture)
{
    [Fact]
    public async Task FirstCall_WhenTheGrainIsCold_RunsAfterOnActivate()
    {
        var key = Key();

        await Grains.GetGrain<ILifecycleGrain>(key).Mark().WithinLimit();

        Assert.Equal(["activated", "call"], Journal.Of(key));
    }

    [Fact]
    public async Task DeactivateOnIdle_WhenTheTurnEnds_RunsOnDeactivateOnTheActivationsScheduler()
    {
        var key = Key();

        await Grains.GetGrain<ILifecycleGrain>(key).Retire().WithinLimit();

        await Journal.HasAsync(key, "deactivated");
        Assert.Equal(["activated", "deactivating ApplicationRequested", "deactivated"], Journal.Of(key));
    }

    [Fact]
    public async Task DeactivateOnIdle_WhileTheTurnRunsOn_WaitsForItsEnd()
    {
        var key = Key();
        var grain = Grains.GetGrain<ILifecycleGrain>(key);

        var turn = grain.RetireAndHold(key);
        await Journal.HasAsync(key, "retiring");
        var next = grain.Mark();
        Gates.Open(key);
        await turn.WithinLimit();

        Assert.Equal(2, await next.WithinLimit());
        Assert.Equal(
            [
                "activated",
                "retiring",
                "turn over",
                "deactivating ApplicationRequested",
                "deactivated",
                "activated",
                "call",
            ],
            Journal.Of(key)
        );
    }

    [Fact]
    public async Task Call_AfterDeactivation_ReachesANewActivation()
    {
        var key = Key();
        var grain = Grains.GetGrain<ILifecycleGrain>(key);
        Assert.Equal(1, await grain.Mark().WithinLimit());

        await grain.Retire().WithinLimit();

        Assert.Equal(2, await grain.Mark().WithinLimit());
    }

    [Fact]
    public async Task Calls_DuringDeactivation_AreServedByTheNewActivationAfterwards()
    {
        var key = Key();
        var grain = Grains.GetGrain<ILifecycleGrain>(key);
        await grain.RetireSlowly(key).WithinLimit();
        await Journal.HasAsync(key, "deactivating ApplicationRequested");

        var calls = Enumerable.Range(0, 5).Select(_ => grain.Mark()).ToArray();
        // A call to another grain goes there and back, so the five have had their time to misbehave.
        await Grains.GetGrain<ILifecycleGrain>(Key(".other")).Mark().WithinLimit();
        Assert.Equal(0, Journal.Count(key, "call"));
        Assert.Equal(1, Journal.Count(key, "activated"));

        Gates.Open(key);
        var marks = await Task.WhenAll(calls).WithinLimit();
        Assert.Equal([2, 2, 2, 2, 2], marks);
        Assert.Equal(
            ["activated", "deactivating ApplicationRequested", "deactivated", "activated"],
            Journal.Of(key)[..4]
        );
    }

    [Fact]
    public async Task OnDeactivate_WhenItThrows_DoesNotHinderTheNextActivation()
    {
        var key = Key();
        var grain = Grains.GetGrain<ILifecycleGrain>(key);

        await grain.RetireBadly().WithinLimit();

        Assert.Equal(2, await grain.Mark().WithinLimit());
        Assert.Equal(1, Journal.Count(key, "deactivated"));
    }

    [Fact]
    public async Task Calls_WhenTheGrainKeepsRetiring_AreAllServed()
    {
        var key = Key();
        var grain = Grains.GetGrain<ILifecycleGrain>(key);

        for (var round = 1; round <= 20; round++)
        {
            var retire = grain.Retire();
            await Task.WhenAll(grain.Mark(), grain.Mark(), retire).WithinLimit();
        }

        Assert.Equal(40, Journal.Count(key, "call"));

        // Each activation began only after the one before it had ended.
        var lifecycle = Journal.Of(key).Where(e => e is "activated" or "deactivated").ToArray();
        Assert.All(
            lifecycle.Index(),
            step => Assert.Equal(step.Index % 2 == 0 ? "activated" : "deactivated", step.Item)
        );
    }
}

[Collection(OnOrleans.Name)]
public sealed class LifecycleTestsOnOrleans(SharedOrleans fixture) : LifecycleTests(fixture);

[Collection(OnSimulation.Name)]
public sealed class LifecycleTestsOnSimulation(SharedSimulated fixture) : LifecycleTests(fixture);
