using Customer360.Engine.Conformance.Grains;
using Customer360.Engine.Conformance.Support;

namespace Customer360.Engine.Conformance;

/// <summary><c>RequestContext</c> flows along calls, and never back.</summary>
[Collection(SharedHostTopics.Name)]
public sealed class RequestContextTests(SharedHost fixture) : ConformanceTests(fixture)
{
    private IContextGrain Here => Grains.GetGrain<IContextGrain>("RequestContextTests.here");

    private IContextGrain There => Grains.GetGrain<IContextGrain>("RequestContextTests.there");

    [Fact]
    public async Task Value_SetOutside_IsSeenInTheGrainBeforeAndAfterAnAwait()
    {
        RequestContext.Set("actor", "jane");

        Assert.Equal("jane", await Here.See("actor").WithinLimit());
        Assert.Equal("jane", await Here.SeeAfterAwait("actor").WithinLimit());
    }

    [Fact]
    public async Task Value_SetOutside_FlowsFromGrainToGrain()
    {
        RequestContext.Set("actor", "jane");

        Assert.Equal("jane", await Here.SeeElsewhere(There, "actor").WithinLimit());
    }

    [Fact]
    public async Task Value_SetInAGrain_FlowsOnFromThere()
    {
        Assert.Equal("jane", await Here.SetAndSeeElsewhere(There, "actor", "jane").WithinLimit());
    }

    [Fact]
    public async Task Value_SetInAGrain_DoesNotComeBack()
    {
        RequestContext.Set("actor", "jane");

        await Here.Set("actor", "joe").WithinLimit();

        Assert.Equal("jane", RequestContext.Get("actor"));
        Assert.Equal("jane", await Here.LetSet(There, "actor", "joe").WithinLimit());
    }

    [Fact]
    public async Task Value_OfOneCall_IsNotSeenByTheNext()
    {
        RequestContext.Set("actor", "jane");
        Assert.Equal("jane", await Here.See("actor").WithinLimit());

        RequestContext.Remove("actor");

        Assert.Null(await Here.See("actor").WithinLimit());
    }

    [Fact]
    public async Task Value_OfATurn_IsNotSeenByTheNextTurn()
    {
        await Here.Set("leftover", "jane").WithinLimit();

        Assert.Null(await Here.See("leftover").WithinLimit());
    }

    [Fact]
    public async Task Value_ChangedAfterTheCallWasSent_DoesNotReachIt()
    {
        RequestContext.Set("actor", "jane");
        var seen = Here.See("actor");

        RequestContext.Set("actor", "joe");

        Assert.Equal("jane", await seen.WithinLimit());
    }
}
