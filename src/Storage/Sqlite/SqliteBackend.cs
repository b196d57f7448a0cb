using System.Collections.Immutable;
using Customer360.Rules.Ports;
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
    private readonly SqliteThread writerThread = new("sqlite-write");
    private readonly SqliteLane[] pointLanes = MakeLanes(options.ReadLanes, "sqlite-read");
    private readonly SqliteLane[] scanLanes = MakeLanes(options.ScanLanes, "sqlite-scan");
    private readonly SharedRecent shared = new();
    private FileStream? fileLock;
    private SqliteWriter? writer;
    private SqliteCheckpointer? checkpointer;
    private RunMerger? merger;
    private KeyHash? hash;
    private uint nextScanLane;
    private long movedMessages;

    /// <summary>SQLite has one writer at a time.</summary>
    public int CommitLanes => 1;

    public Task OpenAsync(CancellationToken cancellationToken) =>
        writerThread.RunAsync(
            () =>
            {
                Open();
                return true;
            },
            cancellationToken
        );

    public async Task StopMaintenanceAsync()
    {
        if (merger is not null)
        {
            await merger.DisposeAsync();
            merger = null;
        }
    }

    public ValueTask CommitAsync(int lane, IReadOnlyList<PipelineWork> batch) =>
        new(writerThread.RunInlineAsync(() => Commit(batch)));

    public ValueTask ReadAsync(int lane, IReadOnlyList<PipelineWork> batch) =>
        new(
            pointLanes[lane]
                .Thread.RunInlineAsync(() =>
                    Read(
                        pointLanes[lane],
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
            SqliteFailureException failure => new(
                failure.IsOutage ? FailureKind.Outage : FailureKind.Refused,
                $"SQLite {failure.ExtendedCode}"
            ),
            IOException or UnauthorizedAccessException => new(FailureKind.Outage, exception.GetType().Name),
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

    public ValueTask DisposeAsync()
    {
        foreach (SqliteLane lane in pointLanes.Concat(scanLanes))
        {
            lane.Thread.Dispose();
            lane.Reader?.Dispose();
        }

        writerThread.Dispose();
        checkpointer?.Dispose();
        writer?.Dispose();
        fileLock?.Dispose();
        return ValueTask.CompletedTask;
    }

    private static SqliteLane[] MakeLanes(int count, string name) =>
        [.. Enumerable.Range(0, count).Select(number => new SqliteLane(new SqliteThread($"{name}-{number}")))];

    private void Open()
    {
        Directory.CreateDirectory(options.DataFolder);

        // The index over the newest rows is in our memory, so a second process must not write.
        fileLock ??= new FileStream(options.LockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        OpenWriter();
        if (merger is null)
        {
            merger = new RunMerger(OpenConnection(readOnly: true), commits, time, logger);
            merger.Start();
        }

        writer!.RunAdded = merger.Wake;
    }

    private void OpenWriter()
    {
        SqliteConnection connection = OpenConnection(readOnly: false);
        try
        {
            SqliteSchema.Migrate(connection, MigrationSet.Load("Sqlite"), time);
            hash ??= ReadHash(connection);
            checkpointer ??= new SqliteCheckpointer(() => OpenConnection(readOnly: false), options.CheckpointPages);
            checkpointer.Reset();
            writer = new SqliteWriter(connection, hash, shared, checkpointer, options.RecentRowsMax, NoteMoved);
            if (merger is not null)
            {
                writer.RunAdded = merger.Wake;
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
        movedMessages += count;
        LogMoved(logger, movedMessages);
    }

    [LoggerMessage(31, LogLevel.Information, "The log takes its new form: {Count} messages are moved.")]
    private static partial void LogMoved(ILogger logger, long count);

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
        if (hash is null)
        {
            throw new InvalidOperationException("The storage is not initialized.");
        }

        if (writer is null)
        {
            OpenWriter();
        }

        try
        {
            writer!.Commit(batch);
        }
        catch (SqliteFailureException failure) when (failure.IsOutage && failure.Code != SQLitePCL.raw.SQLITE_FULL)
        {
            // What the disk really holds is known only from a fresh look; memory is built anew from it.
            writer!.Dispose();
            writer = null;
            throw;
        }
    }

    private async Task<TResult> ScanAsync<TResult>(
        Func<SqliteReader, TResult> scan,
        CancellationToken cancellationToken
    )
    {
        SqliteLane lane = scanLanes[Interlocked.Increment(ref nextScanLane) % (uint)scanLanes.Length];
        try
        {
            return await lane.Thread.RunAsync(() => Read(lane, scan), cancellationToken);
        }
        catch (SqliteFailureException failure)
        {
            throw failure.IsOutage
                ? new StorageUnavailableException($"The storage is unavailable (SQLite {failure.ExtendedCode}).")
                : new InvalidOperationException($"The database refused the request (SQLite {failure.ExtendedCode}).");
        }
    }

    private TResult Read<TResult>(SqliteLane lane, Func<SqliteReader, TResult> read)
    {
        KeyHash known = hash ?? throw new InvalidOperationException("The storage is not initialized.");
        lane.Reader ??= new SqliteReader(OpenConnection(readOnly: true), known, shared);
        try
        {
            return read(lane.Reader);
        }
        catch (SqliteFailureException failure) when (failure.IsOutage)
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
