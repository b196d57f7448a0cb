using Customer360.Runtime.Tests.Grains;
using Customer360.Runtime.Tests.Support;

namespace Customer360.Runtime.Tests;

/// <summary>Grain timers: when they tick, what they interleave with, when they stop. A second timer serves as the clock.</summary>
public abstract class TimerTests(HostFixture fixture) : RuntimeTests(fixture)
{
    private static readonly TimeSpan s_soon = TimeSpan.FromMilliseconds(10);

    [Fact]
    public async Task Timer_WithAPeriod_TicksAgainAndAgain()
    {
        var key = Key();

        await Grains.GetGrain<ITimerGrain>(key).Start("it", s_soon, s_soon).WithinLimit();

        await Journal.HasAsync(key, "tick it", times: 3);
    }

    [Fact]
    public async Task Timer_WithoutAPeriod_TicksOnce()
    {
        var key = Key();
        var grain = Grains.GetGrain<ITimerGrain>(key);

        await grain.Start("once", TimeSpan.Zero, Timeout.InfiniteTimeSpan).WithinLimit();
        await grain.Start("clock", s_soon, s_soon).WithinLimit();

        await Journal.HasAsync(key, "tick once");
        await Journal.HasAsync(key, "tick clock", times: 8);
        Assert.Equal(1, Journal.Count(key, "tick once"));
    }

    [Fact]
    public async Task Timer_BeforeItIsDue_DoesNotTick()
    {
        var key = Key();
        var grain = Grains.GetGrain<ITimerGrain>(key);

        await grain.Start("later", TimeSpan.FromHours(1), s_soon).WithinLimit();
        await grain.Start("never", Timeout.InfiniteTimeSpan, s_soon).WithinLimit();
        await grain.Start("clock", s_soon, s_soon).WithinLimit();

        await Journal.HasAsync(key, "tick clock", times: 8);
        Assert.Equal(0, Journal.Count(key, "tick later"));
        Assert.Equal(0, Journal.Count(key, "tick never"));
    }

    [Fact]
    public async Task Change_WhenTheTimerWasNotDue_MakesItTick()
    {
        var key = Key();
        var grain = Grains.GetGrain<ITimerGrain>(key);
        await grain.Start("it", Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan).WithinLimit();

        await grain.Change("it", TimeSpan.Zero, s_soon).WithinLimit();

        await Journal.HasAsync(key, "tick it", times: 2);
    }

    [Fact]
    public async Task Tick_WhenATurnAwaits_WaitsForItsEndUnlessItMayInterleave()
    {
        var key = Key();
        var grain = Grains.GetGrain<ITimerGrain>(key);
        await grain.Start("plain", TimeSpan.FromMilliseconds(50), s_soon).WithinLimit();
        await Journal.HasAsync(key, "tick plain");
        await grain.StartInterleaving("interleaving", s_soon, s_soon).WithinLimit();

        var turn = grain.Hold(key);
        var entered = await Journal.HasAsync(key, "enter turn");
        var before = entered.Count(e => e == "tick interleaving");
        await Journal.HasAsync(key, "tick interleaving", times: before + 5);
        Gates.Open(key);
        await turn.WithinLimit();
        await Journal.WhenAsync(key, e => e[^1] == "tick plain", "a plain tick at its end");

        var during = Journal.Of(key).SkipWhile(e => e != "enter turn").TakeWhile(e => e != "leave turn");
        Assert.DoesNotContain("tick plain", during);
    }

    [Fact]
    public async Task Call_WhenATickAwaits_WaitsForItsEnd()
    {
        var key = Key();
        var grain = Grains.GetGrain<ITimerGrain>(key);
        await grain.StartHolding("tick", key).WithinLimit();
        await Journal.HasAsync(key, "enter tick");

        var call = grain.Append("call");
        await Settled(grain.Fence);
        Assert.Equal(["enter tick"], Journal.Of(key));

        Gates.Open(key);
        await call.WithinLimit();
        Assert.Equal(["enter tick", "leave tick"], Journal.Of(key)[..2]);
    }

    [Fact]
    public async Task Tick_WhenItRuns_IsOnTheActivationsScheduler()
    {
        var key = Key();

        await Grains.GetGrain<ITimerGrain>(key).StartNotingScheduler().WithinLimit();

        await Journal.HasAsync(key, "on the scheduler: True", times: 2);
        Assert.Equal(0, Journal.Count(key, "on the scheduler: False"));
    }

    [Fact]
    public async Task Tick_WhenItThrows_DoesNotStopTheTimer()
    {
        var key = Key();

        await Grains.GetGrain<ITimerGrain>(key).StartFailing("it", s_soon).WithinLimit();

        await Journal.HasAsync(key, "tick it", times: 3);
    }

    [Fact]
    public async Task Dispose_WhenTheTimerTicks_StopsIt()
    {
        var key = Key();
        var grain = Grains.GetGrain<ITimerGrain>(key);
        await grain.Start("it", s_soon, s_soon).WithinLimit();
        await Journal.HasAsync(key, "tick it", times: 2);

        await grain.Stop("it").WithinLimit();
        await grain.Start("clock", s_soon, s_soon).WithinLimit();
        await Journal.HasAsync(key, "tick clock", times: 8);

        Assert.DoesNotContain("tick it", Journal.Of(key).SkipWhile(e => e != "disposed"));
    }

    [Fact]
    public async Task Deactivation_WhenATimerTicks_StopsIt()
    {
        var key = Key();
        var grain = Grains.GetGrain<ITimerGrain>(key);
        await grain.Start("it", s_soon, s_soon).WithinLimit();
        await Journal.HasAsync(key, "tick it", times: 2);

        await grain.Retire().WithinLimit();
        await Journal.HasAsync(key, "deactivated");
        await grain.Start("clock", s_soon, s_soon).WithinLimit();
        await Journal.HasAsync(key, "tick clock", times: 8);

        Assert.DoesNotContain("tick it", Journal.Of(key).SkipWhile(e => e != "deactivated"));
    }

    [Fact]
    public async Task Dispose_WhenATickAwaits_CancelsItsToken()
    {
        var key = Key();
        var grain = Grains.GetGrain<ITimerGrain>(key);
        await grain.StartHolding("tick", key).WithinLimit();
        await Journal.HasAsync(key, "enter tick");

        // The only way past the gate, which stays closed, is the tick's cancellation token.
        await grain.StopAtOnce("tick").WithinLimit();

        await grain.Append("call").WithinLimit();
        Assert.Equal(0, Journal.Count(key, "leave tick"));
    }
}

[Collection(OnOrleans.Name)]
public sealed class TimerTestsOnOrleans(SharedOrleans fixture) : TimerTests(fixture);

[Collection(OnSimulation.Name)]
public sealed class TimerTestsOnSimulation(SharedSimulated fixture) : TimerTests(fixture);
