using System.Collections.Concurrent;
using Customer360.Runtime.Tests.Grains;
using Customer360.Runtime.Tests.Support;
using Orleans.Storage;

namespace Customer360.Runtime.Tests;

/// <summary>Many callers, while activations come and go.</summary>
public abstract class ChurnTests(HostFixture fixture) : RuntimeTests(fixture)
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
}

[Collection(OnOrleans.Name)]
public sealed class ChurnTestsOnOrleans(SharedOrleans fixture) : ChurnTests(fixture);

[Collection(OnSimulation.Name)]
public sealed class ChurnTestsOnSimulation(SharedSimulated fixture) : ChurnTests(fixture);
