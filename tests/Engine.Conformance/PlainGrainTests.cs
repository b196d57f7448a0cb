using Customer360.Engine.Conformance.Grains;
using Customer360.Engine.Conformance.Support;

namespace Customer360.Engine.Conformance;

/// <summary>A class that implements <c>IGrainBase</c>, and inherits nothing, is a grain like any other.</summary>
[Collection(SharedHostTopics.Name)]
public sealed class PlainGrainTests(SharedHost fixture) : ConformanceTests(fixture)
{
    [Fact]
    public async Task PlainGrain_OverTwoActivations_HasItsLifecycleAndState()
    {
        var key = Key();
        var grain = Grains.GetGrain<IPlainGrain>(key);
        await grain.Add(5).WithinLimit();
        await grain.Retire().WithinLimit();

        Assert.Equal(6, await grain.Add(1).WithinLimit());

        Assert.Equal(["activated with 0", "deactivated ApplicationRequested", "activated with 5"], Journal.Of(key));
    }

    [Fact]
    public async Task PlainGrain_WithATimer_Ticks()
    {
        var key = Key();

        await Grains.GetGrain<IPlainGrain>(key).StartTimer().WithinLimit();

        await Journal.HasAsync(key, "tick", times: 2);
    }

    [Fact]
    public async Task PlainGrain_WithTheInjectedFactory_CallsAnother() =>
        Assert.Equal(1, await Grains.GetGrain<IPlainGrain>(Key()).AskNeighbour(Key(".neighbour")).WithinLimit());
}
