using Customer360.Engine.Conformance.Grains;
using Customer360.Engine.Conformance.Support;

namespace Customer360.Engine.Conformance;

/// <summary>What may interleave, and with what: <c>[Reentrant]</c>, <c>[AlwaysInterleave]</c>, <c>[ReadOnly]</c>.</summary>
[Collection(SharedHostTopics.Name)]
public sealed class InterleavingTests(SharedHost fixture) : ConformanceTests(fixture)
{
    [Fact]
    public async Task ReentrantGrain_WhenATurnAwaits_BeginsTheNext()
    {
        var key = Key();
        var grain = Grains.GetGrain<IReentrantGrain>(key);

        var first = grain.Hold("first", key);
        await Journal.HasAsync(key, "enter first");
        var second = grain.Hold("second", key);
        await Journal.HasAsync(key, "enter second");

        Gates.Open(key);
        await Task.WhenAll(first, second).WithinLimit();
    }

    [Fact]
    public async Task ReentrantGrain_WhenItCallsItself_GetsTheAnswer() =>
        Assert.Equal("answered", await Grains.GetGrain<IReentrantGrain>(Key()).CallSelf().WithinLimit());

    [Fact]
    public async Task ReentrantGrain_BetweenAwaits_IsStillOnOneThread()
    {
        var grain = Grains.GetGrain<IReentrantGrain>(Key());

        var most = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => grain.PassSections())).WithinLimit();

        Assert.Equal(1, most.Max());
    }

    [Fact]
    public async Task AlwaysInterleave_WhenATurnAwaits_Begins()
    {
        var key = Key();
        var grain = Grains.GetGrain<ITurnGrain>(key);
        var held = grain.Hold("plain", key + ".1");
        await Journal.HasAsync(key, "enter plain");

        var interleaving = grain.HoldInterleaving("interleaving", key + ".2");
        await Journal.HasAsync(key, "enter interleaving");

        Gates.Open(key + ".1");
        Gates.Open(key + ".2");
        await Task.WhenAll(held, interleaving).WithinLimit();
    }

    [Fact]
    public async Task PlainCall_WhenOnlyAnInterleavingTurnAwaits_Begins()
    {
        var key = Key();
        var grain = Grains.GetGrain<ITurnGrain>(key);
        var interleaving = grain.HoldInterleaving("interleaving", key);
        await Journal.HasAsync(key, "enter interleaving");

        await grain.Append("plain").WithinLimit();

        Gates.Open(key);
        await interleaving.WithinLimit();
        Assert.Equal(["enter interleaving", "plain", "leave interleaving"], Journal.Of(key));
    }

    [Fact]
    public async Task ReadOnly_WhenAnotherReadOnlyAwaits_Begins()
    {
        var key = Key();
        var grain = Grains.GetGrain<IReadingGrain>(key);
        var first = grain.Read("first", key);
        await Journal.HasAsync(key, "enter first");

        var second = grain.Read("second", key);
        await Journal.HasAsync(key, "enter second");

        Gates.Open(key);
        await Task.WhenAll(first, second).WithinLimit();
    }

    [Fact]
    public async Task ReadOnly_WhenAWriteAwaits_WaitsForItsEnd()
    {
        var key = Key();
        var grain = Grains.GetGrain<IReadingGrain>(key);
        var write = grain.Write("write", key);
        await Journal.HasAsync(key, "enter write");

        var read = grain.Read("read", key);
        await Settled(grain.Fence);
        Assert.Equal(["enter write"], Journal.Of(key));

        Gates.Open(key);
        await Task.WhenAll(write, read).WithinLimit();
        Assert.Equal(["enter write", "leave write", "enter read", "leave read"], Journal.Of(key));
    }

    [Fact]
    public async Task Write_WhenAReadOnlyAwaits_WaitsForItsEnd()
    {
        var key = Key();
        var grain = Grains.GetGrain<IReadingGrain>(key);
        var read = grain.Read("read", key);
        await Journal.HasAsync(key, "enter read");

        var write = grain.Write("write", key);
        await Settled(grain.Fence);
        Assert.Equal(["enter read"], Journal.Of(key));

        Gates.Open(key);
        await Task.WhenAll(read, write).WithinLimit();
        Assert.Equal(["enter read", "leave read", "enter write", "leave write"], Journal.Of(key));
    }
}
