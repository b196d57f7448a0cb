using System.Text;
using Customer360.Rules.Ports;
using Customer360.Storage.Pipelines;
using Customer360.Storage.Sqlite.Erasure;
using Customer360.Storage.Sqlite.Runs;
using Customer360.Storage.Sqlite.Tables;
using Customer360.Storage.Work;

namespace Customer360.Storage.Sqlite;

/// <summary>Carries out batches of writes on the one writing connection. Used by one thread.</summary>
internal sealed class SqliteWriter : IDisposable
{
    private const string ProbeSql = """
        insert into storage_probe (id, probed_at) values (1, ?1) on conflict do update set probed_at = excluded.probed_at
        """;

    private readonly SqliteConnection _connection;
    private readonly KeyHash _hash;
    private readonly EventLogTable _log;
    private readonly StateTable _states;
    private readonly DecisionTable _decisions;
    private readonly ReminderTable _reminders;
    private readonly QuarantineTable _quarantine;
    private readonly AuditTable _audit;
    private readonly LeadTable _leads;
    private readonly AudienceTable _audiences;
    private readonly NameTable _names;
    private readonly OutboxTable _outbox;
    private readonly SqliteCheckpointer _checkpointer;
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _commit;
    private readonly List<Action> _afterCommit = [];

    // These are the partitions' next positions as the transaction under way sees them; nobody else writes the file.
    private readonly Dictionary<int, long> _nextPositions = [];

    public SqliteWriter(
        SqliteConnection connection,
        KeyHash hash,
        SharedRecent shared,
        SqliteCheckpointer checkpointer,
        int recentRowsMax,
        Action<int> moved
    )
    {
        this._checkpointer = checkpointer;
        this._connection = connection;
        this._hash = hash;
        _log = new EventLogTable(connection);
        _states = new StateTable(connection);
        _decisions = new DecisionTable(connection);
        _reminders = new ReminderTable(connection);
        _quarantine = new QuarantineTable(connection);
        Suppressions = new SuppressionTable(connection);
        Shared = shared;
        _audit = new AuditTable(connection);
        _leads = new LeadTable(connection);
        _audiences = new AudienceTable(connection);
        _names = new NameTable(connection);
        _outbox = new OutboxTable(connection);
        Runs = new RunTables(connection);
        Index = new LogIndex(Runs, shared, recentRowsMax);
        _begin = connection.Prepare("begin immediate");
        _commit = connection.Prepare("commit");
        Index.Load();
        InTransaction(_log.CreateTables);
        new RowLog(connection, _log).Move(
            step =>
            {
                checkpointer.BeforeCommit(connection);
                InTransaction(step);
            },
            moved
        );
        _log.ReadUnindexed(hash, Index);
        using SqliteStatement removed = connection.PrepareOnce(
            "select 1 from storage_setting where name = 'has_removed'"
        );
        shared.HasRemoved = removed.Step();
    }

    public RunTables Runs { get; }

    public EventLogTable Log => _log;

    public SuppressionTable Suppressions { get; }

    public SharedRecent Shared { get; }

    public LogIndex Index { get; }

    public SqliteConnection Connection => _connection;

    /// <summary>Called after a run was added, so that the merger looks whether there is work for it.</summary>
    public Action RunAdded { get; set; } = () => { };

    /// <summary>Does something once the transaction under way is committed, and only then.</summary>
    public void AfterCommit(Action action) => _afterCommit.Add(action);

    /// <summary>Carries out all requests in one transaction.</summary>
    /// <exception cref="SqliteFailureException">Nothing was done.</exception>
    public void Commit(IReadOnlyList<PipelineWork> batch)
    {
        _checkpointer.BeforeCommit(_connection);
        if (Index.IsFull)
        {
            WriteRun();
        }

        InTransaction(() =>
        {
            for (int index = 0; index < batch.Count; index++)
            {
                Execute(batch[index]);
            }
        });
        for (int index = 0; index < batch.Count; index++)
        {
            if (batch[index] is IOutsideWork work)
            {
                work.ExecuteOutside(_connection);
            }
        }
    }

    public void Dispose() => _connection.Dispose();

    private void WriteRun()
    {
        InTransaction(() =>
        {
            IndexedRun run = Index.WriteRun();
            _log.MarkIndexed();
            AfterCommit(() => Index.ReplaceRecent(run));
        });
        RunAdded();
    }

    private void InTransaction(Action action)
    {
        try
        {
            _begin.Run();
            action();
            _commit.Run();
        }
        catch
        {
            _nextPositions.Clear();
            _afterCommit.Clear();
            Index.Rollback();
            _log.Rollback();
            _audit.Rollback();
            _connection.RollbackIfNeeded();
            throw;
        }

        Index.Commit();
        foreach (Action followUp in _afterCommit)
        {
            followUp();
        }

        _afterCommit.Clear();
    }

    private void Execute(PipelineWork request)
    {
        switch (request)
        {
            case AppendWork work:
                work.Result = Append(work);
                break;
            case StateWriteWork work:
                Write(work);
                break;
            case StateClearWork work:
                work.Result = _states.Delete(work.Kind, work.Key, work.ExpectedVersion);
                if (work.Result)
                {
                    _leads.Delete(work.Kind, work.Key);
                }

                break;
            case CheckpointWork work:
                _log.MoveCheckpoint(work.Partition, work.Position);
                break;
            case DecisionsWork work:
                Append(work);
                break;
            case AuditWork work:
                _audit.Append(work.Audit);
                break;
            case OpenPartitionWork work:
                _log.CreatePartition(work.Partition);
                work.Result = _log.ReadPartition(work.Partition);
                break;
            case ReminderUpsertWork work:
                work.Result = _reminders.Upsert(work.Reminder);
                break;
            case ReminderRemoveWork work:
                work.Result = _reminders.Delete(work.GrainType, work.GrainKey, work.Name, work.ExpectedVersion);
                break;
            case QuarantineAddWork work:
                _quarantine.Insert(work.Message);
                break;
            case QuarantineRemoveWork work:
                work.Result = _quarantine.Delete(work.Partition, work.Position);
                break;
            case DecisionErasureWork work:
                foreach (string id in work.Removed)
                {
                    _decisions.Delete(id);
                }

                foreach (DecisionRecord decision in work.Replaced)
                {
                    _decisions.Update(decision);
                }

                break;
            case SuppressWork work:
                work.Result = Suppressions.Append(work.Entries);
                break;
            case OutboxTakeWork work:
                work.Result = _outbox.Take(work);
                break;
            case OutboxSettleWork work:
                work.Result = _outbox.Settle(work);
                break;
            case OutboxReplayWork work:
                work.Result = _outbox.Replay(work);
                break;
            case OutboxTrimWork work:
                work.Result = _outbox.Trim(work);
                break;
            case ProbeWork work:
                Probe(work.At);
                break;
            case ISqliteWork work:
                work.Execute(this);
                break;
            default:
                throw UnknownWork.Refuse(request);
        }
    }

    private AppendResult Append(AppendWork work)
    {
        if (NextPosition(work.Partition) != work.FirstPosition)
        {
            return AppendWork.FencedResult;
        }

        long[]? duplicates = null;
        for (int index = 0; index < work.Messages.Length; index++)
        {
            LogAppend message = work.Messages[index];
            long messageHash = _hash.OfMessage(work.Partition, message.MessageId);
            long known = FindMessage(work.Partition, message.MessageId, messageHash);
            if (known != 0)
            {
                duplicates ??= new long[work.Messages.Length];
                duplicates[index] = known;
                continue;
            }

            long id = LogId.Of(work.Partition, message.Position);
            long microseconds = StorageTime.ToMicroseconds(message.Timestamp);
            _log.Insert(id, message, microseconds);
            Index.Stage(
                new MessageEntry(messageHash, id),
                new AnchorEntry(_hash.OfAnchor(message.Anchor), microseconds, id)
            );
        }

        _log.FlushInserts();
        _log.SetNextPosition(work.Partition, work.NextPosition);
        _nextPositions[work.Partition] = work.NextPosition;
        return duplicates is null
            ? AppendWork.AllStored(work.Messages.Length)
            : new AppendResult(Fenced: false, [.. duplicates]);
    }

    /// <summary>What goes with a state is written if the state is.</summary>
    private void Write(StateWriteWork work)
    {
        work.Result = _states.Write(work.Kind, work.Key, work.Json.Span, work.ExpectedVersion);
        if (work.Result is null)
        {
            return;
        }

        _audit.Append(work.Audit);
        _outbox.Insert(work.Outbox);
        foreach (StateListing listing in work.Listings)
        {
            switch (listing)
            {
                case LeadListing { Row: { } row }:
                    _leads.Upsert(work.Kind, row);
                    break;
                case LeadListing:
                    _leads.Delete(work.Kind, work.Key);
                    break;
                case AudienceListing members:
                    _audiences.Replace(work.Key, members.Rows);
                    break;
                case NameListing names:
                    _names.Replace(work.Key, names.Rows);
                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>A decision and its audit record are one write: there is never one without the other.</summary>
    private void Append(DecisionsWork work)
    {
        for (int index = 0; index < work.Decisions.Length; index++)
        {
            if (_decisions.Insert(work.Decisions[index]))
            {
                _audit.Append(work.Audit[index]);
            }
        }
    }

    /// <summary>The position of the stored message with this id; 0 where there is none.</summary>
    private long FindMessage(int partition, string messageId, long messageHash)
    {
        List<long> candidates = Index.FindCandidates(messageHash);
        if (candidates.Count == 0)
        {
            return 0;
        }

        byte[] sought = Encoding.UTF8.GetBytes(messageId);
        foreach (long id in candidates)
        {
            if (LogId.Partition(id) == partition && _log.HoldsMessage(id, sought, _hash))
            {
                return LogId.Position(id);
            }
        }

        return 0;
    }

    /// <summary>0 for a partition that was never opened, so that every append to it is fenced.</summary>
    private long NextPosition(int partition)
    {
        if (_nextPositions.TryGetValue(partition, out long known))
        {
            return known;
        }

        return _log.ReadPartition(partition)?.NextPosition ?? 0;
    }

    private void Probe(DateTimeOffset at)
    {
        using SqliteStatement statement = _connection.PrepareOnce(ProbeSql);
        statement.Bind(1, StorageTime.ToMicroseconds(at)).Run();
    }
}
