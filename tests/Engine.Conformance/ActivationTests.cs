using System.Collections.Concurrent;
using Customer360.Engine.Conformance.Grains;
using Customer360.Engine.Conformance.Support;

namespace Customer360.Engine.Conformance;

/// <summary>One activation per key.</summary>
[Collection(SharedHostTopics.Name)]
public sealed class ActivationTests(SharedHost fixture) : ConformanceTests(fixture)
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
