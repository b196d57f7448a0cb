using Customer360.Engine.Conformance.Grains;
using Customer360.Engine.Conformance.Support;

namespace Customer360.Engine.Conformance;

/// <summary>Cancellation tokens as parameters of grain methods.</summary>
[Collection(SharedHostTopics.Name)]
public sealed class CancellationTests(SharedHost fixture) : ConformanceTests(fixture)
{
    [Fact]
    public async Task Call_WhenTheTokenIsAlreadyCancelled_IsNotMade()
    {
        var key = Key();
        var grain = Grains.GetGrain<ICancellableGrain>(key);

        await Assert
            .ThrowsAnyAsync<OperationCanceledException>(() =>
                grain.IsCancelled("cancelled", new CancellationToken(canceled: true))
            )
            .WithinLimit();

        Assert.False(await grain.IsCancelled("next").WithinLimit());
        Assert.Equal(["next"], Journal.Of(key));
    }

    [Fact]
    public async Task Call_WhenTheTokenIsNeverCancelled_RunsAsAnyOther()
    {
        using var source = new CancellationTokenSource();

        Assert.False(await Grains.GetGrain<ICancellableGrain>(Key()).IsCancelled("called", source.Token).WithinLimit());
    }

    [Fact]
    public async Task Cancel_WhenTheTurnRuns_SignalsTheGrainAndEndsTheCall()
    {
        var key = Key();
        var grain = Grains.GetGrain<ICancellableGrain>(key);
        using var source = new CancellationTokenSource();
        var call = grain.WaitForCancellation(source.Token);
        await Journal.HasAsync(key, "enter");

        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call).WithinLimit();
        await Journal.HasAsync(key, "cancelled");
        Assert.False(await grain.IsCancelled("next").WithinLimit());
    }

    [Fact]
    public async Task Cancel_WhenTheTurnIgnoresIt_EndsTheCallAndTheTurnRunsOn()
    {
        var key = Key();
        using var source = new CancellationTokenSource();
        var call = Grains.GetGrain<ICancellableGrain>(key).Ignore(key, source.Token);
        await Journal.HasAsync(key, "enter");

        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call).WithinLimit();
        Assert.Equal(["enter"], Journal.Of(key));

        Gates.Open(key);
        await Journal.HasCountAsync(key, 2);
    }

    [Fact]
    public async Task Cancel_WhenTheTokenWasPassedOn_ReachesTheLastGrain()
    {
        var (first, last) = (Key(".first"), Key(".last"));
        using var source = new CancellationTokenSource();
        var call = Grains
            .GetGrain<ICancellableGrain>(first)
            .Relay(Grains.GetGrain<ICancellableGrain>(last), source.Token);
        await Journal.HasAsync(last, "enter");

        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call).WithinLimit();
        await Journal.HasAsync(last, "cancelled");
    }

    [Fact]
    public async Task Cancel_WhenTheCallWaitsForItsTurn_EndsTheCallAtOnce()
    {
        var key = Key();
        var grain = Grains.GetGrain<ICancellableGrain>(key);
        using var source = new CancellationTokenSource();
        var holding = grain.Ignore(key, CancellationToken.None);
        await Journal.HasAsync(key, "enter");
        var waiting = grain.WaitForCancellation(source.Token);

        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting).WithinLimit();

        Gates.Open(key);
        Assert.Equal("done", await holding.WithinLimit());
        Assert.False(await grain.IsCancelled("next").WithinLimit());
        // Whether the cancelled call still ran is not promised; if it did, its token told it so.
        Assert.Equal(Journal.Of(key).Count(e => e == "enter") - 1, Journal.Of(key).Count(e => e == "cancelled"));
    }
}
