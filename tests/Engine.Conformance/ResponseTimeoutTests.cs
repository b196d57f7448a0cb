using Customer360.Engine.Conformance.Grains;
using Customer360.Engine.Conformance.Support;

namespace Customer360.Engine.Conformance;

/// <summary>
/// A call that can't be answered ends in a timeout, and the grain goes on. Where one call waits for another, either may
/// time out first; the grain notes how the inner one ended.
/// </summary>
public sealed class ResponseTimeoutTests(ResponseTimeoutTests.ShortTimeoutHost fixture)
    : ConformanceTests(fixture),
        IClassFixture<ResponseTimeoutTests.ShortTimeoutHost>
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

        await grain.CallAround(Grains.GetGrain<IDeadlockGrain>(other)).EndedWithinLimit();

        // The one that closed the cycle times out; the one that opened it may do so, too, or get that answer just in time.
        await Journal.HasAsync(other, "timed out");
        await Journal.HasCountAsync(one, 1);
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

    public sealed class ShortTimeoutHost() : HostFixture(new HostOptions { ResponseTimeout = TimeSpan.FromSeconds(1) });
}
