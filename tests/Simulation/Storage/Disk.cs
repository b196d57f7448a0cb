using System.Collections.Immutable;
using System.Globalization;
using Customer360.Rules.Audit;
using Customer360.Rules.Ports;
using Customer360.Rules.Privacy;

namespace Customer360.Simulation.Storage;

/// <summary>
/// What is stored and survives every process. Each method is one committed transaction, with the semantics that the ports
/// promise (src/Rules/Ports) and the real stores have (tests/Storage.Tests).
/// </summary>
internal sealed class Disk
{
    private readonly SortedDictionary<int, PartitionLog> _log = [];
    private readonly Dictionary<(string Kind, string Key), StoredState> _states = [];
    private readonly Dictionary<string, DecisionRecord> _decisions = new(StringComparer.Ordinal);
    private readonly List<DecisionRecord> _decisionsByCommit = [];
    private readonly Dictionary<(string Type, string Key, string Name), StoredReminder> _reminders = [];
    private readonly SortedDictionary<(int Partition, long Position), QuarantinedMessage> _quarantine = [];
    private readonly List<SuppressionEntry> _suppressions = [];
    private readonly SortedDictionary<string, (string Kind, LeadRow Row)> _leads = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, ImmutableArray<AudienceRow>> _members = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Audience, string CustomerId), AudienceChangeRow> _moves = [];

    // Few, so that a pass has several pieces and may be broken off between them.
    private const int ErasedAtOnce = 5;

    private readonly HashSet<string> _auditIds = new(StringComparer.Ordinal);
    private readonly List<AuditRow> _audit = [];
    private readonly AuditChains _chains = new();

    /// <summary>Its key is no secret here: what it hides is made up.</summary>
    public static AuditHash AuditHash { get; } = new(new byte[AuditHash.KeyLengthMin]);

    /// <summary>Told of each write of a state, when it and its audit records are stored: its kind, key and JSON.</summary>
    public Action<string, string, ReadOnlyMemory<byte>>? Written { get; set; }

    /// <summary>The audit log, in the order of writing.</summary>
    public IReadOnlyList<AuditRow> Audit => _audit;

    /// <summary>All, in the order in which they were stored.</summary>
    public IReadOnlyList<DecisionRecord> Decisions => _decisionsByCommit;

    public IEnumerable<LogRow> Log => _log.Values.SelectMany(partition => partition.Rows);

    public IReadOnlyCollection<StoredReminder> Reminders => _reminders.Values;

    public IReadOnlyCollection<QuarantinedMessage> Quarantined => _quarantine.Values;

    /// <summary>Keys and states of a kind, by key.</summary>
    public IEnumerable<(string Key, StoredState State)> States(string kind) =>
        _states
            .Where(one => one.Key.Kind == kind)
            .Select(one => (one.Key.Key, one.Value))
            .OrderBy(one => one.Key, StringComparer.Ordinal);

    public PartitionHead Open(int partition)
    {
        PartitionLog log = PartitionOf(partition);
        return new PartitionHead(partition, log.Next, log.Checkpoint);
    }

    public AppendResult Append(int partition, ImmutableArray<LogAppend> messages)
    {
        PartitionLog log = PartitionOf(partition);
        if (messages[0].Position != log.Next)
        {
            return new AppendResult(Fenced: true, []);
        }

        var duplicates = ImmutableArray.CreateBuilder<long>(messages.Length);
        foreach (LogAppend message in messages)
        {
            duplicates.Add(log.Add(partition, message));
        }

        log.Next += messages.Length;
        return new AppendResult(Fenced: false, duplicates.MoveToImmutable());
    }

    public void SaveCheckpoint(int partition, long position)
    {
        PartitionLog log = PartitionOf(partition);
        log.Checkpoint = Math.Max(log.Checkpoint, position);
    }

    public ImmutableArray<LogRow> ReadPartition(int partition, long after, int limit) =>
        [.. PartitionOf(partition).Rows.Where(row => row.Position > after).Take(limit)];

    public ImmutableArray<LogRow> ReadAnchor(string anchor, long after, int limit) =>
        [.. Log.Where(row => row.Anchor == anchor && row.Position > after).Take(limit)];

    public ImmutableArray<LogRow> FindMessage(string messageId) => [.. Log.Where(row => row.MessageId == messageId)];

    public ImmutableArray<LogRow> ReadTimeline(TimelineQuery query)
    {
        IEnumerable<LogRow> rows = Log.Where(row =>
                query.Anchors.Contains(row.Anchor) && row.Timestamp >= query.From && row.Timestamp < query.To
            )
            .OrderBy(row => (row.Timestamp, row.Partition, row.Position));
        rows = query.Descending ? rows.Reverse() : rows;
        if (query.After is { } after)
        {
            (DateTimeOffset, int, long) place = (after.Timestamp, after.Partition, after.Position);
            int sign = query.Descending ? -1 : 1;
            rows = rows.Where(row => (row.Timestamp, row.Partition, row.Position).CompareTo(place) * sign > 0);
        }

        return [.. rows.Take(query.Limit)];
    }

    public StoredState? Read(string kind, string key) => _states.GetValueOrDefault((kind, key));

    public long? Write(
        string kind,
        string key,
        ReadOnlyMemory<byte> json,
        long expected,
        StateCompanions? with = null,
        ImmutableArray<AuditRecord> audit = default,
        DateTimeOffset now = default
    )
    {
        long stored = Read(kind, key)?.Version ?? 0;
        if (stored != expected)
        {
            return null;
        }

        _states[(kind, key)] = new StoredState(json.ToArray(), stored + 1);
        AppendAudit(audit.IsDefault ? [] : audit);
        if (with is not null)
        {
            Outbox.Insert(with.Outbox, now);
        }

        foreach (StateListing listing in with?.Listings ?? [])
        {
            List(kind, key, listing);
        }

        Written?.Invoke(kind, key, json);
        return stored + 1;
    }

    private void List(string kind, string key, StateListing listing)
    {
        switch (listing)
        {
            case LeadListing { Row: { } row }:
                _leads[key] = (kind, row);
                break;
            case LeadListing:
                Unlist(kind, key);
                break;
            case AudienceListing members:
                NoteMoves(key, _members.GetValueOrDefault(key, []), members.Rows);
                _members[key] = members.Rows;
                break;
            case NameListing names:
                Names.Replace(key, names.Rows);
                break;
            default:
                break;
        }
    }

    /// <summary>The list of names.</summary>
    public NamesOfDisk Names { get; } = new();

    private void NoteMoves(string customerId, ImmutableArray<AudienceRow> before, ImmutableArray<AudienceRow> after)
    {
        LastMove++;
        var place = new AudienceChangePlace(LastMove, customerId);
        foreach (AudienceRow left in before.Where(row => after.All(one => one.Audience != row.Audience)))
        {
            _moves[(left.Audience, customerId)] = new AudienceChangeRow(place, false, left.Since, left.IsHeldOut);
        }

        foreach (AudienceRow entered in after.Where(row => before.All(one => one.Audience != row.Audience)))
        {
            _moves[(entered.Audience, customerId)] = new AudienceChangeRow(
                place,
                true,
                entered.Since,
                entered.IsHeldOut
            );
        }
    }

    public bool Clear(string kind, string key, long expected)
    {
        if (Read(kind, key)?.Version != expected)
        {
            return false;
        }

        Unlist(kind, key);
        return _states.Remove((kind, key));
    }

    /// <summary>The list of the audiences' members.</summary>
    public IEnumerable<AudienceRow> Members => _members.Values.SelectMany(rows => rows);

    /// <summary>What waits for destinations, and what became of it.</summary>
    public OutboxOfDisk Outbox { get; } = new();

    /// <summary>Who entered an audience or left it last, by audience and customer.</summary>
    public IEnumerable<(string Audience, AudienceChangeRow Row)> Moves =>
        _moves.Select(one => (one.Key.Audience, one.Value));

    public long LastMove { get; private set; }

    /// <summary>The list of leads, by id.</summary>
    public IEnumerable<LeadRow> Leads => _leads.Values.Select(one => one.Row);

    public ImmutableArray<LeadRow> ReadLeads(LeadQuery query) =>
        [
            .. Leads
                .Where(row => IsMeant(row, query))
                .OrderByDescending(row => row.CreatedAt)
                .ThenBy(row => row.LeadId, StringComparer.Ordinal)
                .Take(query.Limit),
        ];

    public ImmutableArray<ScannedState> Scan(string kind, string after, int limit) =>
        [
            .. States(kind)
                .Where(one => string.CompareOrdinal(one.Key, after) > 0)
                .Take(limit)
                .Select(one => new ScannedState(one.Key, one.State.Json)),
        ];

    /// <param name="decisions">Each is stored with its audit record, or neither is.</param>
    /// <param name="audit">Of each decision its record.</param>
    public void AppendDecisions(ImmutableArray<DecisionRecord> decisions, ImmutableArray<AuditRecord?> audit)
    {
        for (int index = 0; index < decisions.Length; index++)
        {
            DecisionRecord decision = decisions[index];
            if (_decisions.TryAdd(decision.Id, decision))
            {
                _decisionsByCommit.Add(decision);
                AppendAudit([.. audit.Skip(index).Take(1).OfType<AuditRecord>()]);
            }
        }
    }

    public void AppendAudit(ImmutableArray<AuditRecord> records)
    {
        foreach (AuditRecord record in records)
        {
            AuditEntry entry = record.Entry;
            bool isOfDecision = entry.Action.StartsWith(AuditChain.DecisionPrefix, StringComparison.Ordinal);
            if (isOfDecision || _auditIds.Add(entry.Id))
            {
                byte[] bytes = record.Write();
                AuditChainHead place = _chains.Add(AuditChain.Of(entry), bytes);
                _audit.Add(new AuditRow(_audit.Count + 1, place.Chain, place.Size, place.Hash, bytes));
            }
        }
    }

    public DecisionRecord? FindDecision(string id) => _decisions.GetValueOrDefault(id);

    public ImmutableArray<DecisionRecord> ReadDecisions(string customerId, DecisionCursor? after, int limit) =>
        [
            .. _decisionsByCommit
                .Where(one => one.CustomerId == customerId || one.OtherCustomerId == customerId)
                .OrderBy(one => one.At)
                .ThenBy(one => one.Id, StringComparer.Ordinal)
                .Where(one =>
                    after is null
                    || one.At > after.At
                    || (one.At == after.At && string.CompareOrdinal(one.Id, after.Id) > 0)
                )
                .Take(limit),
        ];

    public ImmutableArray<StoredReminder> ReadReminders(string? type = null, string? key = null) =>
        [
            .. _reminders
                .Values.Where(one => (type is null || one.GrainType == type) && (key is null || one.GrainKey == key))
                .OrderBy(one => (one.GrainType, one.GrainKey, one.Name)),
        ];

    public StoredReminder? ReadReminder(string type, string key, string name) =>
        _reminders.GetValueOrDefault((type, key, name));

    public long UpsertReminder(StoredReminder reminder)
    {
        long version = (ReadReminder(reminder.GrainType, reminder.GrainKey, reminder.Name)?.Version ?? 0) + 1;
        _reminders[(reminder.GrainType, reminder.GrainKey, reminder.Name)] = reminder with { Version = version };
        return version;
    }

    public bool RemoveReminder(string type, string key, string name, long expected) =>
        ReadReminder(type, key, name)?.Version == expected && _reminders.Remove((type, key, name));

    public void Quarantine(QuarantinedMessage message) =>
        _quarantine.TryAdd((message.Partition, message.Position), message);

    public ImmutableArray<QuarantinedMessage> ListQuarantined(QuarantineCursor? after, int limit) =>
        [
            .. _quarantine
                .Values.Where(one =>
                    after is null || (one.Partition, one.Position).CompareTo((after.Partition, after.Position)) > 0
                )
                .Take(limit),
        ];

    public bool RemoveQuarantined(int partition, long position) => _quarantine.Remove((partition, position));

    /// <summary>The list of suppressed identifiers.</summary>
    public IReadOnlyList<SuppressionEntry> Suppressions => _suppressions;

    /// <summary>Every state, of whatever kind.</summary>
    public IEnumerable<(string Kind, string Key, StoredState State)> AllStates =>
        _states.Select(one => (one.Key.Kind, one.Key.Key, one.Value));

    public bool Suppress(ImmutableArray<SuppressionEntry> entries)
    {
        if (entries[0].Sequence != _suppressions.Count + 1)
        {
            return false;
        }

        _suppressions.AddRange(entries);
        return true;
    }

    public ImmutableArray<SuppressionEntry> ReadSuppressions(long after, int limit) =>
        [.. _suppressions.Skip((int)after).Take(limit)];

    public ErasurePiece EraseLog(int partition, string after, ILogJudge judge)
    {
        long from = after.Length == 0 ? 0 : long.Parse(after, CultureInfo.InvariantCulture);
        PartitionLog log = PartitionOf(partition);
        LogRow[] rows = [.. log.Rows.Where(row => row.Position > from).Take(ErasedAtOnce)];
        (int removed, int replaced) = (0, 0);
        foreach (LogRow row in rows)
        {
            LogVerdict verdict = judge.Judge(row.Anchor, row.Timestamp, row.Payload.Span);
            if (verdict.Fate == LogFate.Remove)
            {
                // The id stays known: a repeat is recognised.
                log.Rows.Remove(row);
                removed++;
            }
            else if (verdict.Fate == LogFate.Replace)
            {
                log.Rows[log.Rows.IndexOf(row)] = row with { Payload = verdict.Payload };
                replaced++;
            }
        }

        string? next = rows.Length == ErasedAtOnce ? rows[^1].Position.ToString(CultureInfo.InvariantCulture) : null;
        return new ErasurePiece(next, rows.Length, removed, replaced, Rewritten: 0);
    }

    public ErasurePiece EraseDecisions(IDecisionJudge judge)
    {
        (int removed, int replaced) = (0, 0);
        foreach (DecisionRecord decision in _decisionsByCommit.ToArray())
        {
            DecisionVerdict verdict = judge.Judge(decision);
            int place = _decisionsByCommit.IndexOf(decision);
            if (verdict.IsRemoved)
            {
                _decisionsByCommit.RemoveAt(place);
                _decisions.Remove(decision.Id);
                removed++;
            }
            else if (verdict.Replaced is { } other)
            {
                _decisionsByCommit[place] = _decisions[other.Id] = other;
                replaced++;
            }
        }

        return new ErasurePiece(Next: null, _decisionsByCommit.Count + removed, removed, replaced, Rewritten: 0);
    }

    private static bool IsMeant(LeadRow row, LeadQuery query) =>
        (query.Stage is null || row.Stage == query.Stage)
        && (query.Status is null || row.Status == query.Status)
        && (query.OwnerId is null || row.OwnerId == query.OwnerId)
        && (query.Queue is null || row.Queue == query.Queue)
        && (query.CustomerId is null || row.CustomerId == query.CustomerId)
        && (query.DueBy is null || row.DueAt <= query.DueBy)
        && (query.CreatedFrom is null || row.CreatedAt >= query.CreatedFrom)
        && (query.IsOpen is null || row.IsOpen == query.IsOpen)
        && (
            query.After is not { } after
            || row.CreatedAt < after.CreatedAt
            || (row.CreatedAt == after.CreatedAt && string.CompareOrdinal(row.LeadId, after.LeadId) > 0)
        );

    /// <summary>A row goes with the state that brought it, and with no other that has the same key.</summary>
    private void Unlist(string kind, string key)
    {
        if (_leads.TryGetValue(key, out var listed) && listed.Kind == kind)
        {
            _leads.Remove(key);
        }
    }

    private PartitionLog PartitionOf(int partition)
    {
        if (!_log.TryGetValue(partition, out PartitionLog? log))
        {
            _log.Add(partition, log = new PartitionLog());
        }

        return log;
    }

    private sealed class PartitionLog
    {
        private readonly Dictionary<string, long> _ids = new(StringComparer.Ordinal);

        public List<LogRow> Rows { get; } = [];

        public long Next { get; set; } = 1;

        public long Checkpoint { get; set; }

        /// <summary>Answers the position of the message that has this id already, or 0.</summary>
        public long Add(int partition, LogAppend message)
        {
            if (_ids.TryGetValue(message.MessageId, out long known))
            {
                return known;
            }

            _ids.Add(message.MessageId, message.Position);
            Rows.Add(
                new LogRow(
                    partition,
                    message.Position,
                    message.MessageId,
                    message.Anchor,
                    message.Timestamp,
                    message.Payload
                )
            );
            return 0;
        }
    }
}
