using System.Collections.Immutable;
using Customer360.Rules.Audit;
using Customer360.Rules.Ports;
using Customer360.Storage.Pipelines;
using Customer360.Storage.Postgres.Tables;
using Customer360.Storage.Schema;
using Npgsql;

namespace Customer360.Storage.Postgres;

/// <summary>The storage in PostgreSQL: a writing connection per lane, some reading ones, each with its prepared statements.</summary>
internal sealed partial class PostgresBackend : IStorageBackend
{
    private readonly NpgsqlDataSource _lanes;
    private readonly NpgsqlDataSource _scans;
    private readonly PostgresLane[] _writers;
    private readonly PostgresLane[] _readers;
    private readonly PostgresOpening _opening;
    private readonly PipelineWatch _scansWatch;
    private readonly TimeProvider _time;
    private readonly CommitPipelineReference _commits;
    private readonly byte[]? _auditKey;
    private RemovedHash? _removed;
    private volatile bool _opened;

    public PostgresBackend(PostgresStorageOptions options, CommitPipelineReference commits, TimeProvider time)
    {
        this._commits = commits;
        _scansWatch = commits.Scans;
        this._time = time;
        _auditKey = options.AuditKey;
        _opening = new PostgresOpening(options);
        _lanes = options.CreateDataSource(pooled: false);
        _scans = options.CreateDataSource(pooled: true);
        _writers = [.. Enumerable.Range(0, options.CommitLanes).Select(_ => new PostgresLane(_lanes))];
        _readers = [.. Enumerable.Range(0, options.ReadLanes).Select(_ => new PostgresLane(_lanes))];
    }

    public int CommitLanes => _writers.Length;

    public async Task<byte[]> OpenAsync(CancellationToken cancellationToken)
    {
        await PostgresSchema.MigrateAsync(_scans, MigrationSet.Load("Postgres"), _time, cancellationToken);
        _removed = new RemovedHash(await ReadSaltAsync(cancellationToken));
        byte[] key =
            _auditKey
            ?? (
                await ScanOnceAsync(AuditTable.ReadKey(), reader => reader.GetFieldValue<byte[]>(0), cancellationToken)
            )[0];
        _opened = true;
        return key;
    }

    public Task StopMaintenanceAsync() => Task.CompletedTask;

    public async ValueTask CommitAsync(int lane, IReadOnlyList<PipelineWork> batch)
    {
        RequireOpened();
        List<PostgresStep> steps = PostgresPlan.Writes(batch, _removed!);
        await _writers[lane].RunAsync(steps);
        List<PostgresStep> questions =
        [
            .. steps
                .OfType<EventLogTable.AppendStep>()
                .SelectMany(step => step.WithDuplicates)
                .Select(work => new EventLogTable.PositionsStep(work, _removed!)),
        ];
        if (questions.Count > 0)
        {
            await AskAfterCommitAsync(lane, questions);
        }
    }

    public async ValueTask ReadAsync(int lane, IReadOnlyList<PipelineWork> batch)
    {
        RequireOpened();
        bool stale = _readers[lane].IsUsed;
        try
        {
            await _readers[lane].RunAsync(PostgresPlan.Reads(batch));
        }
        catch (Exception exception) when (stale && Classify(exception).Kind == FailureKind.Outage)
        {
            // The server may have been restarted since the connection was made; a read can be asked again.
            await _readers[lane].RunAsync(PostgresPlan.Reads(batch));
        }
    }

    public StorageFailure Classify(Exception exception) => PostgresFailures.Classify(exception);

    public OpeningFailure? ExplainOpening(Exception exception) => _opening.Explain(exception);

    public Task<ImmutableArray<LogRow>> ReadPartitionAsync(
        int partition,
        long afterPosition,
        int limit,
        CancellationToken cancellationToken
    ) =>
        ScanAsync(
            () => EventLogTable.ReadPartition(partition, afterPosition, limit),
            reader => EventLogTable.ReadRow(reader),
            cancellationToken
        );

    public Task<ImmutableArray<ScannedState>> ReadStatesAsync(
        string kind,
        string afterKey,
        int limit,
        CancellationToken cancellationToken
    ) => ScanAsync(() => StateTable.ReadPage(kind, afterKey, limit), StateTable.ReadRow, cancellationToken);

    public Task<ImmutableArray<LogRow>> ReadTimelineAsync(TimelineQuery query, CancellationToken cancellationToken) =>
        ScanAsync(() => EventLogTable.ReadTimeline(query), reader => EventLogTable.ReadRow(reader), cancellationToken);

    public Task<ImmutableArray<TimelineCursor>> ReadTimesAsync(
        TimelineQuery query,
        CancellationToken cancellationToken
    ) =>
        ScanAsync(
            () => EventLogTable.ReadTimes(query),
            reader => new TimelineCursor(
                PostgresTime.Read(reader.GetDateTime(0)),
                reader.GetInt32(1),
                reader.GetInt64(2)
            ),
            cancellationToken
        );

    public Task<ImmutableArray<DecisionRecord>> ReadDecisionsAsync(
        string customerId,
        DecisionCursor? after,
        int limit,
        CancellationToken cancellationToken
    ) => ScanAsync(() => DecisionTable.Read(customerId, after, limit), DecisionTable.ReadRow, cancellationToken);

    public async Task<DecisionRecord?> FindDecisionAsync(string id, CancellationToken cancellationToken)
    {
        ImmutableArray<DecisionRecord> found = await ScanAsync(
            () => DecisionTable.Find(id),
            DecisionTable.ReadRow,
            cancellationToken
        );
        return found.IsEmpty ? null : found[0];
    }

    public Task<ImmutableArray<StoredReminder>> ReadRemindersAsync(
        ReminderFilter filter,
        CancellationToken cancellationToken
    ) => ScanAsync(() => ReminderTable.Read(filter), ReminderTable.ReadRow, cancellationToken);

    public Task<ImmutableArray<QuarantinedMessage>> ReadQuarantineAsync(
        QuarantineCursor? after,
        int limit,
        CancellationToken cancellationToken
    ) => ScanAsync(() => QuarantineTable.Read(after, limit), QuarantineTable.ReadRow, cancellationToken);

    public Task<ImmutableArray<LeadRow>> ReadLeadsAsync(LeadQuery query, CancellationToken cancellationToken) =>
        ScanAsync(() => LeadTable.Read(query), LeadTable.ReadRow, cancellationToken);

    public Task<ImmutableArray<AudienceRow>> ReadMembersAsync(
        string audience,
        string after,
        int limit,
        CancellationToken cancellationToken
    ) => ScanAsync(() => AudienceTable.Read(audience, after, limit), AudienceTable.ReadRow, cancellationToken);

    public Task<ImmutableArray<AudienceSize>> ReadAudienceSizesAsync(CancellationToken cancellationToken) =>
        ScanAsync(AudienceTable.ReadSizes, AudienceTable.ReadSize, cancellationToken);

    public async Task<long> CountInBothAsync(string one, string other, CancellationToken cancellationToken) =>
        (await ScanAsync(() => AudienceTable.CountBoth(one, other), reader => reader.GetInt64(0), cancellationToken))[
            0
        ];

    public Task<ImmutableArray<AudienceChangeRow>> ReadMemberChangesAsync(
        string audience,
        AudienceChangePlace after,
        int limit,
        CancellationToken cancellationToken
    ) =>
        ScanAsync(() => AudienceTable.ReadChanges(audience, after, limit), AudienceTable.ReadChange, cancellationToken);

    public async Task<long> ReadLastMemberChangeAsync(CancellationToken cancellationToken) =>
        (await ScanAsync(AudienceTable.ReadLastChange, reader => reader.GetInt64(0), cancellationToken))[0];

    public Task<ImmutableArray<DeliveryRow>> ReadDeliveriesAsync(
        DeliveryQuery query,
        CancellationToken cancellationToken
    ) => ScanAsync(() => OutboxTable.Read(query), OutboxTable.ReadRow, cancellationToken);

    public async Task<OutboxStanding> ReadOutboxStandingAsync(
        string destination,
        CancellationToken cancellationToken
    ) =>
        (await ScanAsync(() => OutboxTable.ReadStanding(destination), OutboxTable.ReadStandingRow, cancellationToken))[
            0
        ];

    public async Task<(DateTimeOffset? OldestAt, DateTimeOffset? NextAt)> ReadOutboxNextAsync(
        string destination,
        CancellationToken cancellationToken
    ) => (await ScanAsync(() => OutboxTable.ReadNext(destination), OutboxTable.ReadNextRow, cancellationToken))[0];

    public Task<ImmutableArray<AuditRow>> ReadAuditAsync(
        int? chain,
        long before,
        int limit,
        CancellationToken cancellationToken
    ) => ScanAsync(() => AuditTable.ReadBack(chain, before, limit), AuditTable.ReadRow, cancellationToken);

    public async Task<AuditHead> ReadAuditHeadAsync(CancellationToken cancellationToken) =>
        AuditHead.Of(await ScanAsync(AuditTable.ReadHeads, AuditTable.ReadHead, cancellationToken));

    public async ValueTask DisposeAsync()
    {
        foreach (PostgresLane lane in _writers.Concat(_readers))
        {
            await lane.DisposeAsync();
        }

        await _lanes.DisposeAsync();
        await _scans.DisposeAsync();
    }

    private void RequireOpened()
    {
        if (!_opened)
        {
            throw new InvalidOperationException("The storage is not initialized.");
        }
    }

    /// <summary>Asks where duplicates are stored. The transaction is committed: no failure here may repeat it.</summary>
    private async Task AskAfterCommitAsync(int lane, List<PostgresStep> questions)
    {
        try
        {
            await _writers[lane].RunAsync(questions);
        }
        catch (Exception)
        {
            throw new UnknownOutcomeException();
        }
    }

    private async Task<ImmutableArray<TRow>> ScanAsync<TRow>(
        Func<NpgsqlBatchCommand> command,
        Func<NpgsqlDataReader, TRow> readRow,
        CancellationToken cancellationToken
    )
    {
        RequireOpened();
        StorageFailure failure;
        try
        {
            try
            {
                return await ScanOnceAsync(command(), readRow, cancellationToken);
            }
            catch (NpgsqlException exception) when (Classify(exception).Kind == FailureKind.Outage)
            {
                // A pooled connection may be from before a restart of the server; the second one is new.
                _scans.Clear();
                return await ScanOnceAsync(command(), readRow, cancellationToken);
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _scans.Clear();
            failure = Classify(exception);
        }

        _scansWatch.Failed(failure, requests: 1);
        throw failure.ToException();
    }

    private async Task<ImmutableArray<TRow>> ScanOnceAsync<TRow>(
        NpgsqlBatchCommand command,
        Func<NpgsqlDataReader, TRow> readRow,
        CancellationToken cancellationToken
    )
    {
        await using NpgsqlConnection connection = await _scans.OpenConnectionAsync(cancellationToken);
        await using NpgsqlBatch batch = new(connection);
        batch.BatchCommands.Add(command);
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        ImmutableArray<TRow>.Builder rows = ImmutableArray.CreateBuilder<TRow>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(readRow(reader));
        }

        return rows.DrainToImmutable();
    }
}
