using Customer360.Engine.Conformance.Grains;
using Customer360.Engine.Conformance.Support;

namespace Customer360.Engine.Conformance;

/// <summary>What a restart of the host does to activations, and what it leaves.</summary>
public sealed class RestartTests(RestartTests.RestartedHost fixture)
    : ConformanceTests(fixture),
        IClassFixture<RestartTests.RestartedHost>
{
    [Fact]
    public async Task Restart_WhenAGrainIsActive_DeactivatesItAndKeepsItsState()
    {
        var key = Key();
        Assert.Equal(5, await Grains.GetGrain<IAccumulatorGrain>(key).Add(5).WithinLimit());

        await Host.RestartAsync().WithinLimit();

        Assert.Equal(["activated", "found 0", "deactivated ShuttingDown"], Journal.Of(key));
        Assert.Equal(5, await Grains.GetGrain<IAccumulatorGrain>(key).Total().WithinLimit());
        Assert.Equal(6, await Grains.GetGrain<IAccumulatorGrain>(key).Add(1).WithinLimit());
    }

    [Fact]
    public async Task Restart_WhenAReminderIsRegistered_FiresItWithoutAnyCall()
    {
        var key = Key();
        var period = TimeSpan.FromMilliseconds(300);
        await Grains.GetGrain<IReminderGrain>(key).Remind("it", period, period).WithinLimit();
        await Journal.HasAsync(key, "it every 300");

        await Host.RestartAsync().WithinLimit();
        Journal.Add(key, "restarted");

        await Journal.WhenAsync(
            key,
            entries => entries.SkipWhile(e => e != "restarted").Contains("it every 300"),
            "a tick after the restart"
        );
    }

    public sealed class RestartedHost() : HostFixture(new HostOptions());
}
