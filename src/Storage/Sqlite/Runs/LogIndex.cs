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
    private readonly RecentMessages _messages = new();
    private readonly List<AnchorEntry> _stagedAnchors = [];
    private readonly List<IndexedRun> _runs = [];
    private readonly List<long> _candidates = [];
    private readonly RecentAnchors _anchors = new();

    /// <summary>True where the rows in memory should become a run before more are added.</summary>
    public bool IsFull => _messages.Count >= rowsMax;

    public void Load()
    {
        tables.AbandonUnfinished();
        foreach (LogRun run in tables.ReadRuns(RunState.InUse))
        {
            _runs.Add(new IndexedRun(run, tables.ReadFilter(run)));
        }
    }

    /// <summary>Publishes what <see cref="AddRecent"/> has collected to the readers.</summary>
    public void Publish()
    {
        _anchors.Add(_stagedAnchors);
        _stagedAnchors.Clear();
        shared.Anchors = _anchors;
        shared.Messages = _messages;
    }

    /// <summary>Adds a committed row that is in no run yet: when the database is opened.</summary>
    public void AddRecent(MessageEntry message, AnchorEntry anchor)
    {
        _messages.Add(message);
        _stagedAnchors.Add(anchor);
    }

    /// <summary>Adds what is left of a removed message, which has no anchor any more.</summary>
    public void AddRemoved(MessageEntry message) => _messages.Add(message);

    /// <summary>Adds a row of the transaction under way.</summary>
    public void Stage(MessageEntry message, AnchorEntry anchor)
    {
        _messages.Stage(message);
        _stagedAnchors.Add(anchor);
    }

    public void Commit()
    {
        _messages.Commit();
        if (_stagedAnchors.Count > 0)
        {
            _anchors.Add(_stagedAnchors);
            _stagedAnchors.Clear();
        }
    }

    public void Rollback()
    {
        _messages.Rollback();
        _stagedAnchors.Clear();
    }

    /// <summary>Finds rows whose message may be this one; the caller compares the true id.</summary>
    /// <returns>A list that the next call overwrites.</returns>
    public List<long> FindCandidates(long messageHash)
    {
        _candidates.Clear();
        _messages.Find(messageHash, _candidates);
        foreach (IndexedRun run in _runs)
        {
            if (run.Filter.MayContain(messageHash))
            {
                tables.FindMessage(run.Run.Run, messageHash, _candidates);
            }
        }

        return _candidates;
    }

    /// <summary>Writes the rows in memory as a run, within the transaction under way.</summary>
    public IndexedRun WriteRun()
    {
        Span<MessageEntry> sortedMessages = _messages.Sort();
        Span<AnchorEntry> sortedAnchors = _anchors.Sort();
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

    /// <summary>Called when the run is committed: memory starts anew.</summary>
    public void ReplaceRecent(IndexedRun run)
    {
        _runs.Add(run);
        _messages.Clear();
        _anchors.Clear();
    }

    /// <summary>Called when a merge is committed: its result takes the place of its inputs.</summary>
    public void ReplaceRuns(IReadOnlyCollection<long> inputs, IndexedRun merged)
    {
        _runs.RemoveAll(run => inputs.Contains(run.Run.Run));
        _runs.Add(merged);
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
    private volatile RecentAnchors _anchors = new();
    private volatile RecentMessages _messages = new();
    private int _rewrites;
    private volatile bool _hasRemoved;

    public RecentAnchors Anchors
    {
        get => _anchors;
        set => _anchors = value;
    }

    /// <summary>How often blocks of the log were written anew. A reader that holds one of before forgets it.</summary>
    public int Rewrites => Volatile.Read(ref _rewrites);

    /// <summary>
    /// Messages were removed once: the index still has their times, so who reads times alone must look whether they are there.
    /// </summary>
    public bool HasRemoved
    {
        get => _hasRemoved;
        set => _hasRemoved = value;
    }

    /// <summary>Blocks were written anew, and are committed.</summary>
    public void Rewritten() => Interlocked.Increment(ref _rewrites);

    public RecentMessages Messages
    {
        get => _messages;
        set => _messages = value;
    }
}
