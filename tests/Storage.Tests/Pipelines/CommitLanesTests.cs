using System.Collections.Concurrent;
using Customer360.Storage.Pipelines;
using Microsoft.Extensions.Logging.Abstractions;

namespace Customer360.Storage.Tests.Pipelines;

/// <summary>Two lanes over an executor that the test steers.</summary>
public sealed class CommitLanesTests
{
    private readonly ConcurrentQueue<int> _done = [];
    private readonly TaskCompletionSource _firstBegun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _firstMayEnd = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task Submit_WhenALaneIsBusy_OtherRowsGoOnBesideIt()
    {
        await using CommitLanes lanes = Create();
        Task<int> held = lanes.SubmitAsync(new RowWork(1, row: 0), CancellationToken.None);
        await _firstBegun.Task;

        Assert.Equal(2, await lanes.SubmitAsync(new RowWork(2, row: 1), CancellationToken.None));

        Assert.False(held.IsCompleted);
        _firstMayEnd.SetResult();
        Assert.Equal(1, await held);
    }

    [Fact]
    public async Task Submit_WhenRowIsTheSame_KeepsTheOrder()
    {
        await using CommitLanes lanes = Create();
        Task<int> held = lanes.SubmitAsync(new RowWork(1, row: 0), CancellationToken.None);
        await _firstBegun.Task;
        Task<int>[] behind =
        [
            .. Enumerable
                .Range(2, 20)
                .Select(number => lanes.SubmitAsync(new RowWork(number, row: 2), CancellationToken.None)),
        ];

        _firstMayEnd.SetResult();
        await Task.WhenAll([held, .. behind]);

        Assert.Equal(Enumerable.Range(1, 21), _done);
    }

    [Fact]
    public async Task Submit_WhenHashIsNegative_FindsALane()
    {
        await using CommitLanes lanes = Create();

        Assert.Equal(7, await lanes.SubmitAsync(new RowWork(7, row: int.MinValue + 1), CancellationToken.None));
    }

    [Fact]
    public async Task SubmitToAll_ReachesEachLane()
    {
        await using CommitLanes lanes = Create();
        _firstMayEnd.SetResult();

        int[] answers = await lanes.SubmitToAllAsync(() => new RowWork(3, row: 0), CancellationToken.None);

        Assert.Equal([3, 3], answers);
    }

    private CommitLanes Create() =>
        new(
            count: 2,
            lane => new CommitPipeline(
                lane,
                new PipelineLimits(1_000, long.MaxValue, 1_000, long.MaxValue),
                ExecuteAsync,
                exception => new StorageFailure(FailureKind.Refused, exception.GetType().Name),
                new PipelineWatch(TimeProvider.System, NullLogger.Instance),
                TimeProvider.System,
                NullLogger.Instance
            )
        );

    private async ValueTask ExecuteAsync(int lane, IReadOnlyList<PipelineWork> batch)
    {
        if (batch.OfType<RowWork>().Any(work => work.Number == 1))
        {
            _firstBegun.SetResult();
            await _firstMayEnd.Task;
        }

        foreach (RowWork work in batch.OfType<RowWork>())
        {
            work.Result = work.Number;
            _done.Enqueue(work.Number);
        }
    }

    private sealed class RowWork(int number, int row) : PipelineWork<int>
    {
        public int Number => number;

        public override int Affinity => row;
    }
}
