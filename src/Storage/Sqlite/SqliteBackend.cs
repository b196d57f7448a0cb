using System.Collections.Immutable;
using Customer360.Rules.Audit;
using Customer360.Rules.Ports;
using Customer360.Rules.Privacy;
using Customer360.Storage.Pipelines;
using Customer360.Storage.Schema;
using Customer360.Storage.Sqlite.Runs;
using Microsoft.Extensions.Logging;

namespace Customer360.Storage.Sqlite;

/// <summary>The storage in one SQLite file: one writing thread, some reading threads, each with its connection.</summary>
internal sealed partial class SqliteBackend(
    SqliteStorageOptions options,
    CommitPipelineReference commits,
    TimeProvider time,
    ILogger logger
) : IStorageBackend
{
    private readonly SqliteThread _writerThread = new("sqlite-write");
    private readonly SqliteLane[] _pointLanes = MakeLanes(options.ReadLanes, "sqlite-read");
    private readonly SqliteLane[] _scanLanes = MakeLanes(options.ScanLanes, "sqlite-scan");
    private readonly SqliteThread _erasureThread = new("sqlite-erase");
    private readonly SharedRecent _shared = new();
    private FileStream? _fileLock;
    private SqliteWriter? _writer;
    private SqliteCheckpointer? _checkpointer;
    private RunMerger? _merger;
    private KeyHash? _hash;
    private uint _nextScanLane;
    private long _movedMessages;
    private bool _hasLookedForLog;

    // Of the writing thread: an end of the start is heeded between the steps of a long one.
    private CancellationToken _opening;

    /// <summary>SQLite has one writer at a time.</summary>
    public int CommitLanes => 1;

    public Task<byte[]> OpenAsync(CancellationToken cancellationToken) =>
        _writerThread.RunAsync(
            () =>
            {
                _opening = cancellationToken;
                Open();
                _opening = CancellationToken.None;
                return options.AuditKey ?? SqliteAuditKey.Take(options);
            },
            cancellationToken
        );

    public OpeningFailure? ExplainOpening(Exception exception) => new SqliteOpening(options).Explain(exception);

    public async Task StopMaintenanceAsync()
    {
        // On the writer's thread, since commits that are still queued add runs: nobody is left to be woken for them.
        RunMerger? merger = await _writerThread.RunAsync(
            () =>
            {
                RunMerger? ended = _merger;
                _merger = null;
                if (_writer is not null)
                {
                    _writer.RunAdded = static () => { };
                }

                return ended;
            },
            CancellationToken.None
        );
        if (merger is not null)
        {
            await merger.DisposeAsync();
        }
    }

    public ValueTask CommitAsync(int lane, IReadOnlyList<PipelineWork> batch) =>
        new(_writerThread.RunInlineAsync(() => Commit(batch)));

    public ValueTask ReadAsync(int lane, IReadOnlyList<PipelineWork> batch) =>
        new(
            _pointLanes[lane]
                .Thread.RunInlineAsync(() =>
                    Read(
                        _pointLanes[lane],
                        reader =>
                        {
                            reader.Read(batch);
                            return true;
                        }
                    )
                )
        );

    public StorageFailure Classify(Exception exception) =>
        exception switch
        {
            SqliteFailureException failure => failure.Classified,
            IOException or UnauthorizedAccessException => new(
                FailureKind.Outage,
                exception.GetType().Name,
                "The data folder can't be read or written."
            ),
            _ => new(FailureKind.Refused, exception.GetType().Name),
        };

    public Task<ImmutableArray<LogRow>> ReadPartitionAsync(
        int partition,
        long afterPosition,
        int limit,
        CancellationToken cancellationToken
    ) => ScanAsync(reader => reader.ReadPartition(partition, afterPosition, limit), cancellationToken);

    public Task<ImmutableArray<ScannedState>> ReadStatesAsync(
        string kind,
        string afterKey,
        int limit,
        CancellationToken cancellationToken
    ) => ScanAsync(reader => reader.ReadStates(kind, afterKey, limit), cancellationToken);

    public Task<ImmutableArray<LogRow>> ReadTimelineAsync(TimelineQuery query, CancellationToken cancellationToken) =>
        ScanAsync(reader => reader.ReadTimeline(query), cancellationToken);

    public Task<ImmutableArray<TimelineCursor>> ReadTimesAsync(
        TimelineQuery query,
        CancellationToken cancellationToken
    ) => ScanAsync(reader => reader.ReadTimes(query), cancellationToken);

    public Task<ImmutableArray<DecisionRecord>> ReadDecisionsAsync(
        string customerId,
        DecisionCursor? after,
        int limit,
        CancellationToken cancellationToken
    ) => ScanAsync(reader => reader.Decisions.Read(customerId, after, limit), cancellationToken);

    public Task<DecisionRecord?> FindDecisionAsync(string id, CancellationToken cancellationToken) =>
        ScanAsync(reader => reader.Decisions.Find(id), cancellationToken);

    public Task<ImmutableArray<StoredReminder>> ReadRemindersAsync(
        ReminderFilter filter,
        CancellationToken cancellationToken
    ) => ScanAsync(reader => reader.Reminders.Read(filter), cancellationToken);

    public Task<ImmutableArray<QuarantinedMessage>> ReadQuarantineAsync(
        QuarantineCursor? after,
        int limit,
        CancellationToken cancellationToken
    ) => ScanAsync(reader => reader.Quarantine.Read(after, limit), cancellationToken);

    public Task<ImmutableArray<LeadRow>> ReadLeadsAsync(LeadQuery query, CancellationToken cancellationToken) =>
        ScanAsync(reader => reader.Leads.Read(query), cancellationToken);

    public Task<ImmutableArray<AudienceRow>> ReadMembersAsync(
        string audience,
        string after,
        int limit,
        CancellationToken cancellationToken
    ) => ScanAsync(reader => reader.Audiences.Read(audience, after, limit), cancellationToken);

    public Task<ImmutableArray<AudienceSize>> ReadAudienceSizesAsync(CancellationToken cancellationToken) =>
        ScanAsync(reader => reader.Audiences.ReadSizes(), cancellationToken);

    public Task<long> CountInBothAsync(string one, string other, CancellationToken cancellationToken) =>
        ScanAsync(reader => reader.Audiences.CountBoth(one, other), cancellationToken);

    public Task<ImmutableArray<AudienceChangeRow>> ReadMemberChangesAsync(
        string audience,
        AudienceChangePlace after,
        int limit,
        CancellationToken cancellationToken
    ) => ScanAsync(reader => reader.Audiences.ReadChanges(audience, after, limit), cancellationToken);

    public Task<long> ReadLastMemberChangeAsync(CancellationToken cancellationToken) =>
        ScanAsync(reader => reader.Audiences.ReadLastChange(), cancellationToken);

    public Task<ImmutableArray<DeliveryRow>> ReadDeliveriesAsync(
        DeliveryQuery query,
        CancellationToken cancellationToken
    ) => ScanAsync(reader => reader.Outbox.Read(query), cancellationToken);

    public Task<OutboxStanding> ReadOutboxStandingAsync(string destination, CancellationToken cancellationToken) =>
        ScanAsync(reader => reader.Outbox.ReadStanding(destination), cancellationToken);

    public Task<(DateTimeOffset? OldestAt, DateTimeOffset? NextAt)> ReadOutboxNextAsync(
        string destination,
        CancellationToken cancellationToken
    ) => ScanAsync(reader => reader.Outbox.ReadNext(destination), cancellationToken);

    public Task<ImmutableArray<SuppressionEntry>> ReadSuppressionsAsync(
        long afterSequence,
        int limit,
        CancellationToken cancellationToken
    ) => ScanAsync(reader => reader.Suppressions.Read(afterSequence, limit), cancellationToken);

    public Task<ImmutableArray<AuditRow>> ReadAuditAsync(
        int? chain,
        long before,
        int limit,
        CancellationToken cancellationToken
    ) => ScanAsync(reader => reader.Audit.ReadBack(chain, before, limit), cancellationToken);

    public Task<AuditHead> ReadAuditHeadAsync(CancellationToken cancellationToken) =>
        ScanAsync(reader => reader.Audit.ReadHead(), cancellationToken);

    public ValueTask DisposeAsync()
    {
        foreach (SqliteLane lane in _pointLanes.Concat(_scanLanes))
        {
            lane.Thread.Dispose();
            lane.Reader?.Dispose();
        }

        _erasureThread.Dispose();
        _writerThread.Dispose();
        _checkpointer?.Dispose();
        Close();
        _fileLock?.Dispose();
        return ValueTask.CompletedTask;
    }

    private static SqliteLane[] MakeLanes(int count, string name) =>
        [.. Enumerable.Range(0, count).Select(number => new SqliteLane(new SqliteThread($"{name}-{number}")))];

    private void Open()
    {
        OwnerOnly.MakeFolder(options.DataFolder);
        SqliteRights.Narrow(options, logger);
        TakeLock();
        RequireLog();
        MakeFile();
        OpenWriter();
        SqliteOpenMark.Set(_writer!.Connection);
        MarkAsMade();
        if (_merger is null)
        {
            _merger = new RunMerger(OpenConnection(readOnly: true), commits, time, logger);
            _merger.Start();
        }

        _writer!.RunAdded = _merger.Wake;
    }

    /// <summary>
    /// Takes the folder for this process: the index over the newest rows is in its memory, so a second one must not write. The
    /// lock's file also remembers that a store was made here, so that one whose database is gone is not taken for a new one.
    /// </summary>
    private void TakeLock()
    {
        if (_fileLock is not null)
        {
            return;
        }

        bool isNew = !File.Exists(options.LockPath);
        _fileLock = OwnerOnly.OpenFile(options.LockPath, FileMode.OpenOrCreate, FileShare.None);
        FileInfo database = new(options.DatabasePath);
        if (database is { Exists: true, Length: > 0 })
        {
            return;
        }

        StorageRefusedException? refusal = this switch
        {
            _ when _fileLock.Length > 0 => new SqliteOpening(options).Lost(),
            _ when isNew && database.Exists => new SqliteOpening(options).Empty(),
            _ => null,
        };
        if (refusal is null)
        {
            return;
        }

        _fileLock.Dispose();
        _fileLock = null;
        if (isNew)
        {
            // Nothing is left behind: the next look must find what this one found.
            File.Delete(options.LockPath);
        }

        throw refusal;
    }

    /// <summary>Once: what this process itself leaves without a log when an opening fails is whole.</summary>
    private void RequireLog()
    {
        if (!_hasLookedForLog && SqliteOpenMark.IsWithoutLog(options.DatabasePath))
        {
            throw new SqliteOpening(options).WithoutLog();
        }

        _hasLookedForLog = true;
    }

    /// <summary>SQLite would make it with the system's rights; the files beside it get those that it has.</summary>
    private void MakeFile() =>
        OwnerOnly.OpenFile(options.DatabasePath, FileMode.OpenOrCreate, FileShare.ReadWrite).Dispose();

    /// <summary>The last of the connections. Where the end can't be written the log stays, and the next start needs it.</summary>
    private void Close()
    {
        if (_writer is null)
        {
            return;
        }

        try
        {
            SqliteOpenMark.Clear(_writer.Connection);
        }
        catch (SqliteFailureException failure)
        {
            LogNotClosed(logger, failure.Classified.Sentence);
        }

        _writer.Dispose();
    }

    private void MarkAsMade()
    {
        if (_fileLock!.Length == 0)
        {
            _fileLock.Write("A store was made here.\n"u8);
            _fileLock.Flush(flushToDisk: true);
        }
    }

    private void OpenWriter()
    {
        SqliteConnection connection = OpenConnection(readOnly: false);
        try
        {
            SqliteSchema.Migrate(connection, MigrationSet.Load("Sqlite"), time);
            _hash ??= ReadHash(connection);
            _checkpointer ??= new SqliteCheckpointer(() => OpenConnection(readOnly: false), options.CheckpointPages);
            _checkpointer.Reset();
            _writer = new SqliteWriter(connection, _hash, _shared, _checkpointer, options.RecentRowsMax, NoteMoved);
            if (_merger is not null)
            {
                _writer.RunAdded = _merger.Wake;
            }
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private SqliteConnection OpenConnection(bool readOnly)
    {
        SqliteConnection connection = SqliteConnection.Open(options.DatabasePath, readOnly);
        try
        {
            connection.Execute("pragma busy_timeout = 5000");
            connection.Execute("pragma temp_store = memory");
            if (readOnly)
            {
                connection.Execute($"pragma cache_size = -{options.ReaderCacheBytes / 1024}");
            }
            else
            {
                connection.Execute("pragma page_size = 8192");
                connection.Execute("pragma journal_mode = wal");
                connection.Execute("pragma synchronous = full");
                connection.Execute("pragma wal_autocheckpoint = 0");
                // What is deleted or replaced is overwritten at once: people's data must not lie on in free places.
                connection.Execute("pragma secure_delete = on");
                connection.Execute($"pragma cache_size = -{options.WriterCacheBytes / 1024}");
            }

            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private void NoteMoved(int count)
    {
        _movedMessages += count;
        LogMoved(logger, _movedMessages);

        // What was moved is committed, and the next start goes on with the rest.
        _opening.ThrowIfCancellationRequested();
    }

    [LoggerMessage(31, LogLevel.Information, "The log takes its new form: {Count} messages are moved.")]
    private static partial void LogMoved(ILogger logger, long count);

    [LoggerMessage(35, LogLevel.Warning, "The database could not be closed in order: {Sentence}")]
    private static partial void LogNotClosed(ILogger logger, string sentence);

    private static KeyHash ReadHash(SqliteConnection connection)
    {
        using SqliteStatement read = connection.PrepareOnce(
            "select value from storage_setting where name = 'hash_key'"
        );
        read.Step();
        return new KeyHash(read.Bytes(0));
    }

    private void Commit(IReadOnlyList<PipelineWork> batch)
    {
        if (_hash is null)
        {
            throw new InvalidOperationException("The storage is not initialized.");
        }

        if (_writer is null)
        {
            OpenWriter();
        }

        try
        {
            _writer!.Commit(batch);
        }
        catch (SqliteFailureException failure) when (failure.IsOfDatabase && failure.Code != SQLitePCL.raw.SQLITE_FULL)
        {
            // What the disk really holds is known only from a fresh look; memory is built anew from it.
            _writer!.Dispose();
            _writer = null;
            throw;
        }
    }

    private async Task<TResult> ScanAsync<TResult>(
        Func<SqliteReader, TResult> scan,
        CancellationToken cancellationToken
    )
    {
        SqliteLane lane = _scanLanes[Interlocked.Increment(ref _nextScanLane) % (uint)_scanLanes.Length];
        try
        {
            return await lane.Thread.RunAsync(() => Read(lane, scan), cancellationToken);
        }
        catch (SqliteFailureException failure)
        {
            commits.Scans.Failed(failure.Classified, requests: 1);
            throw failure.Classified.ToException();
        }
    }

    private TResult Read<TResult>(SqliteLane lane, Func<SqliteReader, TResult> read)
    {
        KeyHash known = _hash ?? throw new InvalidOperationException("The storage is not initialized.");
        lane.Reader ??= new SqliteReader(OpenConnection(readOnly: true), known, _shared);
        try
        {
            return read(lane.Reader);
        }
        catch (SqliteFailureException failure) when (failure.IsOfDatabase)
        {
            lane.Reader.Dispose();
            lane.Reader = null;
            throw;
        }
    }

    /// <summary>A reading thread and its connection, opened at the first read.</summary>
    private sealed class SqliteLane(SqliteThread thread)
    {
        public SqliteThread Thread => thread;

        public SqliteReader? Reader { get; set; }
    }
}
