using Customer360.Engine.Conformance.Grains;
using Customer360.Engine.Conformance.Support;

namespace Customer360.Engine.Conformance;

/// <summary>One-way calls are sent and not waited for.</summary>
[Collection(SharedHostTopics.Name)]
public sealed class OneWayTests(SharedHost fixture) : ConformanceTests(fixture)
{
    [Fact]
    public async Task OneWay_WhenTheTurnTakesLong_CompletesBeforeIt()
    {
        var key = Key();

        await Grains.GetGrain<IOneWayGrain>(key).Hold(key).WithinLimit();

        await Journal.HasAsync(key, "enter");
        Assert.Equal(["enter"], Journal.Of(key));
        Gates.Open(key);
        await Journal.HasAsync(key, "leave");
    }

    [Fact]
    public async Task OneWay_WhenTheGrainThrows_TheCallerHearsNothingAndTheGrainServesOn()
    {
        var key = Key();
        var grain = Grains.GetGrain<IOneWayGrain>(key);

        await grain.Fail().WithinLimit();

        await Journal.HasAsync(key, "failing");
        Assert.Equal("pong", await grain.Ping().WithinLimit());
    }

    [Fact]
    public async Task OneWay_WithAValueTask_IsDeliveredToo()
    {
        var key = Key();

        await Grains.GetGrain<IOneWayGrain>(key).NoteByValueTask("noted");

        await Journal.HasAsync(key, "noted");
    }

    [Fact]
    public async Task OneWay_WhileATurnRuns_WaitsItsTurn()
    {
        var key = Key();
        var grain = Grains.GetGrain<IOneWayGrain>(key);
        await grain.Hold(key + ".1").WithinLimit();
        await Journal.HasAsync(key, "enter");

        await grain.Hold(key + ".2").WithinLimit();
        Gates.Open(key + ".2");
        Gates.Open(key + ".1");

        await Journal.HasAsync(key, "leave", times: 2);
        Assert.Equal(["enter", "leave", "enter", "leave"], Journal.Of(key));
    }
}
