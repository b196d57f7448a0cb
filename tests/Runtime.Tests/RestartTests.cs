using Customer360.Runtime.Tests.Grains;
using Customer360.Runtime.Tests.Hosts;
using Customer360.Runtime.Tests.Support;

namespace Customer360.Runtime.Tests;

/// <summary>A restart of the host ends activations and leaves what is stored.</summary>
public abstract class RestartTests(HostFixture fixture) : RuntimeTests(fixture)
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

    protected static readonly HostOptions Options = new HostOptions();
}

public sealed class RestartTestsOnOrleans(RestartTestsOnOrleans.OwnHost fixture)
    : RestartTests(fixture),
        IClassFixture<RestartTestsOnOrleans.OwnHost>
{
    public sealed class OwnHost() : HostFixture(Options, OrleansHost.StartAsync);
}

public sealed class RestartTestsOnSimulation(RestartTestsOnSimulation.OwnHost fixture)
    : RestartTests(fixture),
        IClassFixture<RestartTestsOnSimulation.OwnHost>
{
    public sealed class OwnHost() : HostFixture(Options, SimulatedHost.StartAsync);
}
