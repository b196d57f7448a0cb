using Customer360.Runtime.Tests.Grains;
using Customer360.Runtime.Tests.Support;

namespace Customer360.Runtime.Tests;

/// <summary>Whatever a turn continues stays on its activation's scheduler.</summary>
public abstract class SchedulerTests(HostFixture fixture) : RuntimeTests(fixture)
{
    [Fact]
    public async Task Turn_WhenItBegins_HasASchedulerOfItsOwn() =>
        Assert.True(await Grains.GetGrain<ISchedulerGrain>(Key()).HasItsOwn().WithinLimit());

    [Fact]
    public async Task Turn_AfterAwaitingWhatAnotherThreadCompletes_ContinuesOnItsScheduler()
    {
        var key = Key();
        var answer = Grains.GetGrain<ISchedulerGrain>(key).KeepsItAfterAwait(key);

        Gates.Open(key);

        Assert.True(await answer.WithinLimit());
    }

    [Fact]
    public async Task Turns_OfOneActivation_ShareItsScheduler()
    {
        var grain = Grains.GetGrain<ISchedulerGrain>(Key());

        Assert.True(await grain.KeepsItAcrossTurns().WithinLimit());
        Assert.True(await grain.KeepsItAcrossTurns().WithinLimit());
    }
}

[Collection(OnOrleans.Name)]
public sealed class SchedulerTestsOnOrleans(SharedOrleans fixture) : SchedulerTests(fixture);

[Collection(OnSimulation.Name)]
public sealed class SchedulerTestsOnSimulation(SharedSimulated fixture) : SchedulerTests(fixture);
