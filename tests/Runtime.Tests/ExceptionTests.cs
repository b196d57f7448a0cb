using Customer360.Runtime.Tests.Grains;
using Customer360.Runtime.Tests.Support;

namespace Customer360.Runtime.Tests;

/// <summary>Exceptions reach the caller with their type and message, and harm nothing else.</summary>
public abstract class ExceptionTests(HostFixture fixture) : RuntimeTests(fixture)
{
    [Fact]
    public async Task Throw_BeforeAnyAwait_ReachesTheCallerThroughTheTask()
    {
        var call = Grains.GetGrain<IThrowingGrain>(Key()).ThrowAtOnce("at once");

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => call).WithinLimit();

        Assert.Equal("at once", exception.Message);
    }

    [Fact]
    public async Task Throw_AfterAnAwait_ReachesTheCaller()
    {
        var exception = await Assert
            .ThrowsAsync<InvalidOperationException>(() =>
                Grains.GetGrain<IThrowingGrain>(Key()).ThrowAfterAwait("late")
            )
            .WithinLimit();

        Assert.Equal("late", exception.Message);
    }

    [Fact]
    public async Task Throw_FromAValueTask_ReachesTheCaller()
    {
        var exception = await Assert
            .ThrowsAsync<InvalidOperationException>(async () =>
                await Grains.GetGrain<IThrowingGrain>(Key()).ThrowFromValueTask("from a value task")
            )
            .WithinLimit();

        Assert.Equal("from a value task", exception.Message);
    }

    [Fact]
    public async Task Throw_OfOurOwnType_KeepsItsFacts()
    {
        var exception = await Assert
            .ThrowsAsync<OwnException>(() => Grains.GetGrain<IThrowingGrain>(Key()).ThrowOwn("our own", 42))
            .WithinLimit();

        Assert.Equal("our own", exception.Message);
        Assert.Equal(42, exception.Code);
    }

    [Fact]
    public async Task Throw_WithAnInnerException_KeepsIt()
    {
        var exception = await Assert
            .ThrowsAsync<InvalidOperationException>(() =>
                Grains.GetGrain<IThrowingGrain>(Key()).ThrowNested("outer", "inner")
            )
            .WithinLimit();

        Assert.Equal("inner", Assert.IsType<KeyNotFoundException>(exception.InnerException).Message);
    }

    [Fact]
    public async Task CancelledTask_FromAGrain_IsACancellationForTheCaller() =>
        await Assert
            .ThrowsAnyAsync<OperationCanceledException>(() => Grains.GetGrain<IThrowingGrain>(Key()).ThrowCancelled())
            .WithinLimit();

    [Fact]
    public async Task Throw_OverTwoGrains_ReachesTheOutsideCaller()
    {
        var target = Key(".target");

        var exception = await Assert
            .ThrowsAsync<InvalidOperationException>(() =>
                Grains.GetGrain<IThrowingGrain>(Key(".relay")).Relay(target, "from afar")
            )
            .WithinLimit();

        Assert.Equal("from afar", exception.Message);
    }

    [Fact]
    public async Task Throw_WhenTheCallingGrainCatches_IsCaughtByItsType()
    {
        var target = Key(".target");

        var caught = await Grains.GetGrain<IThrowingGrain>(Key(".caller")).Catch(target, "caught").WithinLimit();

        Assert.Equal("InvalidOperationException: caught", caught);
    }

    [Fact]
    public async Task Throw_WhenItEndsATurn_LeavesTheActivationAndItsState()
    {
        var grain = Grains.GetGrain<IThrowingGrain>(Key());

        await Assert.ThrowsAsync<InvalidOperationException>(() => grain.ThrowAtOnce("one")).WithinLimit();
        await Assert.ThrowsAsync<InvalidOperationException>(() => grain.ThrowAfterAwait("two")).WithinLimit();

        Assert.Equal(2, await grain.Count().WithinLimit());
    }
}

[Collection(OnOrleans.Name)]
public sealed class ExceptionTestsOnOrleans(SharedOrleans fixture) : ExceptionTests(fixture);

[Collection(OnSimulation.Name)]
public sealed class ExceptionTestsOnSimulation(SharedSimulated fixture) : ExceptionTests(fixture);
