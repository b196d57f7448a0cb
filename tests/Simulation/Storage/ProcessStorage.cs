using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Customer360.Rules.Audit;
using Customer360.Rules.Ports;
using Customer360.Rules.Privacy;
using Customer360.Simulation.World;
using Customer360.Storage;

namespace Customer360.Simulation.Storage;

/// <summary>
/// The storage ports as one process has them. Each operation is carried out later, at a moment that the world chooses, so
/// operations of different callers are committed in any order, and each has the fate that the faults give it.
/// </summary>
internal sealed partial class ProcessStorage(WorldLoop world, Process process, Disk disk, StorageFaults faults)
    : IEventLog,
        IDecisionLog,
        IGrainStateStore,
        IReminderStore,
        IQuarantine,
        IStateScan,
        ILeadList,
        IAudienceList,
        INameList,
        ISuppressionList,
        IErasureStore,
        IErasureLedger,
        IAuditLog,
        IStorageInitializer,
        IStorageHealth
{
    private readonly List<Operation> _underWay = [];

    /// <summary>Told of each committed write: its kind and key.</summary>
    public Action<string, string>? Committed { get; init; }

    /// <summary>Told when an append was refused.</summary>
    public Action? Fenced { get; init; }

    /// <summary>Told of each write that fails; true where it fails before the commit.</summary>
    public Action<bool>? Failed { get; init; }

    public bool HasOpenWrites => _underWay.Exists(operation => operation.IsOpenWrite);

    /// <summary>Ends with the process: what was under way is lost, or is on disk without anybody having been told.</summary>
    public int Die() => End(static _ => true);

    /// <summary>Called when the process is given up: what it has under way ends here, except what it appends to the log.</summary>
    public void CutOff() => End(static operation => operation.Kind != OperationNames.Append);

    private int End(Func<Operation, bool> ends)
    {
        int committed = 0;
        foreach (Operation operation in _underWay.Where(ends))
        {
            if (operation.IsOpenWrite && faults.IsCommittedAtDeath())
            {
                operation.Commit();
                committed++;
            }
        }

        _underWay.RemoveAll(operation => ends(operation));
        return committed;
    }

    public Task InitializeAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<StorageHealth> CheckAsync(CancellationToken cancellationToken) =>
        Task.FromResult(new StorageHealth(true, "simulated"));

    public Task<PartitionHead> OpenAsync(int partition, CancellationToken cancellationToken) =>
        Write("open", $"{partition}", () => disk.Open(partition), cancellationToken);

    public Task<AppendResult> AppendAsync(
        int partition,
        ImmutableArray<LogAppend> messages,
        CancellationToken cancellationToken
    ) =>
        Write(
            OperationNames.Append,
            $"{partition}",
            () =>
            {
                AppendResult result = disk.Append(partition, messages);
                if (result.Fenced)
                {
                    Fenced?.Invoke();
                }

                return result;
            },
            cancellationToken
        );

    public Task SaveCheckpointAsync(int partition, long position, CancellationToken cancellationToken) =>
        Write(
            "checkpoint",
            $"{partition}",
            () => Done(() => disk.SaveCheckpoint(partition, position)),
            cancellationToken
        );

    public Task<ImmutableArray<LogRow>> ReadPartitionAsync(
        int partition,
        long afterPosition,
        int limit,
        CancellationToken cancellationToken
    ) =>
        Read("partition", $"{partition}", () => disk.ReadPartition(partition, afterPosition, limit), cancellationToken);

    public Task<ImmutableArray<LogRow>> ReadAnchorAsync(
        string anchor,
        long afterPosition,
        int limit,
        CancellationToken cancellationToken
    ) => Read("anchor", anchor, () => disk.ReadAnchor(anchor, afterPosition, limit), cancellationToken);

    public Task<ImmutableArray<LogRow>> FindMessageAsync(string messageId, CancellationToken cancellationToken) =>
        Read("message", messageId, () => disk.FindMessage(messageId), cancellationToken);

    public Task<ImmutableArray<LogRow>> ReadTimelineAsync(TimelineQuery query, CancellationToken cancellationToken) =>
        Read("timeline", "", () => disk.ReadTimeline(query), cancellationToken);

    public async IAsyncEnumerable<DateTimeOffset> ReadTimesAsync(
        ImmutableArray<string> anchors,
        DateTimeOffset from,
        DateTimeOffset to,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var query = new TimelineQuery(anchors, from, to, Descending: false, int.MaxValue, After: null);
        foreach (LogRow row in await ReadTimelineAsync(query, cancellationToken))
        {
            yield return row.Timestamp;
        }
    }

    public Task AppendAsync(ImmutableArray<DecisionRecord> decisions, CancellationToken cancellationToken) =>
        Write(
            OperationNames.Decision,
            string.Join(',', decisions.Select(decision => decision.Kind)),
            () => Done(() => disk.AppendDecisions(decisions, AuditOf(decisions))),
            cancellationToken
        );

    public Task<DecisionRecord?> FindAsync(string id, CancellationToken cancellationToken) =>
        Read("decision", id, () => disk.FindDecision(id), cancellationToken);

    public Task<ImmutableArray<DecisionRecord>> ReadAsync(
        string customerId,
        DecisionCursor? after,
        int limit,
        CancellationToken cancellationToken
    ) => Read("decisions", customerId, () => disk.ReadDecisions(customerId, after, limit), cancellationToken);

    public Task<StoredState?> ReadAsync(string kind, string key, CancellationToken cancellationToken) =>
        Read(kind, key, () => disk.Read(kind, key), cancellationToken);

    public Task<long?> WriteAsync(
        string kind,
        string key,
        ReadOnlyMemory<byte> json,
        long expectedVersion,
        StateCompanions with,
        CancellationToken cancellationToken
    ) =>
        Write(
            kind,
            key,
            () => disk.Write(kind, key, json, expectedVersion, with, Records(with.Audit), world.UtcNow),
            cancellationToken
        );

    public Task<ImmutableArray<LeadRow>> ReadAsync(LeadQuery query, CancellationToken cancellationToken) =>
        Read("leads", "", () => disk.ReadLeads(query), cancellationToken);

    public Task<ImmutableArray<AudienceRow>> ReadAsync(
        string audience,
        string after,
        int limit,
        CancellationToken cancellationToken
    ) =>
        Read(
            "members",
            "",
            () =>
                disk
                    .Members.Where(row => row.Audience == audience && string.CompareOrdinal(row.CustomerId, after) > 0)
                    .OrderBy(row => row.CustomerId, StringComparer.Ordinal)
                    .Take(limit)
                    .ToImmutableArray(),
            cancellationToken
        );

    public Task<ImmutableArray<AudienceSize>> ReadSizesAsync(CancellationToken cancellationToken) =>
        Read(
            "members",
            "",
            () =>
                disk
                    .Members.GroupBy(row => row.Audience)
                    .OrderBy(group => group.Key, StringComparer.Ordinal)
                    .Select(group => new AudienceSize(group.Key, group.Count(), group.Count(row => row.IsHeldOut)))
                    .ToImmutableArray(),
            cancellationToken
        );

    public Task<long> CountBothAsync(string one, string other, CancellationToken cancellationToken) =>
        Read(
            "members",
            "",
            () =>
                disk
                    .Members.GroupBy(row => row.CustomerId)
                    .LongCount(rows => rows.Any(row => row.Audience == one) && rows.Any(row => row.Audience == other)),
            cancellationToken
        );

    public Task<ImmutableArray<AudienceChangeRow>> ReadChangesAsync(
        string audience,
        AudienceChangePlace after,
        int limit,
        CancellationToken cancellationToken
    ) =>
        Read(
            "members",
            "",
            () =>
                disk
                    .Moves.Where(move => move.Audience == audience)
                    .Select(move => move.Row)
                    .Where(row =>
                        row.Place.Number > after.Number
                        || (
                            row.Place.Number == after.Number
                            && string.CompareOrdinal(row.Place.CustomerId, after.CustomerId) > 0
                        )
                    )
                    .OrderBy(row => row.Place.Number)
                    .Take(limit)
                    .ToImmutableArray(),
            cancellationToken
        );

    public Task<long> ReadLastChangeAsync(CancellationToken cancellationToken) =>
        Read("members", "", () => disk.LastMove, cancellationToken);

    public Task AppendAsync(ImmutableArray<AuditEntry> entries, CancellationToken cancellationToken) =>
        Write("audit", "", () => Done(() => disk.AppendAudit(Records(entries))), cancellationToken);

    public Task<bool> ClearAsync(string kind, string key, long expectedVersion, CancellationToken cancellationToken) =>
        Write(kind, key, () => disk.Clear(kind, key, expectedVersion), cancellationToken);

    public Task<ImmutableArray<StoredReminder>> ReadAllAsync(CancellationToken cancellationToken) =>
        Read("reminders", "", () => disk.ReadReminders(), cancellationToken);

    public Task<StoredReminder?> ReadAsync(
        string grainType,
        string grainKey,
        string name,
        CancellationToken cancellationToken
    ) => Read("reminder", grainKey, () => disk.ReadReminder(grainType, grainKey, name), cancellationToken);

    public Task<ImmutableArray<StoredReminder>> ReadGrainAsync(
        string grainType,
        string grainKey,
        CancellationToken cancellationToken
    ) => Read("reminders", grainKey, () => disk.ReadReminders(grainType, grainKey), cancellationToken);

    public Task<long> UpsertAsync(StoredReminder reminder, CancellationToken cancellationToken) =>
        Write("reminder", reminder.GrainKey, () => disk.UpsertReminder(reminder), cancellationToken);

    public Task<bool> RemoveAsync(
        string grainType,
        string grainKey,
        string name,
        long expectedVersion,
        CancellationToken cancellationToken
    ) =>
        Write(
            "reminder",
            grainKey,
            () => disk.RemoveReminder(grainType, grainKey, name, expectedVersion),
            cancellationToken
        );

    public Task AddAsync(QuarantinedMessage message, CancellationToken cancellationToken) =>
        Write("quarantine", $"{message.Partition}", () => Done(() => disk.Quarantine(message)), cancellationToken);

    public Task<ImmutableArray<QuarantinedMessage>> ListAsync(
        QuarantineCursor? after,
        int limit,
        CancellationToken cancellationToken
    ) => Read("quarantine", "", () => disk.ListQuarantined(after, limit), cancellationToken);

    public Task<bool> RemoveAsync(int partition, long position, CancellationToken cancellationToken) =>
        Write("quarantine", $"{partition}", () => disk.RemoveQuarantined(partition, position), cancellationToken);

    public Task<ImmutableArray<ScannedState>> ReadPageAsync(
        string kind,
        string afterKey,
        int limit,
        CancellationToken cancellationToken
    ) => Read("scan", kind, () => disk.Scan(kind, afterKey, limit), cancellationToken);

    public Task<bool> AppendAsync(ImmutableArray<SuppressionEntry> entries, CancellationToken cancellationToken) =>
        Write("suppression", "", () => disk.Suppress(entries), cancellationToken);

    Task<ImmutableArray<SuppressionEntry>> ISuppressionList.ReadAsync(
        long afterSequence,
        int limit,
        CancellationToken cancellationToken
    ) => Read("suppressions", "", () => disk.ReadSuppressions(afterSequence, limit), cancellationToken);

    Task IErasureLedger.AppendAsync(ImmutableArray<SuppressionEntry> entries, CancellationToken cancellationToken) =>
        Write("ledger", "", static () => true, cancellationToken);

    public Task<ErasurePiece> EraseLogAsync(
        int partition,
        string after,
        ILogJudge judge,
        CancellationToken cancellationToken
    ) => Write("erase-log", $"{partition}", () => disk.EraseLog(partition, after, judge), cancellationToken);

    public Task<ErasurePiece> EraseDecisionsAsync(
        string after,
        IDecisionJudge judge,
        CancellationToken cancellationToken
    ) => Write("erase-decisions", "", () => disk.EraseDecisions(judge), cancellationToken);

    public Task SealAsync(ImmutableArray<ReadOnlyMemory<byte>> texts, CancellationToken cancellationToken) =>
        Write("seal", "", static () => true, cancellationToken);

    /// <summary>Made when they are asked for, as in the real store: the clock is the process's own.</summary>
    private ImmutableArray<AuditRecord> Records(ImmutableArray<AuditEntry> entries) =>
        [.. entries.Select(entry => new AuditRecord(entry, world.UtcNow))];

    private ImmutableArray<AuditRecord?> AuditOf(ImmutableArray<DecisionRecord> decisions) =>
        [
            .. decisions.Select(decision =>
                DecisionAudit.Of(decision, Disk.AuditHash) is { } entry ? new AuditRecord(entry, world.UtcNow) : null
            ),
        ];

    private static bool Done(Action action)
    {
        action();
        return true;
    }

    private Task<T> Read<T>(string kind, string key, Func<T> act, CancellationToken token) =>
        Submit(new Operation<T>(this, kind, key, isWrite: false, act), token);

    private Task<T> Write<T>(string kind, string key, Func<T> act, CancellationToken token) =>
        Submit(new Operation<T>(this, kind, key, isWrite: true, act), token);

    private Task<T> Submit<T>(Operation<T> operation, CancellationToken token)
    {
        if (token.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(token);
        }

        operation.Fate = faults.Next(
            operation.IsWrite,
            operation.Kind is OperationNames.Customer or OperationNames.Identifier
        );
        operation.CancelBy(token);
        _underWay.Add(operation);
        if (operation.Fate.Delay > TimeSpan.Zero)
        {
            world.Tell($"{process.Name}: {operation} will take {operation.Fate.Delay.TotalMilliseconds:0} ms");
            new WorldTimer(world, process, static state => ((Operation)state!).Become(), operation).Change(
                operation.Fate.Delay,
                Timeout.InfiniteTimeSpan
            );
        }
        else
        {
            operation.Become();
        }

        return operation.Task;
    }

    /// <summary>One operation under way.</summary>
    internal abstract class Operation(ProcessStorage storage, string kind, string key, bool isWrite) : IStep
    {
        private bool _isCommitted;

        public ulong Key => StableText.Hash(kind) ^ StableText.Hash(key);

        public string Kind => kind;

        public bool IsWrite => isWrite;

        public bool IsOpenWrite => isWrite && !_isCommitted;

        public OperationFate Fate { get; set; }

        /// <summary>It may be carried out from now on.</summary>
        public void Become() => storage.Ready(this);

        public void Commit()
        {
            _isCommitted = true;
            Act();
            if (isWrite)
            {
                storage.Committed?.Invoke(kind, key);
            }
        }

        public void Run()
        {
            if (_isCommitted)
            {
                End();
                return;
            }

            if (Fate.IsPoisoned)
            {
                storage.Tell($"{this} fails as a defect does");
                storage._underWay.Remove(this);
                Fail(new InvalidDataException("Simulated, and no outage."));
                return;
            }

            if (Fate.FailsBefore)
            {
                storage.Tell($"{this} fails, nothing stored");
                storage._underWay.Remove(this);
                if (isWrite)
                {
                    storage.Failed?.Invoke(true);
                }

                Fail(new StorageUnavailableException("Simulated, before the commit."));
                return;
            }

            Commit();
            if (Fate.AnswersLater)
            {
                storage.Tell($"{this} is stored, not answered yet");
                storage.Ready(this);
                return;
            }

            End();
        }

        public override string ToString() => $"{(isWrite ? "write" : "read")} {kind} {key}";

        protected abstract void Act();

        protected abstract void Answer();

        protected abstract void Fail(Exception error);

        private void End()
        {
            storage._underWay.Remove(this);
            if (Fate.FailsAfter)
            {
                storage.Tell($"{this} is stored, and fails");
                storage.Failed?.Invoke(false);
                Fail(new StorageUnavailableException("Simulated, after the commit."));
            }
            else
            {
                if (isWrite)
                {
                    storage.Tell(ToString());
                }

                Answer();
            }
        }
    }

    private void Ready(Operation operation) => world.Add(process, operation);

    private void Tell(string line) => world.Tell($"{process.Name}: {line}");

    private sealed class Operation<T>(ProcessStorage storage, string kind, string key, bool isWrite, Func<T> act)
        : Operation(storage, kind, key, isWrite)
    {
        private readonly TaskCompletionSource<T> _completion = new();
        private T? _result;

        public Task<T> Task => _completion.Task;

        public void CancelBy(CancellationToken token)
        {
            if (token.CanBeCanceled)
            {
                // It is as in the real pipelines: the wait ends, and the work may still be done.
                token.UnsafeRegister(
                    static (state, cancelled) => ((TaskCompletionSource<T>)state!).TrySetCanceled(cancelled),
                    _completion
                );
            }
        }

        protected override void Act() => _result = act();

        protected override void Answer() => _completion.TrySetResult(_result!);

        protected override void Fail(Exception error) => _completion.TrySetException(error);
    }
}

/// <summary>Kinds of operations that the simulation looks at.</summary>
internal static class OperationNames
{
    public const string Append = "append";
    public const string Decision = "decision";
    public const string Customer = "customer";
    public const string Identifier = "identifier";
}

/// <summary>A hash of text that is the same in every process.</summary>
internal static class StableText
{
    public static ulong Hash(string text)
    {
        ulong hash = 14695981039346656037;
        foreach (char one in text)
        {
            hash = (hash ^ one) * 1099511628211;
        }

        return hash;
    }
}
