using Customer360.Runtime.Tests.Grains;
using Customer360.Runtime.Tests.Hosts;
using Customer360.Runtime.Tests.Support;

namespace Customer360.Runtime.Tests;

/// <summary>Idle activations are collected, busy ones are not.</summary>
public abstract class IdleCollectionTests(HostFixture fixture) : RuntimeTests(fixture)
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

        // Another one is activated later and collected, twice. By then the busy one would have been collected, too.
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

    protected static readonly HostOptions Options = new HostOptions { CollectionAge = TimeSpan.FromSeconds(2) };
}

public sealed class IdleCollectionTestsOnOrleans(IdleCollectionTestsOnOrleans.OwnHost fixture)
    : IdleCollectionTests(fixture),
        IClassFixture<IdleCollectionTestsOnOrleans.OwnHost>
{
    public sealed class OwnHost() : HostFixture(Options, OrleansHost.StartAsync);
}

public sealed class IdleCollectionTestsOnSimulation(IdleCollectionTestsOnSimulation.OwnHost fixture)
    : IdleCollectionTests(fixture),
        IClassFixture<IdleCollectionTestsOnSimulation.OwnHost>
{
    public sealed class OwnHost() : HostFixture(Options, SimulatedHost.StartAsync);
}
