using Customer360.Runtime.Tests.Grains;
using Customer360.Runtime.Tests.Support;

namespace Customer360.Runtime.Tests;

/// <summary>What may run beside what: <c>[AlwaysInterleave]</c>, <c>[ReadOnly]</c>.</summary>
/// <remarks>No grain relies on a write's waiting for all readers; the simulation also tries it otherwise.</remarks>
public abstract class InterleavingTests(HostFixture fixture) : RuntimeTests(fixture)
{
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

    [Fact]
    public async Task Write_WhenTheFirstOfTwoReadersHasEnded_WaitsForTheOther()
    {
        var key = Key();
        var grain = Grains.GetGrain<IReadingGrain>(key);
        var first = grain.Read("first", key + ".1");
        await Journal.HasAsync(key, "enter first");
        var second = grain.Read("second", key + ".2");
        await Journal.HasAsync(key, "enter second");

        Gates.Open(key + ".1");
        await first.WithinLimit();
        Gates.Open(key + ".3");
        var write = grain.Write("write", key + ".3");
        await Settled(grain.Fence);
        Assert.DoesNotContain("enter write", Journal.Of(key));

        Gates.Open(key + ".2");
        await Task.WhenAll(second, write).WithinLimit();
    }
}

[Collection(OnOrleans.Name)]
public sealed class InterleavingTestsOnOrleans(SharedOrleans fixture) : InterleavingTests(fixture);

[Collection(OnSimulation.Name)]
public sealed class InterleavingTestsOnSimulation(SharedSimulated fixture) : InterleavingTests(fixture);
