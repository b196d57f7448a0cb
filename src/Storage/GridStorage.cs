using Customer360.Rules.Audit;
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
    private static readonly TimeSpan s_startRetryDelay = TimeSpan.FromMilliseconds(250);

    // Said when the reason changes, and now and then while it does not.
    private static readonly TimeSpan s_startReminder = TimeSpan.FromSeconds(10);

    private readonly IStorageBackend _backend;
    private readonly StorageOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CommitLanes _commits;
    private readonly ReadPipeline _reads;
    private readonly PacedProbe _probe;
    private readonly AuditLog _auditLog;
    private readonly SemaphoreSlim _opening = new(1);
    private bool _opened;
    private int _disposed;

    internal GridStorage(
        StorageOptions options,
        Func<CommitPipelineReference, IStorageBackend> createBackend,
        TimeProvider time,
        ILogger logger
    )
    {
        options.Validate();
        this._options = options;
        this._time = time;
        this._logger = logger;
        PipelineWatch readWatch = new(time, logger);
        CommitPipelineReference reference = new() { Scans = readWatch };
        _backend = createBackend(reference);
        PipelineWatch[] commitWatches =
        [
            .. Enumerable.Range(0, _backend.CommitLanes).Select(_ => new PipelineWatch(time, logger)),
        ];
        _commits = new CommitLanes(
            _backend.CommitLanes,
            lane => new CommitPipeline(
                lane,
                options.CommitLimits,
                _backend.CommitAsync,
                _backend.Classify,
                commitWatches[lane],
                time,
                logger
            )
        );
        reference.Pipeline = _commits;
        _reads = new ReadPipeline(
            options.ReadLimits,
            options.ReadLanes,
            _backend.ReadAsync,
            _backend.Classify,
            readWatch,
            logger
        );
        _probe = new PacedProbe([.. commitWatches, readWatch], ProbeAsync, time);
        EventLog = new EventLog(_commits, _reads, _backend);
        States = new GrainStateStore(_commits, _reads, time);
        Scan = new StateScan(_backend);
        Decisions = new DecisionLog(_commits, _backend, AuditHash, time);
        _auditLog = new AuditLog(_commits, _backend, time);
        Reminders = new ReminderStore(_commits, _backend);
        Quarantine = new Quarantine(_commits, _backend);
        Leads = new LeadList(_backend);
        Audiences = new AudienceList(_backend);
        Names = new NameList(_backend);
        Outbox = new Outbox(_commits, _backend);
        Suppressions = new SuppressionList(_commits, _backend);
        Erasure = new ErasureStore(_backend);
    }

    public IEventLog EventLog { get; }

    public IGrainStateStore States { get; }

    public IStateScan Scan { get; }

    public IDecisionLog Decisions { get; }

    public IReminderStore Reminders { get; }

    public IQuarantine Quarantine { get; }

    public ILeadList Leads { get; }

    public IAudienceList Audiences { get; }

    public INameList Names { get; }

    public IOutbox Outbox { get; }

    public ISuppressionList Suppressions { get; }

    public IErasureStore Erasure { get; }

    public IAuditLog Audit => _auditLog;

    public IAuditReader AuditReader => _auditLog;

    /// <summary>Hashes identifiers for the audit log; usable once the storage is initialized.</summary>
    public AuditHash AuditHash { get; } = new();

    internal CommitLanes Commits => _commits;

    public async Task InitializeAsync(CancellationToken cancellationToken)
    {
        await _opening.WaitAsync(cancellationToken);
        try
        {
            if (!_opened)
            {
                await OpenWithinTimeoutAsync(cancellationToken);
                _opened = true;
            }
        }
        finally
        {
            _opening.Release();
        }
    }

    public async Task<StorageHealth> CheckAsync(CancellationToken cancellationToken) =>
        await _probe.AskAsync(cancellationToken) is { } trouble
            ? new StorageHealth(IsHealthy: false, trouble)
            : new StorageHealth(IsHealthy: true, "The storage writes and reads.");

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await _backend.StopMaintenanceAsync();
            await _commits.DisposeAsync();
            await _reads.DisposeAsync();
            await _backend.DisposeAsync();
            _opening.Dispose();
        }
    }

    private async Task ProbeAsync()
    {
        await _commits.SubmitToAllAsync(() => new ProbeWork(_time.GetUtcNow()), CancellationToken.None);
        await States.ReadAsync("probe", "probe", CancellationToken.None);
    }

    private async Task OpenWithinTimeoutAsync(CancellationToken cancellationToken)
    {
        long start = _time.GetTimestamp();
        string? said = null;
        long saidAt = start;
        while (true)
        {
            string sentence;
            try
            {
                AuditHash.Use(await _backend.OpenAsync(cancellationToken));
                return;
            }
            catch (Exception exception) when (_backend.ExplainOpening(exception) is { } failure)
            {
                sentence = failure.Sentence;
                if (!failure.Passes)
                {
                    throw new StorageRefusedException(sentence, exception);
                }
            }

            if (_time.GetElapsedTime(start) >= _options.StartTimeout)
            {
                double seconds = _options.StartTimeout.TotalSeconds;
                throw new StorageUnavailableException($"{sentence} It was waited for {seconds:0} seconds.");
            }

            if (sentence != said || _time.GetElapsedTime(saidAt) >= s_startReminder)
            {
                LogNotReady(_logger, sentence);
                said = sentence;
                saidAt = _time.GetTimestamp();
            }

            await Task.Delay(s_startRetryDelay, _time, cancellationToken);
        }
    }

    [LoggerMessage(10, LogLevel.Warning, "{Sentence} The start waits for it.")]
    private static partial void LogNotReady(ILogger logger, string sentence);
}

/// <summary>Lets a backend send its own upkeep through the pipeline that it serves, and say what its longer reads came to.</summary>
internal sealed class CommitPipelineReference
{
    public CommitLanes Pipeline { get; set; } = null!;

    public required PipelineWatch Scans { get; init; }
}
