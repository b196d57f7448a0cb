using Customer360.Runtime.Tests.Grains;
using Customer360.Runtime.Tests.Hosts;
using Customer360.Runtime.Tests.Support;

namespace Customer360.Runtime.Tests;

/// <summary>
/// A call that can't be answered ends in a timeout, and the grain goes on. Where one call waits for another, either may
/// time out first; the grain notes how the inner one ended.
/// </summary>
public abstract class ResponseTimeoutTests(HostFixture fixture) : RuntimeTests(fixture)
{
    [Fact]
    public async Task SelfCall_WhenTheGrainIsNotReentrant_TimesOutAndTheGrainServesOn()
    {
        var key = Key();
        var grain = Grains.GetGrain<IDeadlockGrain>(key);

        await grain.CallSelf().EndedWithinLimit();

        await Journal.HasAsync(key, "timed out");
        Assert.Equal("pong", await grain.Ping().WithinLimit());
    }

    [Fact]
    public async Task CallCycle_WhenGrainsAreNotReentrant_TimesOutAndBothServeOn()
    {
        var (one, other) = (Key(".one"), Key(".other"));
        var grain = Grains.GetGrain<IDeadlockGrain>(one);
        await Waken(grain);
        await Waken(Grains.GetGrain<IDeadlockGrain>(other));

        await grain.CallAround(other).EndedWithinLimit();

        // Whichever call times out first ends its turn, and with it the cycle: the other may get that answer just in time.
        string[] ends = [.. await Journal.HasCountAsync(one, 1), .. await Journal.HasCountAsync(other, 1)];
        Assert.Contains("timed out", ends);
        Assert.Equal("pong", await grain.Ping().WithinLimit());
        Assert.Equal("pong", await Grains.GetGrain<IDeadlockGrain>(other).Ping().WithinLimit());
    }

    [Fact]
    public async Task Call_WhenTheTurnTakesTooLong_TimesOutAndTheTurnRunsOn()
    {
        var key = Key();
        var grain = Grains.GetGrain<IDeadlockGrain>(key);

        await Assert.ThrowsAsync<TimeoutException>(() => grain.Hold(key)).WithinLimit();
        Assert.Equal(["enter"], Journal.Of(key));

        Gates.Open(key);
        await Journal.HasAsync(key, "leave");
        Assert.Equal("pong", await grain.Ping().WithinLimit());
    }

    [Fact]
    public async Task Call_WhenItTimedOutInTheQueue_IsNotRunLater()
    {
        var key = Key();
        var grain = Grains.GetGrain<IDeadlockGrain>(key);
        var held = grain.Hold(key).EndedWithinLimit();
        await Journal.HasAsync(key, "enter");

        await Assert.ThrowsAsync<TimeoutException>(() => grain.Hold("never")).WithinLimit();
        await held;
        Gates.Open(key);

        Assert.Equal("pong", await grain.Ping().WithinLimit());
        Assert.Equal(["enter", "leave"], Journal.Of(key));
    }

    /// <summary>On a busy machine a first activation may take longer than a call may, and the call is then never run.</summary>
    private static async Task Waken(IDeadlockGrain grain)
    {
        while (await Record.ExceptionAsync(grain.Ping) is { } error)
        {
            Assert.IsType<TimeoutException>(error);
        }
    }

    protected static readonly HostOptions Options = new HostOptions { ResponseTimeout = TimeSpan.FromSeconds(1) };
}

public sealed class ResponseTimeoutTestsOnOrleans(ResponseTimeoutTestsOnOrleans.OwnHost fixture)
    : ResponseTimeoutTests(fixture),
        IClassFixture<ResponseTimeoutTestsOnOrleans.OwnHost>
{
    public sealed class OwnHost() : HostFixture(Options, OrleansHost.StartAsync);
}

public sealed class ResponseTimeoutTestsOnSimulation(ResponseTimeoutTestsOnSimulation.OwnHost fixture)
    : ResponseTimeoutTests(fixture),
        IClassFixture<ResponseTimeoutTestsOnSimulation.OwnHost>
{
    public sealed class OwnHost() : HostFixture(Options, SimulatedHost.StartAsync);
}
