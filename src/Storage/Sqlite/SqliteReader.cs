using System.Collections.Immutable;
using Customer360.Rules.Ports;
using Customer360.Storage.Pipelines;
using Customer360.Storage.Sqlite.Runs;
using Customer360.Storage.Sqlite.Tables;
using Customer360.Storage.Work;

namespace Customer360.Storage.Sqlite;

/// <summary>Reads on one connection of its own, each batch from one snapshot. Used by one thread.</summary>
internal sealed class SqliteReader : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly KeyHash _hash;
    private readonly SharedRecent _shared;
    private readonly EventLogTable _log;
    private readonly StateTable _states;
    private readonly RunTables _runs;
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _commit;
    private int _rewrites;

    public SqliteReader(SqliteConnection connection, KeyHash hash, SharedRecent shared)
    {
        this._connection = connection;
        this._hash = hash;
        this._shared = shared;
        _log = new EventLogTable(connection);
        _states = new StateTable(connection);
        _runs = new RunTables(connection);
        Decisions = new DecisionTable(connection);
        Reminders = new ReminderTable(connection);
        Quarantine = new QuarantineTable(connection);
        Suppressions = new SuppressionTable(connection);
        Audit = new AuditTable(connection);
        Leads = new LeadTable(connection);
        Audiences = new AudienceTable(connection);
        Names = new NameTable(connection);
        Outbox = new OutboxTable(connection);
        _begin = connection.Prepare("begin");
        _commit = connection.Prepare("commit");
    }

    public DecisionTable Decisions { get; }

    public ReminderTable Reminders { get; }

    public QuarantineTable Quarantine { get; }

    public SuppressionTable Suppressions { get; }

    public AuditTable Audit { get; }

    public LeadTable Leads { get; }

    public AudienceTable Audiences { get; }

    public NameTable Names { get; }

    public OutboxTable Outbox { get; }

    /// <summary>Answers single reads from one snapshot.</summary>
    public void Read(IReadOnlyList<PipelineWork> batch)
    {
        // This is taken before the snapshot begins; SharedRecent says why.
        RecentAnchors recent = _shared.Anchors;
        Dictionary<AnchorReadWork, List<AnchorEntry>> recentEntries = [];
        foreach (AnchorReadWork work in batch.OfType<AnchorReadWork>())
        {
            recentEntries[work] = CopyRecent(recent, [work.Anchor]);
        }

        Dictionary<MessageReadWork, MessagePlaces> places = PlacesOf(batch);
        InSnapshot(() =>
        {
            foreach (PipelineWork request in batch)
            {
                switch (request)
                {
                    case StateReadWork work:
                        work.Result = _states.Read(work.Kind, work.Key);
                        break;
                    case AnchorReadWork work:
                        work.Result = ReadAnchor(work, recentEntries[work]);
                        break;
                    case MessageReadWork work:
                        work.Result = FindMessage(work.MessageId, places[work]);
                        break;
                    default:
                        throw UnknownWork.Refuse(request);
                }
            }

            return true;
        });
    }

    public ImmutableArray<LogRow> ReadPartition(int partition, long afterPosition, int limit)
    {
        ForgetRewritten();
        return _log.ReadRange(partition, afterPosition, limit);
    }

    /// <summary>The next blocks of a partition, as they are packed.</summary>
    public List<(long LastId, byte[] Content)> ReadBlocks(int partition, long afterId, int limit) =>
        _log.ReadBlocks(partition, afterId, limit);

    public ImmutableArray<ScannedState> ReadStates(string kind, string afterKey, int limit) =>
        _states.ReadPage(kind, afterKey, limit);

    public ImmutableArray<LogRow> ReadTimeline(TimelineQuery query)
    {
        List<AnchorEntry> recent = CopyRecent(_shared.Anchors, query.Anchors);
        return InSnapshot(() =>
        {
            ImmutableArray<LogRow>.Builder rows = ImmutableArray.CreateBuilder<LogRow>();
            AnchorEntry? after = PlaceOf(query.After);
            bool more = true;
            while (more)
            {
                List<AnchorEntry> page = CollectByTime(query, after, query.Limit - rows.Count, recent);
                more = page.Count == query.Limit - rows.Count;
                AddRows(page, query.Anchors, rows);

                // A page is shorter than its entries only where another anchor has the same hash.
                more &= rows.Count < query.Limit;
                after = more ? page[^1] : after;
            }

            return rows.DrainToImmutable();
        });
    }

    public ImmutableArray<TimelineCursor> ReadTimes(TimelineQuery query)
    {
        List<AnchorEntry> recent = CopyRecent(_shared.Anchors, query.Anchors);
        return InSnapshot(() =>
        {
            var times = ImmutableArray.CreateBuilder<TimelineCursor>();
            AnchorEntry? after = PlaceOf(query.After);
            bool more = true;
            while (more)
            {
                int wanted = query.Limit - times.Count;
                List<AnchorEntry> page = CollectByTime(query, after, wanted, recent);
                times.AddRange(
                    page.Where(entry => !_shared.HasRemoved || _log.Holds(entry.Id))
                        .Select(entry => new TimelineCursor(
                            StorageTime.FromMicroseconds(entry.Time),
                            LogId.Partition(entry.Id),
                            LogId.Position(entry.Id)
                        ))
                );

                // A page is shorter than its entries only where some of their messages were removed.
                more = page.Count == wanted && times.Count < query.Limit;
                after = more ? page[^1] : after;
            }

            return times.DrainToImmutable();
        });
    }

    public void Dispose() => _connection.Dispose();

    private static AnchorEntry? PlaceOf(TimelineCursor? cursor) =>
        cursor is null
            ? null
            : new AnchorEntry(
                Hash: 0,
                StorageTime.ToMicroseconds(cursor.Timestamp),
                LogId.Of(cursor.Partition, cursor.Position)
            );

    /// <summary>Where the messages that are looked for may be, as far as the writer's memory knows (SharedRecent).</summary>
    private Dictionary<MessageReadWork, MessagePlaces> PlacesOf(IReadOnlyList<PipelineWork> batch)
    {
        Dictionary<MessageReadWork, MessagePlaces> places = [];
        List<int>? partitions = null;
        foreach (MessageReadWork work in batch.OfType<MessageReadWork>())
        {
            partitions ??= _log.ReadPartitionNumbers();
            RecentMessages recent = _shared.Messages;
            MessagePlaces place = new([.. partitions.Select(number => _hash.OfMessage(number, work.MessageId))], []);
            foreach (long messageHash in place.Hashes)
            {
                recent.CopyTo(messageHash, place.Ids);
            }

            places[work] = place;
        }

        return places;
    }

    /// <summary>Looks in every run, because the partition that holds the message is not known.</summary>
    private ImmutableArray<LogRow> FindMessage(string messageId, MessagePlaces places)
    {
        foreach (LogRun run in _runs.ReadRuns(RunState.InUse))
        {
            foreach (long messageHash in places.Hashes)
            {
                _runs.FindMessage(run.Run, messageHash, places.Ids);
            }
        }

        return
        [
            .. places
                .Ids.Distinct()
                .Order()
                .Select(_log.Read)
                .OfType<LogRow>()
                .Where(row => string.Equals(row.MessageId, messageId, StringComparison.Ordinal)),
        ];
    }

    private ImmutableArray<LogRow> ReadAnchor(AnchorReadWork work, List<AnchorEntry> recent)
    {
        long anchorHash = _hash.OfAnchor(work.Anchor);
        ImmutableArray<LogRow>.Builder rows = ImmutableArray.CreateBuilder<LogRow>();
        long after = work.AfterPosition;
        bool more = true;
        while (more)
        {
            int wanted = work.Limit - rows.Count;
            EntryCollector collector = EntryCollector.ByPosition(wanted, after);
            Collect(collector, [anchorHash], recent);
            List<AnchorEntry> page = collector.ToPage();
            AddRows(page, [work.Anchor], rows);
            more = page.Count == wanted && rows.Count < work.Limit;
            after = more ? LogId.Position(page[^1].Id) : after;
        }

        return rows.DrainToImmutable();
    }

    private List<AnchorEntry> CollectByTime(
        TimelineQuery query,
        AnchorEntry? after,
        int limit,
        List<AnchorEntry> recent
    )
    {
        EntryCollector collector = EntryCollector.ByTime(
            limit,
            StorageTime.ToMicrosecondsUp(query.From),
            StorageTime.ToMicrosecondsUp(query.To),
            query.Descending,
            after
        );
        Collect(collector, query.Anchors.Select(_hash.OfAnchor), recent);
        return collector.ToPage();
    }

    private void Collect(EntryCollector collector, IEnumerable<long> anchorHashes, List<AnchorEntry> recent)
    {
        collector.OfferAll(recent);
        List<LogRun> inUse = _runs.ReadRuns(RunState.InUse);
        foreach (long anchorHash in anchorHashes)
        {
            foreach (LogRun run in inUse)
            {
                _runs.CollectAnchor(run.Run, anchorHash, collector);
            }
        }
    }

    private List<AnchorEntry> CopyRecent(RecentAnchors recent, ImmutableArray<string> anchors)
    {
        List<AnchorEntry> entries = [];
        foreach (string anchor in anchors)
        {
            recent.CopyTo(_hash.OfAnchor(anchor), entries);
        }

        return entries;
    }

    private void AddRows(List<AnchorEntry> page, ImmutableArray<string> anchors, ImmutableArray<LogRow>.Builder rows)
    {
        foreach (AnchorEntry entry in page)
        {
            LogRow? row = _log.Read(entry.Id);
            if (row is not null && anchors.Contains(row.Anchor, StringComparer.Ordinal))
            {
                rows.Add(row);
            }
        }
    }

    /// <summary>Before each snapshot: what it holds of a block that was written anew since is not what is stored.</summary>
    private void ForgetRewritten()
    {
        int now = _shared.Rewrites;
        if (now != _rewrites)
        {
            _rewrites = now;
            _log.ForgetBlock();
        }
    }

    private TResult InSnapshot<TResult>(Func<TResult> read)
    {
        ForgetRewritten();
        try
        {
            _begin.Run();
            TResult result = read();
            _commit.Run();
            return result;
        }
        catch
        {
            _connection.RollbackIfNeeded();
            throw;
        }
    }

    /// <param name="Hashes">The message's hash in each partition.</param>
    /// <param name="Ids">Rows that may be it.</param>
    private sealed record MessagePlaces(long[] Hashes, List<long> Ids);
}
