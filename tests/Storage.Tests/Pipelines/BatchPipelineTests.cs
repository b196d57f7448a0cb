using Customer360.Rules.Ports;
using Customer360.Storage.Pipelines;
using Microsoft.Extensions.Logging.Abstractions;

namespace Customer360.Storage.Tests.Pipelines;

/// <summary>The pipeline alone, over an executor that the test steers.</summary>
public sealed class BatchPipelineTests
{
    private readonly List<int[]> _batches = [];
    private readonly TaskCompletionSource _firstBegun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _firstMayEnd = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task Submit_WhenABatchIsUnderWay_SharesTheNextOne()
    {
        await using CommitPipeline pipeline = Create();
        Task<int> first = pipeline.SubmitAsync(new NumberWork(1), CancellationToken.None);
        await _firstBegun.Task;
        Task<int>[] rest =
        [
            .. Enumerable
                .Range(2, 5)
                .Select(number => pipeline.SubmitAsync(new NumberWork(number), CancellationToken.None)),
        ];
        Assert.Equal(5, pipeline.QueueLength);

        _firstMayEnd.SetResult();

        Assert.Equal(1, await first);
        Assert.Equal(Enumerable.Range(2, 5), await Task.WhenAll(rest));
        Assert.Equal(
            [
                [1],
                [2, 3, 4, 5, 6],
            ],
            _batches
        );
    }

    [Fact]
    public async Task Submit_WhenBatchIsFull_LeavesTheRestForTheNext()
    {
        await using CommitPipeline pipeline = Create(batchRowsMax: 2);
        Task<int> first = pipeline.SubmitAsync(new NumberWork(1), CancellationToken.None);
        await _firstBegun.Task;
        Task<int>[] rest =
        [
            .. Enumerable
                .Range(2, 5)
                .Select(number => pipeline.SubmitAsync(new NumberWork(number), CancellationToken.None)),
        ];

        _firstMayEnd.SetResult();
        await Task.WhenAll([first, .. rest]);

        Assert.Equal(
            [
                [1],
                [2, 3],
                [4, 5],
                [6],
            ],
            _batches
        );
    }

    [Fact]
    public async Task Submit_WhenQueueIsFull_WaitsInOrder()
    {
        await using CommitPipeline pipeline = Create(queueCountMax: 2);
        Task<int> first = pipeline.SubmitAsync(new NumberWork(1), CancellationToken.None);
        await _firstBegun.Task;
        Task<int>[] rest =
        [
            .. Enumerable
                .Range(2, 6)
                .Select(number => pipeline.SubmitAsync(new NumberWork(number), CancellationToken.None)),
        ];

        _firstMayEnd.SetResult();
        await Task.WhenAll([first, .. rest]);

        Assert.Equal(
            [
                [1],
                [2, 3],
                [4, 5],
                [6, 7],
            ],
            _batches
        );
    }

    [Fact]
    public async Task Submit_WhenOneRequestIsLargerThanABatch_GoesAlone()
    {
        await using CommitPipeline pipeline = Create(batchRowsMax: 2);
        _firstMayEnd.SetResult();

        Assert.Equal(9, await pipeline.SubmitAsync(new NumberWork(9, rows: 50), CancellationToken.None));
    }

    [Fact]
    public async Task Cancel_WhenRequestWaits_WithdrawsIt()
    {
        await using CommitPipeline pipeline = Create();
        Task<int> first = pipeline.SubmitAsync(new NumberWork(1), CancellationToken.None);
        await _firstBegun.Task;
        using CancellationTokenSource source = new();
        Task<int> second = pipeline.SubmitAsync(new NumberWork(2), source.Token);

        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        _firstMayEnd.SetResult();
        await first;
        await pipeline.SubmitAsync(new NumberWork(3), CancellationToken.None);

        Assert.Equal(
            [
                [1],
                [3],
            ],
            _batches
        );
    }

    [Fact]
    public async Task Cancel_WhenRequestIsTakenUp_LeavesTheWriteAlone()
    {
        await using CommitPipeline pipeline = Create();
        using CancellationTokenSource source = new();
        Task<int> first = pipeline.SubmitAsync(new NumberWork(1), source.Token);
        await _firstBegun.Task;

        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        _firstMayEnd.SetResult();
        await pipeline.SubmitAsync(new NumberWork(2), CancellationToken.None);

        Assert.Equal(
            [
                [1],
                [2],
            ],
            _batches
        );
    }

    [Fact]
    public async Task Execute_WhenOneRequestIsRefused_FailsItAlone()
    {
        await using CommitPipeline pipeline = Create();
        Task<int> first = pipeline.SubmitAsync(new NumberWork(1), CancellationToken.None);
        await _firstBegun.Task;
        Task<int> good = pipeline.SubmitAsync(new NumberWork(2), CancellationToken.None);
        Task<int> poison = pipeline.SubmitAsync(new NumberWork(-1), CancellationToken.None);
        Task<int> other = pipeline.SubmitAsync(new NumberWork(3), CancellationToken.None);

        _firstMayEnd.SetResult();
        await first;

        Assert.Equal(2, await good);
        Assert.Equal(3, await other);
        await Assert.ThrowsAsync<InvalidOperationException>(() => poison);
        Assert.Equal(
            [
                [1],
                [2, -1, 3],
                [2],
                [-1],
                [3],
            ],
            _batches
        );
    }

    [Fact]
    public async Task Execute_WhenStorageIsAway_FailsAllWithoutTryingEach()
    {
        await using CommitPipeline pipeline = Create();
        Task<int> first = pipeline.SubmitAsync(new NumberWork(1), CancellationToken.None);
        await _firstBegun.Task;
        Task<int>[] rest =
        [
            .. ((int[])[2, -2, 3]).Select(number =>
                pipeline.SubmitAsync(new NumberWork(number), CancellationToken.None)
            ),
        ];

        _firstMayEnd.SetResult();
        await first;

        foreach (Task<int> task in rest)
        {
            await Assert.ThrowsAsync<StorageUnavailableException>(() => task);
        }

        Assert.Equal(
            [
                [1],
                [2, -2, 3],
            ],
            _batches
        );
        Assert.Equal(4, await pipeline.SubmitAsync(new NumberWork(4), CancellationToken.None));
    }

    private CommitPipeline Create(int queueCountMax = 1_000, int batchRowsMax = 1_000) =>
        new(
            lane: 0,
            new PipelineLimits(queueCountMax, long.MaxValue, batchRowsMax, long.MaxValue),
            ExecuteAsync,
            exception => new StorageFailure(
                exception is TimeoutException ? FailureKind.Outage : FailureKind.Refused,
                exception.GetType().Name
            ),
            new PipelineWatch(TimeProvider.System, NullLogger.Instance),
            TimeProvider.System,
            NullLogger.Instance
        );

    private async ValueTask ExecuteAsync(int lane, IReadOnlyList<PipelineWork> batch)
    {
        int[] numbers = [.. batch.Cast<NumberWork>().Select(work => work.Number)];
        _batches.Add(numbers);
        _firstBegun.TrySetResult();
        await _firstMayEnd.Task;
        if (numbers.Contains(-2))
        {
            throw new TimeoutException();
        }

        if (numbers.Contains(-1))
        {
            throw new FormatException();
        }

        foreach (NumberWork work in batch.Cast<NumberWork>())
        {
            work.Result = work.Number;
        }
    }

    private sealed class NumberWork(int number, int rows = 1) : PipelineWork<int>
    {
        public int Number => number;

        public override int Rows => rows;
    }
}
