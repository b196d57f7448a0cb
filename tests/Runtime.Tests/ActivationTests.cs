using System.Collections.Concurrent;
using Customer360.Runtime.Tests.Grains;
using Customer360.Runtime.Tests.Support;

namespace Customer360.Runtime.Tests;

/// <summary>One activation per key.</summary>
public abstract class ActivationTests(HostFixture fixture) : RuntimeTests(fixture)
{
    [Fact]
    public async Task Call_WhenManyFirstCallsAreConcurrent_AllReachOneActivation()
    {
        var key = Key();
        var marks = new ConcurrentBag<int>();

        await Parallel
            .ForEachAsync(
                Enumerable.Range(0, 100),
                new ParallelOptions { MaxDegreeOfParallelism = 16 },
                async (_, _) => marks.Add(await Grains.GetGrain<IMarkGrain>(key).Mark())
            )
            .WithinLimit();

        Assert.Equal(Enumerable.Repeat(1, 100), marks);
        Assert.Equal(["activated"], Journal.Of(key));
    }

    [Fact]
    public async Task Call_WhenKeysDiffer_ReachesAnActivationEach()
    {
        var keys = Enumerable.Range(0, 20).Select(n => Key($".{n}")).ToArray();

        await Task.WhenAll(keys.Select(key => Grains.GetGrain<IMarkGrain>(key).Mark())).WithinLimit();

        Assert.All(keys, key => Assert.Equal(["activated"], Journal.Of(key)));
    }

    [Fact]
    public async Task GetGrain_WithoutACall_ActivatesNothing()
    {
        _ = Grains.GetGrain<IMarkGrain>(Key(".untouched"));

        await Grains.GetGrain<IMarkGrain>(Key(".called")).Mark().WithinLimit();

        Assert.Empty(Journal.Of(Key(".untouched")));
    }
}

[Collection(OnOrleans.Name)]
public sealed class ActivationTestsOnOrleans(SharedOrleans fixture) : ActivationTests(fixture);

[Collection(OnSimulation.Name)]
public sealed class ActivationTestsOnSimulation(SharedSimulated fixture) : ActivationTests(fixture);
