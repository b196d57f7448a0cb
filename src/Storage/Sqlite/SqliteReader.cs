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
    private readonly SqliteConnection connection;
    private readonly KeyHash hash;
    private readonly SharedRecent shared;
    private readonly EventLogTable log;
    private readonly StateTable states;
    private readonly RunTables runs;
    private readonly SqliteStatement begin;
    private readonly SqliteStatement commit;

    public SqliteReader(SqliteConnection connection, KeyHash hash, SharedRecent shared)
    {
        this.connection = connection;
        this.hash = hash;
        this.shared = shared;
        log = new EventLogTable(connection);
        states = new StateTable(connection);
        runs = new RunTables(connection);
        Decisions = new DecisionTable(connection);
        Reminders = new ReminderTable(connection);
        Quarantine = new QuarantineTable(connection);
        begin = connection.Prepare("begin");
        commit = connection.Prepare("commit");
    }

    public DecisionTable Decisions { get; }

    public ReminderTable Reminders { get; }

    public QuarantineTable Quarantine { get; }

    /// <summary>Answers single reads from one snapshot.</summary>
    public void Read(IReadOnlyList<PipelineWork> batch)
    {
        // Taken before the snapshot begins (SharedRecent).
        RecentAnchors recent = shared.Anchors;
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
                        work.Result = states.Read(work.Kind, work.Key);
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

    public ImmutableArray<LogRow> ReadPartition(int partition, long afterPosition, int limit) =>
        log.ReadRange(partition, afterPosition, limit);

    public ImmutableArray<ScannedState> ReadStates(string kind, string afterKey, int limit) =>
        states.ReadPage(kind, afterKey, limit);

    public ImmutableArray<LogRow> ReadTimeline(TimelineQuery query)
    {
        List<AnchorEntry> recent = CopyRecent(shared.Anchors, query.Anchors);
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

                // Only another anchor of the same hash makes a page shorter than its entries.
                more &= rows.Count < query.Limit;
                after = more ? page[^1] : after;
            }

            return rows.DrainToImmutable();
        });
    }

    public ImmutableArray<TimelineCursor> ReadTimes(TimelineQuery query)
    {
        List<AnchorEntry> recent = CopyRecent(shared.Anchors, query.Anchors);
        return InSnapshot(() =>
            CollectByTime(query, PlaceOf(query.After), query.Limit, recent)
                .ConvertAll(entry => new TimelineCursor(
                    StorageTime.FromMicroseconds(entry.Time),
                    LogId.Partition(entry.Id),
                    LogId.Position(entry.Id)
                ))
                .ToImmutableArray()
        );
    }

    public void Dispose() => connection.Dispose();

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
            partitions ??= log.ReadPartitionNumbers();
            RecentMessages recent = shared.Messages;
            MessagePlaces place = new([.. partitions.Select(number => hash.OfMessage(number, work.MessageId))], []);
            foreach (long messageHash in place.Hashes)
            {
                recent.CopyTo(messageHash, place.Ids);
            }

            places[work] = place;
        }

        return places;
    }

    /// <summary>Looks in every run: which partition holds the message is what is asked.</summary>
    private ImmutableArray<LogRow> FindMessage(string messageId, MessagePlaces places)
    {
        foreach (LogRun run in runs.ReadRuns(RunState.InUse))
        {
            foreach (long messageHash in places.Hashes)
            {
                runs.FindMessage(run.Run, messageHash, places.Ids);
            }
        }

        return
        [
            .. places
                .Ids.Distinct()
                .Order()
                .Select(log.Read)
                .OfType<LogRow>()
                .Where(row => string.Equals(row.MessageId, messageId, StringComparison.Ordinal)),
        ];
    }

    private ImmutableArray<LogRow> ReadAnchor(AnchorReadWork work, List<AnchorEntry> recent)
    {
        long anchorHash = hash.OfAnchor(work.Anchor);
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
        Collect(collector, query.Anchors.Select(hash.OfAnchor), recent);
        return collector.ToPage();
    }

    private void Collect(EntryCollector collector, IEnumerable<long> anchorHashes, List<AnchorEntry> recent)
    {
        collector.OfferAll(recent);
        List<LogRun> inUse = runs.ReadRuns(RunState.InUse);
        foreach (long anchorHash in anchorHashes)
        {
            foreach (LogRun run in inUse)
            {
                runs.CollectAnchor(run.Run, anchorHash, collector);
            }
        }
    }

    private List<AnchorEntry> CopyRecent(RecentAnchors recent, ImmutableArray<string> anchors)
    {
        List<AnchorEntry> entries = [];
        foreach (string anchor in anchors)
        {
            recent.CopyTo(hash.OfAnchor(anchor), entries);
        }

        return entries;
    }

    private void AddRows(List<AnchorEntry> page, ImmutableArray<string> anchors, ImmutableArray<LogRow>.Builder rows)
    {
        foreach (AnchorEntry entry in page)
        {
            LogRow? row = log.Read(entry.Id);
            if (row is not null && anchors.Contains(row.Anchor, StringComparer.Ordinal))
            {
                rows.Add(row);
            }
        }
    }

    private TResult InSnapshot<TResult>(Func<TResult> read)
    {
        try
        {
            begin.Run();
            TResult result = read();
            commit.Run();
            return result;
        }
        catch
        {
            connection.RollbackIfNeeded();
            throw;
        }
    }

    /// <param name="Hashes">The message's hash in each partition.</param>
    /// <param name="Ids">Rows that may be it.</param>
    private sealed record MessagePlaces(long[] Hashes, List<long> Ids);
}
