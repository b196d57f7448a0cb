using Customer360.Runtime.Tests.Grains;
using Customer360.Runtime.Tests.Support;

namespace Customer360.Runtime.Tests;

/// <summary>One grain behind several interfaces.</summary>
public abstract class InterfaceTests(HostFixture fixture) : RuntimeTests(fixture)
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

[Collection(OnOrleans.Name)]
public sealed class InterfaceTestsOnOrleans(SharedOrleans fixture) : InterfaceTests(fixture);

[Collection(OnSimulation.Name)]
public sealed class InterfaceTestsOnSimulation(SharedSimulated fixture) : InterfaceTests(fixture);
