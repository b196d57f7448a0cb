using Customer360.Rules.Ports;
using Microsoft.Extensions.Logging;

namespace Customer360.Storage.Pipelines;

/// <summary>Carries out a batch and sets each request's result. Throws when nothing of the batch was done.</summary>
internal delegate ValueTask BatchExecutor(int lane, IReadOnlyList<PipelineWork> batch);

/// <summary>
/// Requests that arrive while a batch is under way go out together in the next one.
/// </summary>
/// <remarks>
/// A batch that fails for an unexpected reason is carried out again one by one, so a request that the database refuses
/// fails alone. An outage fails the whole batch at once with <see cref="StorageUnavailableException"/>.
/// </remarks>
internal abstract partial class BatchPipeline : IAsyncDisposable
{
    private const int ConflictRetriesMax = 5;

    private readonly WorkQueue queue;
    private readonly PipelineLimits limits;
    private readonly BatchExecutor execute;
    private readonly Func<Exception, StorageFailure> classify;
    private readonly ILogger logger;
    private readonly Task[] lanes;

    /// <param name="limits">Bounds of the queue and of one batch.</param>
    /// <param name="laneCount">How many batches may be under way at once.</param>
    /// <param name="execute">Carries out a batch.</param>
    /// <param name="classify">Says what kind of trouble an exception is.</param>
    /// <param name="logger">Told of outages and refusals, without stored values.</param>
    protected BatchPipeline(
        PipelineLimits limits,
        int laneCount,
        BatchExecutor execute,
        Func<Exception, StorageFailure> classify,
        ILogger logger
    )
    {
        this.limits = limits;
        this.execute = execute;
        this.classify = classify;
        this.logger = logger;
        queue = new WorkQueue(limits.QueueCountMax, limits.QueueBytesMax);
        lanes = new Task[laneCount];
        for (int lane = 0; lane < laneCount; lane++)
        {
            lanes[lane] = RunLaneAsync(lane);
        }
    }

    /// <summary>Requests that no batch has taken up yet.</summary>
    public int QueueLength => queue.Length;

    /// <summary>Queues a request; the task completes when its batch has, or fails alone.</summary>
    /// <exception cref="ObjectDisposedException">The storage is shutting down.</exception>
    public Task<TResult> SubmitAsync<TResult>(PipelineWork<TResult> work, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<TResult>(cancellationToken);
        }

        work.WithdrawOn(cancellationToken);
        if (!queue.TryAdd(work))
        {
            work.Fail(new ObjectDisposedException(nameof(BatchPipeline), "The storage is shutting down."));
        }

        return work.Completion;
    }

    /// <summary>Accepts nothing more, carries out what is queued, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.Close();
        await Task.WhenAll(lanes);
        queue.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Told of every batch that went through.</summary>
    protected abstract ValueTask ExecuteMeasuredAsync(int lane, IReadOnlyList<PipelineWork> batch);

    protected ValueTask ExecuteAsync(int lane, IReadOnlyList<PipelineWork> batch) => execute(lane, batch);

    /// <summary>Told of every batch that failed.</summary>
    protected abstract void CountFailure(StorageFailure failure);

    private async Task RunLaneAsync(int lane)
    {
        List<PipelineWork> batch = [];
        bool more = true;
        while (more)
        {
            await queue.WaitAsync();
            more = queue.Take(batch, limits.BatchRowsMax, limits.BatchBytesMax);
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
            LogRefused(logger, work.GetType().Name, refusal.Code);
            work.Fail(new InvalidOperationException($"The database refused the request ({refusal.Code})."));
        }
        else if (failure is not null)
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
            StorageFailure failure = classify(exception);
            CountFailure(failure);
            return failure;
        }

        for (int index = 0; index < batch.Count; index++)
        {
            batch[index].Complete();
        }

        return null;
    }

    private void FailAll(IReadOnlyList<PipelineWork> batch, int start, StorageFailure failure)
    {
        if (start < batch.Count)
        {
            LogOutage(logger, batch.Count - start, failure.Code);
        }

        for (int index = start; index < batch.Count; index++)
        {
            batch[index].Fail(new StorageUnavailableException($"The storage is unavailable ({failure.Code})."));
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Storage is unavailable ({Code}); {Count} requests fail.")]
    private static partial void LogOutage(ILogger logger, int count, string code);

    [LoggerMessage(2, LogLevel.Error, "The database refused a {Work} ({Code}).")]
    private static partial void LogRefused(ILogger logger, string work, string code);
}
