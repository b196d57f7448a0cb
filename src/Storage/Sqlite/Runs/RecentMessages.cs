namespace Customer360.Storage.Sqlite.Runs;

/// <summary>
/// The message-id index over the rows that are in no sorted run yet, those of the transaction under way included.
/// Used by the writer alone.
/// </summary>
internal sealed class RecentMessages
{
    private readonly Dictionary<long, long> idsByHash = [];

    // Different messages with one hash: practically never, so a list does.
    private readonly List<MessageEntry> collided = [];
    private readonly List<MessageEntry> staged = [];

    public int Count => idsByHash.Count + collided.Count;

    /// <summary>Adds a message of the transaction under way.</summary>
    public void Stage(MessageEntry entry)
    {
        staged.Add(entry);
        Add(entry);
    }

    public void Add(MessageEntry entry)
    {
        if (!idsByHash.TryAdd(entry.Hash, entry.Id))
        {
            collided.Add(entry);
        }
    }

    public void Commit() => staged.Clear();

    public void Rollback()
    {
        foreach (MessageEntry entry in staged)
        {
            if (!collided.Remove(entry))
            {
                idsByHash.Remove(entry.Hash);
            }
        }

        staged.Clear();
    }

    /// <summary>Finds the rows whose message has this hash.</summary>
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

    public MessageEntry[] ToSortedArray()
    {
        MessageEntry[] sorted = [.. idsByHash.Select(pair => new MessageEntry(pair.Key, pair.Value)), .. collided];
        Array.Sort(sorted);
        return sorted;
    }

    public void Clear()
    {
        idsByHash.Clear();
        collided.Clear();
    }
}
