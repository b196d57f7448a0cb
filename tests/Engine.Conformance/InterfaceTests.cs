using Customer360.Engine.Conformance.Grains;
using Customer360.Engine.Conformance.Support;

namespace Customer360.Engine.Conformance;

/// <summary>One grain behind several interfaces.</summary>
[Collection(SharedHostTopics.Name)]
public sealed class InterfaceTests(SharedHost fixture) : ConformanceTests(fixture)
{
    [Fact]
    public async Task Call_ByAnInheritedInterface_ReachesTheSameActivation()
    {
        Assert.Equal("name", await Grains.GetGrain<INamedGrain>(Key()).Name().WithinLimit());

        Assert.Equal(1, await Grains.GetGrain<ICountingGrain>(Key()).Count().WithinLimit());
    }

    [Fact]
    public async Task Call_OfAnInheritedMethod_ByTheExtendingInterface_IsServed()
    {
        var grain = Grains.GetGrain<ICountingGrain>(Key());

        Assert.Equal("name", await grain.Name().WithinLimit());
        Assert.Equal(1, await grain.Count().WithinLimit());
    }

    [Fact]
    public async Task Call_ByASecondInterface_ReachesTheSameActivation()
    {
        Assert.Equal("title", await Grains.GetGrain<ITitledGrain>(Key()).Title().WithinLimit());

        Assert.Equal(1, await Grains.GetGrain<ICountingGrain>(Key()).Count().WithinLimit());
    }

    [Fact]
    public async Task Call_OfAMethodThatBothInterfacesName_ReachesThatInterfacesOwn()
    {
        Assert.Equal("name", await Grains.GetGrain<INamedGrain>(Key()).Name().WithinLimit());
        Assert.Equal("name with title", await Grains.GetGrain<ITitledGrain>(Key()).Name().WithinLimit());
    }

    [Fact]
    public async Task AsReference_ToASecondInterface_NamesTheSameGrain()
    {
        var grain = Grains.GetGrain<ICountingGrain>(Key());

        var titled = grain.AsReference<ITitledGrain>();

        Assert.Equal("title", await titled.Title().WithinLimit());
        Assert.Equal(1, await grain.Count().WithinLimit());
        Assert.Equal(grain.GetGrainId(), titled.GetGrainId());
    }
}
