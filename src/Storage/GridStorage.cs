using Customer360.Rules.Ports;
using Customer360.Storage.Pipelines;
using Customer360.Storage.Ports;
using Customer360.Storage.Work;
using Microsoft.Extensions.Logging;

namespace Customer360.Storage;

/// <summary>
/// The storage of one process: the ports over its lanes of commits, one read pipeline and one database. Disposing it
/// carries out what is queued first.
/// </summary>
public sealed partial class GridStorage : IStorageInitializer, IStorageHealth, IAsyncDisposable
{
    private static readonly TimeSpan StartRetryDelay = TimeSpan.FromMilliseconds(250);

    private readonly IStorageBackend backend;
    private readonly StorageOptions options;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly CommitLanes commits;
    private readonly ReadPipeline reads;
    private readonly SemaphoreSlim opening = new(1);
    private bool opened;
    private int disposed;

    internal GridStorage(
        StorageOptions options,
        Func<CommitPipelineReference, IStorageBackend> createBackend,
        TimeProvider time,
        ILogger logger
    )
    {
        options.Validate();
        this.options = options;
        this.time = time;
        this.logger = logger;
        CommitPipelineReference reference = new();
        backend = createBackend(reference);
        commits = new CommitLanes(
            backend.CommitLanes,
            lane => new CommitPipeline(lane, options.CommitLimits, backend.CommitAsync, backend.Classify, time, logger)
        );
        reference.Pipeline = commits;
        reads = new ReadPipeline(options.ReadLimits, options.ReadLanes, backend.ReadAsync, backend.Classify, logger);
        EventLog = new EventLog(commits, reads, backend);
        States = new GrainStateStore(commits, reads);
        Scan = new StateScan(backend);
        Decisions = new DecisionLog(commits, backend);
        Reminders = new ReminderStore(commits, backend);
        Quarantine = new Quarantine(commits, backend);
    }

    public IEventLog EventLog { get; }

    public IGrainStateStore States { get; }

    public IStateScan Scan { get; }

    public IDecisionLog Decisions { get; }

    public IReminderStore Reminders { get; }

    public IQuarantine Quarantine { get; }

    internal CommitLanes Commits => commits;

    public async Task InitializeAsync(CancellationToken cancellationToken)
    {
        await opening.WaitAsync(cancellationToken);
        try
        {
            if (!opened)
            {
                await OpenWithinTimeoutAsync(cancellationToken);
                opened = true;
            }
        }
        finally
        {
            opening.Release();
        }
    }

    public async Task<StorageHealth> CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            await commits.SubmitToAllAsync(() => new ProbeWork(time.GetUtcNow()), cancellationToken);
            await States.ReadAsync("probe", "probe", cancellationToken);
            return new StorageHealth(IsHealthy: true, "The storage writes and reads.");
        }
        catch (Exception exception) when (exception is StorageUnavailableException or InvalidOperationException)
        {
            return new StorageHealth(IsHealthy: false, exception.Message);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 0)
        {
            await backend.StopMaintenanceAsync();
            await commits.DisposeAsync();
            await reads.DisposeAsync();
            await backend.DisposeAsync();
            opening.Dispose();
        }
    }

    private async Task OpenWithinTimeoutAsync(CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        while (true)
        {
            string code;
            try
            {
                await backend.OpenAsync(cancellationToken);
                return;
            }
            catch (Exception exception) when (backend.Classify(exception) is { Kind: not FailureKind.Refused } failure)
            {
                LogNotReady(logger, failure.Code);
                code = failure.Code;
            }

            if (time.GetElapsedTime(start) >= options.StartTimeout)
            {
                // The cause goes by its code alone: its text may hold values.
                double seconds = options.StartTimeout.TotalSeconds;
                throw new StorageUnavailableException(
                    $"The storage was not ready within {seconds:0} seconds ({code})."
                );
            }

            await Task.Delay(StartRetryDelay, time, cancellationToken);
        }
    }

    [LoggerMessage(10, LogLevel.Information, "Storage is not ready yet ({Code}).")]
    private static partial void LogNotReady(ILogger logger, string code);
}

/// <summary>Lets a backend send its own upkeep through the pipeline that it serves.</summary>
internal sealed class CommitPipelineReference
{
    public CommitLanes Pipeline { get; set; } = null!;
}
