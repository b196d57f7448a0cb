namespace Customer360.Storage.Sqlite.Runs;

/// <summary>
/// The writer's side of the index over the log: the newest rows in memory, the older ones in sorted runs on disk.
/// </summary>
/// <remarks>
/// An ordinary index on a random key dirties a page per row, which at 300,000 rows costs more than half of the write
/// rate. Here a row costs two hash table entries; every <c>rowsMax</c> rows they become one sorted run, written in a
/// row, and the merger joins runs of one level to one of the next. The log rows are the truth: after a crash the newest
/// part is read again from them.
/// </remarks>
internal sealed class LogIndex(RunTables tables, SharedRecent shared, int rowsMax)
{
    private readonly RecentMessages messages = new();
    private readonly List<AnchorEntry> stagedAnchors = [];
    private readonly List<IndexedRun> runs = [];
    private readonly List<long> candidates = [];
    private readonly RecentAnchors anchors = new();

    /// <summary>True: the rows in memory should become a run before more are added.</summary>
    public bool IsFull => messages.Count >= rowsMax;

    public void Load()
    {
        tables.AbandonUnfinished();
        foreach (LogRun run in tables.ReadRuns(RunState.InUse))
        {
            runs.Add(new IndexedRun(run, tables.ReadFilter(run)));
        }
    }

    /// <summary>Publishes what <see cref="AddRecent"/> has collected to the readers.</summary>
    public void Publish()
    {
        anchors.Add(stagedAnchors);
        stagedAnchors.Clear();
        shared.Anchors = anchors;
        shared.Messages = messages;
    }

    /// <summary>Adds a committed row that is in no run yet: when the database is opened.</summary>
    public void AddRecent(MessageEntry message, AnchorEntry anchor)
    {
        messages.Add(message);
        stagedAnchors.Add(anchor);
    }

    /// <summary>Adds a row of the transaction under way.</summary>
    public void Stage(MessageEntry message, AnchorEntry anchor)
    {
        messages.Stage(message);
        stagedAnchors.Add(anchor);
    }

    public void Commit()
    {
        messages.Commit();
        if (stagedAnchors.Count > 0)
        {
            anchors.Add(stagedAnchors);
            stagedAnchors.Clear();
        }
    }

    public void Rollback()
    {
        messages.Rollback();
        stagedAnchors.Clear();
    }

    /// <summary>Finds rows whose message may be this one; who asks compares the true id.</summary>
    /// <returns>A list that the next call overwrites.</returns>
    public List<long> FindCandidates(long messageHash)
    {
        candidates.Clear();
        messages.Find(messageHash, candidates);
        foreach (IndexedRun run in runs)
        {
            if (run.Filter.MayContain(messageHash))
            {
                tables.FindMessage(run.Run.Run, messageHash, candidates);
            }
        }

        return candidates;
    }

    /// <summary>Writes the rows in memory as a run, within the transaction under way.</summary>
    public IndexedRun WriteRun()
    {
        Span<MessageEntry> sortedMessages = messages.Sort();
        Span<AnchorEntry> sortedAnchors = anchors.Sort();
        RunFilter filter = new(sortedMessages.Length);
        long run = tables.InsertRun(level: 0, RunState.InUse, sortedMessages.Length);
        for (int start = 0, number = 0; start < sortedMessages.Length; start += RunTables.MessageBlockEntries, number++)
        {
            int length = Math.Min(RunTables.MessageBlockEntries, sortedMessages.Length - start);
            tables.InsertMessageBlock(run, number, sortedMessages.Slice(start, length));
        }

        for (int start = 0, number = 0; start < sortedAnchors.Length; start += RunTables.AnchorBlockEntries, number++)
        {
            int length = Math.Min(RunTables.AnchorBlockEntries, sortedAnchors.Length - start);
            tables.InsertAnchorBlock(run, number, sortedAnchors.Slice(start, length));
        }

        foreach (MessageEntry entry in sortedMessages)
        {
            filter.Add(entry.Hash);
        }

        for (int piece = 0; tables.InsertFilterPiece(run, piece, filter); piece++) { }

        return new IndexedRun(new LogRun(run, 0, sortedMessages.Length), filter);
    }

    /// <summary>The run is committed: memory starts anew.</summary>
    public void ReplaceRecent(IndexedRun run)
    {
        runs.Add(run);
        messages.Clear();
        anchors.Clear();
    }

    /// <summary>A merge is committed: its result stands for its inputs.</summary>
    public void ReplaceRuns(IReadOnlyCollection<long> inputs, IndexedRun merged)
    {
        runs.RemoveAll(run => inputs.Contains(run.Run.Run));
        runs.Add(merged);
    }
}

/// <summary>A run in use and its filter.</summary>
internal sealed record IndexedRun(LogRun Run, RunFilter Filter);

/// <summary>
/// What the readers see of the writer's memory. A reader copies what it needs before its snapshot begins: what moved to a
/// run in between is then met twice, never missed, for memory is emptied only after the run is committed.
/// </summary>
internal sealed class SharedRecent
{
    private volatile RecentAnchors anchors = new();
    private volatile RecentMessages messages = new();

    public RecentAnchors Anchors
    {
        get => anchors;
        set => anchors = value;
    }

    public RecentMessages Messages
    {
        get => messages;
        set => messages = value;
    }
}
