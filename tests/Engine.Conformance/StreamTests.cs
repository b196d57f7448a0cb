using Customer360.Engine.Conformance.Grains;
using Customer360.Engine.Conformance.Support;

namespace Customer360.Engine.Conformance;

/// <summary>Streams: who gets what, in which order, and in whose turns.</summary>
[Collection(SharedHostTopics.Name)]
public sealed class StreamTests(SharedHost fixture) : ConformanceTests(fixture)
{
    private IProducerGrain Producer => Grains.GetGrain<IProducerGrain>("StreamTests.producer");

    [Fact]
    public async Task Items_WhenOneIsSubscribed_ArriveInOrderOnItsScheduler()
    {
        var key = Key();
        await Grains.GetGrain<IConsumerGrain>(key).Subscribe(key).WithinLimit();

        await Producer.Publish(StreamNamespaces.Explicit, key, 1, 50).WithinLimit();

        await Journal.HasAsync(key, "50");
        Assert.Equal(["activated", .. Enumerable.Range(1, 50).Select(n => $"{n}")], Journal.Of(key));
    }

    [Fact]
    public async Task Items_WhenSeveralAreSubscribed_ReachEachInOrder()
    {
        var key = Key();
        string[] consumers = [key + "#1", key + "#2", key + "#3"];
        foreach (var consumer in consumers)
        {
            await Grains.GetGrain<IConsumerGrain>(consumer).Subscribe(key).WithinLimit();
        }

        await Producer.Publish(StreamNamespaces.Explicit, key, 1, 20).WithinLimit();

        foreach (var consumer in consumers)
        {
            await Journal.HasAsync(consumer, "20");
            Assert.Equal(["activated", .. Enumerable.Range(1, 20).Select(n => $"{n}")], Journal.Of(consumer));
        }
    }

    [Fact]
    public async Task Items_OfAnotherKeyOrNamespace_DoNotArrive()
    {
        var (key, other) = (Key(), Key(".other"));
        await Grains.GetGrain<IConsumerGrain>(key).Subscribe(key).WithinLimit();

        await Producer.Publish(StreamNamespaces.Explicit, other, 1, 1).WithinLimit();
        await Producer.Publish("another namespace", key, 2, 1).WithinLimit();
        await Producer.Publish(StreamNamespaces.Explicit, key, 3, 1).WithinLimit();

        await Journal.HasAsync(key, "3");
        Assert.Equal(["activated", "3"], Journal.Of(key));
    }

    [Fact]
    public async Task Unsubscribe_WhenOthersStay_EndsOnlyThatSubscription()
    {
        var key = Key();
        var (leaving, staying) = (key + "#leaving", key + "#staying");
        var grain = Grains.GetGrain<IConsumerGrain>(leaving);
        await grain.Subscribe(key).WithinLimit();
        await Grains.GetGrain<IConsumerGrain>(staying).Subscribe(key).WithinLimit();
        await Producer.Publish(StreamNamespaces.Explicit, key, 1, 1).WithinLimit();
        await Journal.HasAsync(leaving, "1");
        Assert.Equal(1, await grain.Subscriptions(key).WithinLimit());

        await grain.Unsubscribe(key).WithinLimit();
        await Producer.Publish(StreamNamespaces.Explicit, key, 2, 20).WithinLimit();

        await Journal.HasAsync(staying, "21");
        Assert.Equal(["activated", "1"], Journal.Of(leaving));
        Assert.Equal(0, await grain.Subscriptions(key).WithinLimit());
    }

    [Fact]
    public async Task Item_WhenTheSubscriberIsDeactivated_ActivatesItAndItResumes()
    {
        var key = Key();
        var grain = Grains.GetGrain<IConsumerGrain>(key);
        await grain.Subscribe(key).WithinLimit();
        await Producer.Publish(StreamNamespaces.Explicit, key, 1, 1).WithinLimit();
        await Journal.HasAsync(key, "1");
        await grain.Retire().WithinLimit();
        await Journal.HasAsync(key, "deactivated");

        await Producer.Publish(StreamNamespaces.Explicit, key, 2, 2).WithinLimit();

        await Journal.HasAsync(key, "3");
        Assert.Equal(["activated", "1", "deactivated", "activated", "resumed", "2", "3"], Journal.Of(key));
        Assert.Equal(1, await grain.Subscriptions(key).WithinLimit());
    }

    [Fact]
    public async Task Item_WhenATurnAwaits_WaitsForItsEnd()
    {
        var key = Key();
        var (busy, free) = (key + "#busy", key + "#free");
        var grain = Grains.GetGrain<IConsumerGrain>(busy);
        await grain.Subscribe(key).WithinLimit();
        await Grains.GetGrain<IConsumerGrain>(free).Subscribe(key).WithinLimit();
        var turn = grain.Hold(key);
        await Journal.HasAsync(busy, "enter turn");

        await Producer.Publish(StreamNamespaces.Explicit, key, 1, 1).WithinLimit();
        await Journal.HasAsync(free, "1");
        await Settled(grain.Fence);
        Assert.Equal(["activated", "enter turn"], Journal.Of(busy));

        Gates.Open(key);
        await turn.WithinLimit();
        await Journal.HasAsync(busy, "1");
        Assert.Equal(["activated", "enter turn", "leave turn", "1"], Journal.Of(busy));
    }

    [Fact]
    public async Task Call_WhenAnItemIsBeingTaken_WaitsForItsEnd()
    {
        var key = Key();
        var grain = Grains.GetGrain<IConsumerGrain>(key);
        await grain.Subscribe(key).WithinLimit();
        await grain.HoldItems(key).WithinLimit();
        await Producer.Publish(StreamNamespaces.Explicit, key, 1, 1).WithinLimit();
        await Journal.HasAsync(key, "enter 1");

        var call = grain.Append("call");
        await Settled(grain.Fence);
        Assert.Equal(["activated", "enter 1"], Journal.Of(key));

        Gates.Open(key);
        await call.WithinLimit();
        Assert.Equal(["activated", "enter 1", "1", "call"], Journal.Of(key));
    }

    [Fact]
    public async Task Item_WhenTheSubscriberThrows_IsDeliveredAgainAndTheOrderIsKept()
    {
        var key = Key();
        var grain = Grains.GetGrain<IConsumerGrain>(key);
        await grain.Subscribe(key).WithinLimit();
        await grain.FailNextItem().WithinLimit();

        await Producer.Publish(StreamNamespaces.Explicit, key, 1, 3).WithinLimit();

        await Journal.HasAsync(key, "3");
        Assert.Equal(["activated", "failed 1", "1", "2", "3"], Journal.Of(key));
    }

    [Fact]
    public async Task Item_WhenAClassIsSubscribed_ActivatesTheGrainOfThatKeyAndOffersTheSubscription()
    {
        var key = Key();

        await Producer.Publish(StreamNamespaces.Observed, key, 1, 5).WithinLimit();

        await Journal.HasAsync(key, "5");
        Assert.Equal(["offered", "1", "2", "3", "4", "5"], Journal.Of(key));
    }

    [Fact]
    public async Task Item_WhenAClassIsSubscribed_ReachesTheHandlerTakenOnActivation()
    {
        var key = Key();

        await Producer.Publish(StreamNamespaces.Subscribed, key, 1, 5).WithinLimit();

        await Journal.HasAsync(key, "5");
        Assert.Equal(["activated", "1", "2", "3", "4", "5"], Journal.Of(key));
    }

    [Fact]
    public async Task Item_WhenTheImplicitSubscriberIsDeactivated_ActivatesItAnew()
    {
        var key = Key();
        await Producer.Publish(StreamNamespaces.Subscribed, key, 1, 1).WithinLimit();
        await Journal.HasAsync(key, "1");
        await Grains.GetGrain<ISubscribingConsumerGrain>(key).Retire().WithinLimit();
        await Journal.HasAsync(key, "deactivated");

        await Producer.Publish(StreamNamespaces.Subscribed, key, 2, 1).WithinLimit();

        await Journal.HasAsync(key, "2");
        Assert.Equal(["activated", "1", "deactivated", "activated", "2"], Journal.Of(key));
    }
}
