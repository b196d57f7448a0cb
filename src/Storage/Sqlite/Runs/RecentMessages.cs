namespace Customer360.Storage.Sqlite.Runs;

/// <summary>
/// The message-id index over the rows that are in no sorted run yet, those of the transaction under way included.
/// Changed by the writer alone; readers may look into it at any time.
/// </summary>
internal sealed class RecentMessages
{
    // Held by the writer for changes only: nobody else changes anything, so its own looking needs no gate.
    private readonly Lock gate = new();
    private readonly Dictionary<long, long> idsByHash = [];

    // Different messages with one hash: practically never, so a list does.
    private readonly List<MessageEntry> collided = [];
    private readonly List<MessageEntry> staged = [];
    private readonly HashSorter<MessageEntry> sorter = new();

    public int Count => idsByHash.Count + collided.Count;

    /// <summary>Adds a message of the transaction under way.</summary>
    public void Stage(MessageEntry entry)
    {
        staged.Add(entry);
        Add(entry);
    }

    public void Add(MessageEntry entry)
    {
        lock (gate)
        {
            if (!idsByHash.TryAdd(entry.Hash, entry.Id))
            {
                collided.Add(entry);
            }
        }
    }

    public void Commit() => staged.Clear();

    public void Rollback()
    {
        lock (gate)
        {
            foreach (MessageEntry entry in staged)
            {
                if (!collided.Remove(entry))
                {
                    idsByHash.Remove(entry.Hash);
                }
            }
        }

        staged.Clear();
    }

    /// <summary>
    /// What <see cref="Find"/> finds, for readers. Rows of a transaction that never commits may be among it: who asks
    /// looks for the row.
    /// </summary>
    public void CopyTo(long hash, List<long> ids)
    {
        lock (gate)
        {
            Find(hash, ids);
        }
    }

    /// <summary>Finds the rows whose message has this hash. For the writer.</summary>
    public void Find(long hash, List<long> ids)
    {
        if (!idsByHash.TryGetValue(hash, out long id))
        {
            return;
        }

        ids.Add(id);
        foreach (MessageEntry entry in collided)
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
        Span<MessageEntry> entries = sorter.Begin(Count);
        int count = 0;
        foreach ((long hash, long id) in idsByHash)
        {
            entries[count++] = new MessageEntry(hash, id);
        }

        collided.CopyTo(entries[count..]);
        return sorter.Sort(Count);
    }

    public void Clear()
    {
        lock (gate)
        {
            idsByHash.Clear();
            collided.Clear();
        }
    }
}
