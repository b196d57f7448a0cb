using Customer360.Engine.Conformance.Grains;
using Customer360.Engine.Conformance.Support;

namespace Customer360.Engine.Conformance;

/// <summary>Everything a turn starts or continues stays on its activation's scheduler.</summary>
[Collection(SharedHostTopics.Name)]
public sealed class SchedulerTests(SharedHost fixture) : ConformanceTests(fixture)
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

    [Fact]
    public async Task StartNew_InATurn_RunsOnTheActivationsScheduler() =>
        Assert.True(await Grains.GetGrain<ISchedulerGrain>(Key()).KeepsItInStartNew().WithinLimit());

    [Fact]
    public async Task ContinueWith_InATurn_RunsOnTheActivationsScheduler() =>
        Assert.True(await Grains.GetGrain<ISchedulerGrain>(Key()).KeepsItInContinuation().WithinLimit());

    [Fact]
    public async Task StartNew_WhenManyTasksAreStarted_RunsOneAtATime() =>
        Assert.Equal(1, await Grains.GetGrain<ISchedulerGrain>(Key()).StartNewAtOnce(200).WithinLimit());
}
