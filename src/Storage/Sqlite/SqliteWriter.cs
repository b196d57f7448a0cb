using System.Text;
using Customer360.Rules.Ports;
using Customer360.Storage.Pipelines;
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

    private readonly SqliteConnection connection;
    private readonly KeyHash hash;
    private readonly EventLogTable log;
    private readonly StateTable states;
    private readonly DecisionTable decisions;
    private readonly ReminderTable reminders;
    private readonly QuarantineTable quarantine;
    private readonly SqliteCheckpointer checkpointer;
    private readonly SqliteStatement begin;
    private readonly SqliteStatement commit;
    private readonly List<Action> afterCommit = [];

    // The partitions' next positions as of the transaction under way: this process is the file's only writer.
    private readonly Dictionary<int, long> nextPositions = [];

    public SqliteWriter(
        SqliteConnection connection,
        KeyHash hash,
        SharedRecent shared,
        SqliteCheckpointer checkpointer,
        int recentRowsMax,
        Action<int> moved
    )
    {
        this.checkpointer = checkpointer;
        this.connection = connection;
        this.hash = hash;
        log = new EventLogTable(connection);
        states = new StateTable(connection);
        decisions = new DecisionTable(connection);
        reminders = new ReminderTable(connection);
        quarantine = new QuarantineTable(connection);
        Runs = new RunTables(connection);
        Index = new LogIndex(Runs, shared, recentRowsMax);
        begin = connection.Prepare("begin immediate");
        commit = connection.Prepare("commit");
        Index.Load();
        InTransaction(log.CreateTables);
        new RowLog(connection, log).Move(
            step =>
            {
                checkpointer.BeforeCommit(connection);
                InTransaction(step);
            },
            moved
        );
        log.ReadUnindexed(hash, Index);
    }

    public RunTables Runs { get; }

    public LogIndex Index { get; }

    public SqliteConnection Connection => connection;

    /// <summary>Told after a run was added, so that the merger looks whether there is work for it.</summary>
    public Action RunAdded { get; set; } = () => { };

    /// <summary>Does something once the transaction under way is committed, and only then.</summary>
    public void AfterCommit(Action action) => afterCommit.Add(action);

    /// <summary>Carries out all requests in one transaction.</summary>
    /// <exception cref="SqliteFailureException">Nothing was done.</exception>
    public void Commit(IReadOnlyList<PipelineWork> batch)
    {
        checkpointer.BeforeCommit(connection);
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
    }

    public void Dispose() => connection.Dispose();

    private void WriteRun()
    {
        InTransaction(() =>
        {
            IndexedRun run = Index.WriteRun();
            log.MarkIndexed();
            AfterCommit(() => Index.ReplaceRecent(run));
        });
        RunAdded();
    }

    private void InTransaction(Action action)
    {
        try
        {
            begin.Run();
            action();
            commit.Run();
        }
        catch
        {
            nextPositions.Clear();
            afterCommit.Clear();
            Index.Rollback();
            log.Rollback();
            connection.RollbackIfNeeded();
            throw;
        }

        Index.Commit();
        foreach (Action followUp in afterCommit)
        {
            followUp();
        }

        afterCommit.Clear();
    }

    private void Execute(PipelineWork request)
    {
        switch (request)
        {
            case AppendWork work:
                work.Result = Append(work);
                break;
            case StateWriteWork work:
                work.Result = states.Write(work.Kind, work.Key, work.Json.Span, work.ExpectedVersion);
                break;
            case StateClearWork work:
                work.Result = states.Delete(work.Kind, work.Key, work.ExpectedVersion);
                break;
            case CheckpointWork work:
                log.MoveCheckpoint(work.Partition, work.Position);
                break;
            case DecisionsWork work:
                foreach (DecisionRecord decision in work.Decisions)
                {
                    decisions.Insert(decision);
                }

                break;
            case OpenPartitionWork work:
                log.CreatePartition(work.Partition);
                work.Result = log.ReadPartition(work.Partition);
                break;
            case ReminderUpsertWork work:
                work.Result = reminders.Upsert(work.Reminder);
                break;
            case ReminderRemoveWork work:
                work.Result = reminders.Delete(work.GrainType, work.GrainKey, work.Name, work.ExpectedVersion);
                break;
            case QuarantineAddWork work:
                quarantine.Insert(work.Message);
                break;
            case QuarantineRemoveWork work:
                work.Result = quarantine.Delete(work.Partition, work.Position);
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
            long messageHash = hash.OfMessage(work.Partition, message.MessageId);
            long known = FindMessage(work.Partition, message.MessageId, messageHash);
            if (known != 0)
            {
                duplicates ??= new long[work.Messages.Length];
                duplicates[index] = known;
                continue;
            }

            long id = LogId.Of(work.Partition, message.Position);
            long microseconds = StorageTime.ToMicroseconds(message.Timestamp);
            log.Insert(id, message, microseconds);
            Index.Stage(
                new MessageEntry(messageHash, id),
                new AnchorEntry(hash.OfAnchor(message.Anchor), microseconds, id)
            );
        }

        log.FlushInserts();
        log.SetNextPosition(work.Partition, work.NextPosition);
        nextPositions[work.Partition] = work.NextPosition;
        return duplicates is null
            ? AppendWork.AllStored(work.Messages.Length)
            : new AppendResult(Fenced: false, [.. duplicates]);
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
            if (LogId.Partition(id) == partition && log.HoldsMessage(id, sought))
            {
                return LogId.Position(id);
            }
        }

        return 0;
    }

    /// <summary>0 for a partition that was never opened, so that every append to it is fenced.</summary>
    private long NextPosition(int partition)
    {
        if (nextPositions.TryGetValue(partition, out long known))
        {
            return known;
        }

        return log.ReadPartition(partition)?.NextPosition ?? 0;
    }

    private void Probe(DateTimeOffset at)
    {
        using SqliteStatement statement = connection.PrepareOnce(ProbeSql);
        statement.Bind(1, StorageTime.ToMicroseconds(at)).Run();
    }
}
