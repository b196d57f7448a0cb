namespace Customer360.Storage.Sqlite.Runs;

/// <summary>
/// The message-id index over the rows that are in no sorted run yet, those of the transaction under way included.
/// Changed by the writer alone; readers may look into it at any time.
/// </summary>
internal sealed class RecentMessages
{
    // The writer holds it for changes only. Nobody else changes anything, so its own looks need no gate.
    private readonly Lock _gate = new();
    private readonly Dictionary<long, long> _idsByHash = [];

    // Different messages practically never have one hash, so a list is enough.
    private readonly List<MessageEntry> _collided = [];
    private readonly List<MessageEntry> _staged = [];
    private readonly HashSorter<MessageEntry> _sorter = new();

    public int Count => _idsByHash.Count + _collided.Count;

    /// <summary>Adds a message of the transaction under way.</summary>
    public void Stage(MessageEntry entry)
    {
        _staged.Add(entry);
        Add(entry);
    }

    public void Add(MessageEntry entry)
    {
        lock (_gate)
        {
            if (!_idsByHash.TryAdd(entry.Hash, entry.Id))
            {
                _collided.Add(entry);
            }
        }
    }

    public void Commit() => _staged.Clear();

    public void Rollback()
    {
        lock (_gate)
        {
            foreach (MessageEntry entry in _staged)
            {
                if (!_collided.Remove(entry))
                {
                    _idsByHash.Remove(entry.Hash);
                }
            }
        }

        _staged.Clear();
    }

    /// <summary>
    /// What <see cref="Find"/> finds, for readers. Rows of a transaction that never commits may be among it, so the
    /// caller looks for the row.
    /// </summary>
    public void CopyTo(long hash, List<long> ids)
    {
        lock (_gate)
        {
            Find(hash, ids);
        }
    }

    /// <summary>Finds the rows whose message has this hash. For the writer.</summary>
    public void Find(long hash, List<long> ids)
    {
        if (!_idsByHash.TryGetValue(hash, out long id))
        {
            return;
        }

        ids.Add(id);
        foreach (MessageEntry entry in _collided)
        {
            if (entry.Hash == hash)
            {
                ids.Add(entry.Id);
            }
        }
    }

    /// <summary>All entries in order. For the writer; valid until it is asked again.</summary>
    public Span<MessageEntry> Sort()
    {
        Span<MessageEntry> entries = _sorter.Begin(Count);
        int count = 0;
        foreach ((long hash, long id) in _idsByHash)
        {
            entries[count++] = new MessageEntry(hash, id);
        }

        _collided.CopyTo(entries[count..]);
        return _sorter.Sort(Count);
    }

    public void Clear()
    {
        lock (_gate)
        {
            _idsByHash.Clear();
            _collided.Clear();
        }
    }
}
