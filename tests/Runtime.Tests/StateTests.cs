using Customer360.Runtime.Tests.Grains;
using Customer360.Runtime.Tests.Support;
using Orleans.Storage;

namespace Customer360.Runtime.Tests;

/// <summary><c>IPersistentState</c>: what is there, what survives, what a lost race and a fault do.</summary>
public abstract class StateTests(HostFixture fixture) : RuntimeTests(fixture)
{
    [Fact]
    public async Task State_WhenNothingWasWritten_IsDefaultWithoutRecordAndEtag()
    {
        var grain = Grains.GetGrain<IAccumulatorGrain>(Key());

        Assert.Equal(0, await grain.Total().WithinLimit());
        Assert.False(await grain.RecordExists().WithinLimit());
        Assert.Null(await grain.Etag().WithinLimit());
    }

    [Fact]
    public async Task Write_WhenItSucceeds_SetsTheRecordAndANewEtagEachTime()
    {
        var key = Key();
        var grain = Grains.GetGrain<IAccumulatorGrain>(key);

        await grain.Add(5).WithinLimit();
        var first = await grain.Etag().WithinLimit();
        await grain.Add(2).WithinLimit();
        var second = await grain.Etag().WithinLimit();

        Assert.True(await grain.RecordExists().WithinLimit());
        Assert.NotNull(first);
        Assert.NotNull(second);
        Assert.NotEqual(first, second);
        Assert.Equal(7, World.Storage.Stored<Accumulated>(AccumulatorGrain.StateName, key)?.Total);
    }

    [Fact]
    public async Task State_AfterDeactivation_IsThereBeforeOnActivate()
    {
        var key = Key();
        var grain = Grains.GetGrain<IAccumulatorGrain>(key);
        await grain.Add(5).WithinLimit();
        var etag = await grain.Etag().WithinLimit();

        await grain.Retire().WithinLimit();

        Assert.Equal(2, await grain.Mark().WithinLimit());
        Assert.Equal(1, Journal.Count(key, "found 5"));
        Assert.True(await grain.RecordExists().WithinLimit());
        Assert.Equal(etag, await grain.Etag().WithinLimit());
    }

    [Fact]
    public async Task State_WhenChangedButNotWritten_IsGoneAfterDeactivation()
    {
        var key = Key();
        var grain = Grains.GetGrain<IAccumulatorGrain>(key);
        World.Storage.FailNextWrite(key, new IOException("disk gone"));
        await Assert.ThrowsAnyAsync<Exception>(() => grain.Add(5)).WithinLimit();

        await grain.Retire().WithinLimit();

        Assert.Equal(0, await grain.Total().WithinLimit());
    }

    [Fact]
    public async Task Read_WhenAnotherWriterWrote_BringsItsState()
    {
        var key = Key();
        var grain = Grains.GetGrain<IAccumulatorGrain>(key);
        await grain.Add(5).WithinLimit();

        World.Storage.Overwrite(AccumulatorGrain.StateName, key, new Accumulated { Total = 100 });

        Assert.Equal(5, await grain.Total().WithinLimit());
        Assert.Equal(100, await grain.Read().WithinLimit());
        Assert.Equal(101, await grain.Add(1).WithinLimit());
    }

    [Fact]
    public async Task NamedStorage_WhenAStateNamesIt_IsTheOneWrittenTo()
    {
        var key = Key();

        await Grains.GetGrain<IAccumulatorGrain>(key).Archive(9).WithinLimit();

        Assert.Equal(9, World.Archive.Stored<Accumulated>("archived", key)?.Total);
        Assert.Null(World.Storage.Stored<Accumulated>("archived", key));
    }

    [Fact]
    public async Task Write_WhenTheRaceIsLost_FailsWithItsTypeAndDropsTheActivation()
    {
        var key = Key();
        var grain = Grains.GetGrain<IAccumulatorGrain>(key);
        await grain.Add(5).WithinLimit();
        World.Storage.Overwrite(AccumulatorGrain.StateName, key, new Accumulated { Total = 100 });

        await Assert.ThrowsAsync<InconsistentStateException>(() => grain.Add(1)).WithinLimit();

        Assert.Equal(100, await grain.Total().WithinLimit());
        Assert.Equal(2, await grain.Mark().WithinLimit());
        Assert.Equal(1, Journal.Count(key, "deactivated ApplicationError"));
    }

    [Fact]
    public async Task Write_WhenTheLostRaceIsCaughtInTheGrain_KeepsTheActivation()
    {
        var key = Key();
        var grain = Grains.GetGrain<IAccumulatorGrain>(key);
        await grain.Add(5).WithinLimit();
        World.Storage.Overwrite(AccumulatorGrain.StateName, key, new Accumulated { Total = 100 });

        await grain.AddAndCatch(1).WithinLimit();

        Assert.Equal(1, Journal.Count(key, "caught"));
        Assert.Equal(1, await grain.Mark().WithinLimit());
        Assert.Equal(6, await grain.Total().WithinLimit());
    }

    [Fact]
    public async Task Write_WhenACalledGrainLosesTheRace_DropsThatOneAndNotTheCaller()
    {
        var (caller, callee) = (Key(".caller"), Key(".callee"));
        var grain = Grains.GetGrain<IAccumulatorGrain>(caller);
        var target = Grains.GetGrain<IAccumulatorGrain>(callee);
        await target.Add(5).WithinLimit();
        World.Storage.Overwrite(AccumulatorGrain.StateName, callee, new Accumulated { Total = 100 });

        await Assert.ThrowsAsync<InconsistentStateException>(() => grain.AddElsewhere(callee, 1)).WithinLimit();

        Assert.Equal(1, await grain.Mark().WithinLimit());
        Assert.Equal(2, await target.Mark().WithinLimit());
    }

    [Fact]
    public async Task Write_WhenStorageFails_ReachesTheCallerAndTheStateStaysUsable()
    {
        var key = Key();
        var grain = Grains.GetGrain<IAccumulatorGrain>(key);
        await grain.Add(5).WithinLimit();
        World.Storage.FailNextWrite(key, new IOException("disk gone"));

        var exception = await Assert.ThrowsAsync<OrleansException>(() => grain.Add(1)).WithinLimit();

        // A storage's own exception comes wrapped, so that callers can tell it from the grain's.
        Assert.Equal("disk gone", Assert.IsType<IOException>(exception.InnerException).Message);
        Assert.Equal(1, await grain.Mark().WithinLimit());
        Assert.Equal(6, await grain.Total().WithinLimit());
        await grain.Write().WithinLimit();
        Assert.Equal(6, World.Storage.Stored<Accumulated>(AccumulatorGrain.StateName, key)?.Total);
    }

    [Fact]
    public async Task Read_WhenStorageFails_ReachesTheCallerAndTheStateStaysUsable()
    {
        var key = Key();
        var grain = Grains.GetGrain<IAccumulatorGrain>(key);
        await grain.Add(5).WithinLimit();
        World.Storage.FailNextRead(key, new IOException("disk gone"));

        await Assert.ThrowsAsync<OrleansException>(grain.Read).WithinLimit();

        Assert.Equal(5, await grain.Total().WithinLimit());
        Assert.Equal(7, await grain.Add(2).WithinLimit());
    }
}

[Collection(OnOrleans.Name)]
public sealed class StateTestsOnOrleans(SharedOrleans fixture) : StateTests(fixture);

[Collection(OnSimulation.Name)]
public sealed class StateTestsOnSimulation(SharedSimulated fixture) : StateTests(fixture);
