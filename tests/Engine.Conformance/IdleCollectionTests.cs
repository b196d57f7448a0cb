using Customer360.Engine.Conformance.Grains;
using Customer360.Engine.Conformance.Support;

namespace Customer360.Engine.Conformance;

/// <summary>Idle activations are collected, busy ones are not.</summary>
public sealed class IdleCollectionTests(IdleCollectionTests.CollectingHost fixture)
    : ConformanceTests(fixture),
        IClassFixture<IdleCollectionTests.CollectingHost>
{
    [Fact]
    public async Task Activation_WhenIdle_IsCollectedAndTheNextCallActivatesAnew()
    {
        var key = Key();
        var grain = Grains.GetGrain<ILifecycleGrain>(key);

        await grain.Mark().WithinLimit();
        await Journal.HasAsync(key, "deactivated");

        Assert.Equal(["activated", "call", "deactivating ActivationIdle", "deactivated"], Journal.Of(key));
        Assert.Equal(2, await grain.Mark().WithinLimit());
    }

    [Fact]
    public async Task Activation_WhenATurnRuns_IsNotCollected()
    {
        var (busy, idle) = (Key(".busy"), Key(".idle"));
        var turn = Grains.GetGrain<ILifecycleGrain>(busy).Hold(busy);
        await Journal.HasAsync(busy, "enter");

        // Activated later and collected, twice: by then the busy one would have been, too.
        for (var round = 1; round <= 2; round++)
        {
            await Grains.GetGrain<ILifecycleGrain>(idle).Mark().WithinLimit();
            await Journal.HasAsync(idle, "deactivated", round);
        }

        Assert.Equal(["activated", "enter"], Journal.Of(busy));
        Gates.Open(busy);
        await turn.WithinLimit();
    }

    [Fact]
    public async Task Activation_WhenOnlyAPlainTimerTicks_IsCollected()
    {
        var key = Key();

        await Grains
            .GetGrain<ITimerGrain>(key)
            .Start("it", TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(50))
            .WithinLimit();

        await Journal.HasAsync(key, "deactivated");
        Assert.NotEqual(0, Journal.Count(key, "tick it"));
    }

    [Fact]
    public async Task Activation_WhenATimerKeepsItAlive_IsNotCollected()
    {
        var (kept, idle) = (Key(".kept"), Key(".idle"));
        await Grains.GetGrain<ITimerGrain>(kept).StartKeepingAlive("it", TimeSpan.FromMilliseconds(100)).WithinLimit();

        for (var round = 1; round <= 2; round++)
        {
            await Grains.GetGrain<ILifecycleGrain>(idle).Mark().WithinLimit();
            await Journal.HasAsync(idle, "deactivated", round);
        }

        Assert.DoesNotContain("deactivated", Journal.Of(kept));
    }

    public sealed class CollectingHost() : HostFixture(new HostOptions { CollectionAge = TimeSpan.FromSeconds(2) });
}
