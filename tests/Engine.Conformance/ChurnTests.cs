using System.Collections.Concurrent;
using Customer360.Engine.Conformance.Grains;
using Customer360.Engine.Conformance.Support;
using Orleans.Storage;

namespace Customer360.Engine.Conformance;

/// <summary>Many callers, while activations come and go.</summary>
[Collection(SharedHostTopics.Name)]
public sealed class ChurnTests(SharedHost fixture) : ConformanceTests(fixture)
{
    [Fact]
    public async Task Writes_WhileActivationsComeAndGo_NeverMeetASecondWriter()
    {
        var added = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);

        // Storage refuses a write that does not know the one before it, so a second activation could not hide.
        await Parallel
            .ForEachAsync(
                Enumerable.Range(0, 2_000),
                new ParallelOptions { MaxDegreeOfParallelism = 32 },
                async (n, _) =>
                {
                    var key = Key($".{n % 4}", nameof(Writes_WhileActivationsComeAndGo_NeverMeetASecondWriter));
                    var grain = Grains.GetGrain<IAccumulatorGrain>(key);
                    try
                    {
                        if (n % 7 == 0)
                        {
                            await grain.Retire();
                        }
                        else
                        {
                            await grain.Add(1);
                            added.AddOrUpdate(key, 1, (_, count) => count + 1);
                        }
                    }
                    catch (OrleansException exception) when (exception is not InconsistentStateException)
                    {
                        // Orleans rejects a call that met an ending activation twice; such a call has not run.
                    }
                }
            )
            .WithinLimit();

        Assert.Equal(4, added.Count);
        foreach (var (key, count) in added)
        {
            Assert.Equal(count, await Grains.GetGrain<IAccumulatorGrain>(key).Total().WithinLimit());
            Assert.InRange(Journal.Count(key, "deactivated ApplicationRequested"), 10, 2_000);
        }
    }

    [Fact]
    public async Task Cycles_OfReentrantGrains_AllEnd()
    {
        var grains = Enumerable.Range(0, 8).Select(n => Grains.GetGrain<IReentrantGrain>(Key($".{n}"))).ToArray();

        var answers = await Task.WhenAll(Enumerable.Range(0, 400).Select(n => grains[n % 8].CallSelf())).WithinLimit();

        Assert.All(answers, answer => Assert.Equal("answered", answer));
    }
}
