using Microsoft.Extensions.Logging;

namespace Customer360.Storage.Pipelines;

/// <summary>Carries out a batch and sets each request's result. Throws when nothing of the batch was done.</summary>
internal delegate ValueTask BatchExecutor(int lane, IReadOnlyList<PipelineWork> batch);

/// <summary>
/// Requests that arrive while a batch is under way go out together in the next one.
/// </summary>
/// <remarks>
/// A batch that fails for an unexpected reason is carried out again one by one, so a request that the database refuses, or
/// whose data is damaged, fails alone. An outage fails the whole batch at once with <see cref="Rules.Ports.StorageUnavailableException"/>.
/// </remarks>
internal abstract partial class BatchPipeline : IAsyncDisposable
{
    private const int ConflictRetriesMax = 5;

    private readonly WorkQueue _queue;
    private readonly PipelineLimits _limits;
    private readonly BatchExecutor _execute;
    private readonly Func<Exception, StorageFailure> _classify;
    private readonly PipelineWatch _watch;
    private readonly ILogger _logger;
    private readonly Task[] _lanes;

    /// <param name="limits">Bounds of the queue and of one batch.</param>
    /// <param name="laneCount">How many batches may be under way at once.</param>
    /// <param name="execute">Carries out a batch.</param>
    /// <param name="classify">Says what kind of trouble an exception is.</param>
    /// <param name="watch">Told what each batch came to.</param>
    /// <param name="logger">Told of refusals, without stored values.</param>
    protected BatchPipeline(
        PipelineLimits limits,
        int laneCount,
        BatchExecutor execute,
        Func<Exception, StorageFailure> classify,
        PipelineWatch watch,
        ILogger logger
    )
    {
        this._limits = limits;
        this._execute = execute;
        this._classify = classify;
        this._watch = watch;
        this._logger = logger;
        _queue = new WorkQueue(limits.QueueCountMax, limits.QueueBytesMax);
        _lanes = new Task[laneCount];
        for (int lane = 0; lane < laneCount; lane++)
        {
            _lanes[lane] = RunLaneAsync(lane);
        }
    }

    /// <summary>Requests that no batch has taken up yet.</summary>
    public int QueueLength => _queue.Length;

    /// <summary>Queues a request; the task completes when its batch has, or fails alone.</summary>
    /// <exception cref="ObjectDisposedException">The storage is shutting down.</exception>
    public Task<TResult> SubmitAsync<TResult>(PipelineWork<TResult> work, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<TResult>(cancellationToken);
        }

        work.WithdrawOn(cancellationToken);
        if (!_queue.TryAdd(work))
        {
            work.Fail(new ObjectDisposedException(nameof(BatchPipeline), "The storage is shutting down."));
        }

        return work.Completion;
    }

    /// <summary>Accepts nothing more, carries out what is queued, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Close();
        await Task.WhenAll(_lanes);
        _queue.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Told of every batch that went through.</summary>
    protected abstract ValueTask ExecuteMeasuredAsync(int lane, IReadOnlyList<PipelineWork> batch);

    protected ValueTask ExecuteAsync(int lane, IReadOnlyList<PipelineWork> batch) => _execute(lane, batch);

    /// <summary>Told of every batch that failed.</summary>
    protected abstract void CountFailure(StorageFailure failure);

    private async Task RunLaneAsync(int lane)
    {
        List<PipelineWork> batch = [];
        bool more = true;
        while (more)
        {
            await _queue.WaitAsync();
            more = _queue.Take(batch, _limits.BatchRowsMax, _limits.BatchBytesMax);
            if (batch.Count > 0)
            {
                await CarryOutAsync(lane, batch);
                batch.Clear();
            }
        }
    }

    private async ValueTask CarryOutAsync(int lane, List<PipelineWork> batch)
    {
        StorageFailure? failure = await TryAsync(lane, batch);
        if (failure is null)
        {
            return;
        }

        if (failure.Value.Kind == FailureKind.Outage)
        {
            FailAll(batch, 0, failure.Value);
            return;
        }

        for (int index = 0; index < batch.Count; index++)
        {
            failure = await CarryOutAloneAsync(lane, batch[index]);
            if (failure is { Kind: FailureKind.Outage })
            {
                // Each of the rest would only wait for the same timeout again.
                FailAll(batch, index + 1, failure.Value);
                return;
            }
        }
    }

    private async ValueTask<StorageFailure?> CarryOutAloneAsync(int lane, PipelineWork work)
    {
        PipelineWork[] alone = [work];
        StorageFailure? failure = null;
        for (int attempt = 0; attempt < ConflictRetriesMax; attempt++)
        {
            failure = await TryAsync(lane, alone);
            if (failure is not { Kind: FailureKind.Conflict })
            {
                break;
            }
        }

        if (failure is { Kind: FailureKind.Refused } refusal)
        {
            LogRefused(_logger, work.GetType().Name, refusal.Code);
        }

        if (failure is not null)
        {
            FailAll(alone, 0, failure.Value);
        }

        return failure;
    }

    /// <summary>Carries out a batch and completes it; or tells why nothing of it was done.</summary>
    private async ValueTask<StorageFailure?> TryAsync(int lane, IReadOnlyList<PipelineWork> batch)
    {
        try
        {
            await ExecuteMeasuredAsync(lane, batch);
        }
        catch (Exception exception)
        {
            StorageFailure failure = _classify(exception);
            CountFailure(failure);
            return failure;
        }

        for (int index = 0; index < batch.Count; index++)
        {
            batch[index].Complete();
        }

        _watch.Worked();
        return null;
    }

    private void FailAll(IReadOnlyList<PipelineWork> batch, int start, StorageFailure failure)
    {
        if (start < batch.Count)
        {
            _watch.Failed(failure, batch.Count - start);
        }

        for (int index = start; index < batch.Count; index++)
        {
            batch[index].Fail(failure.ToException());
        }
    }

    [LoggerMessage(2, LogLevel.Error, "The database refused a {Work} ({Code}).")]
    private static partial void LogRefused(ILogger logger, string work, string code);
}
