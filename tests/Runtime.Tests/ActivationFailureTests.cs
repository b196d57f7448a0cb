using Customer360.Runtime.Tests.Grains;
using Customer360.Runtime.Tests.Support;

namespace Customer360.Runtime.Tests;

/// <summary>A failed activation is its callers' failure, and only theirs.</summary>
public abstract class ActivationFailureTests(HostFixture fixture) : RuntimeTests(fixture)
{
    [Fact]
    public async Task OnActivate_WhenItThrows_FailsTheCallWithItAndTheNextActivationSucceeds()
    {
        var key = Key();
        var grain = Grains.GetGrain<IFragileGrain>(key);
        Gates.Open(key);

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(grain.Mark).WithinLimit();

        Assert.Equal($"no first time for {key}", exception.Message);
        Assert.Equal(2, await Retry(grain.Mark).WithinLimit());
    }

    [Fact]
    public async Task OnActivate_WhenItThrowsAndManyCallsWait_LeavesNoneWithoutAnAnswer()
    {
        var key = Key();
        var grain = Grains.GetGrain<IFragileGrain>(key);
        var calls = Enumerable.Range(0, 10).Select(_ => grain.Mark()).ToArray();
        await Journal.HasAsync(key, "activating");

        Gates.Open(key);

        var failed = 0;
        foreach (var call in calls)
        {
            // A call that comes too late for the failed activation meets the next one.
            await call.EndedWithinLimit();
            if (call.IsFaulted)
            {
                failed++;
                var exception = Assert.IsType<InvalidOperationException>(call.Exception.InnerException);
                Assert.Equal($"no first time for {key}", exception.Message);
            }
            else
            {
                Assert.Equal(2, await call);
            }
        }

        Assert.InRange(failed, 1, calls.Length);
    }

    [Fact]
    public async Task OnActivate_WhenStorageFails_FailsTheCallAndTheNextActivationSucceeds()
    {
        var key = Key();
        World.Storage.FailNextRead(key, new IOException("disk gone"));
        var grain = Grains.GetGrain<IAccumulatorGrain>(key);

        var exception = await Assert.ThrowsAnyAsync<Exception>(grain.Total).WithinLimit();

        Assert.Contains("disk gone", exception.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, await Retry(grain.Total).WithinLimit());
    }

    [Fact]
    public async Task Constructor_WhenItThrows_FailsTheCallAndTheNextActivationSucceeds()
    {
        var grain = Grains.GetGrain<IUnconstructibleGrain>(Key());

        var exception = await Assert.ThrowsAnyAsync<Exception>(grain.Mark).WithinLimit();

        Assert.Contains("no first time", exception.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, await Retry(grain.Mark).WithinLimit());
    }

    /// <summary>Calls until it is answered, because a call may still meet the failed activation.</summary>
    private static async Task<int> Retry(Func<Task<int>> call)
    {
        while (true)
        {
            try
            {
                return await call();
            }
            catch (Exception exception) when (exception is not TimeoutException)
            {
                await Task.Yield();
            }
        }
    }
}

[Collection(OnOrleans.Name)]
public sealed class ActivationFailureTestsOnOrleans(SharedOrleans fixture) : ActivationFailureTests(fixture);

[Collection(OnSimulation.Name)]
public sealed class ActivationFailureTestsOnSimulation(SharedSimulated fixture) : ActivationFailureTests(fixture);
