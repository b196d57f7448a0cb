using System.Runtime.InteropServices;

namespace Customer360.Storage.Sqlite.Runs;

/// <summary>
/// The anchor index over the rows that are in no sorted run yet. Written by the writer after each commit, read by the
/// readers; emptied once its rows are in a run.
/// </summary>
internal sealed class RecentAnchors
{
    private readonly Lock gate = new();
    private readonly Dictionary<long, int> lastNodes = [];
    private readonly List<Node> nodes = [];
    private readonly HashSorter<AnchorEntry> sorter = new();

    public int Count
    {
        get
        {
            lock (gate)
            {
                return nodes.Count;
            }
        }
    }

    public void Add(List<AnchorEntry> entries)
    {
        lock (gate)
        {
            foreach (AnchorEntry entry in entries)
            {
                ref int last = ref CollectionsMarshal.GetValueRefOrAddDefault(lastNodes, entry.Hash, out bool known);
                nodes.Add(new Node(entry, known ? last : -1));
                last = nodes.Count - 1;
            }
        }
    }

    public void CopyTo(long hash, List<AnchorEntry> into)
    {
        lock (gate)
        {
            int index = lastNodes.GetValueOrDefault(hash, -1);
            while (index >= 0)
            {
                into.Add(nodes[index].Entry);
                index = nodes[index].Previous;
            }
        }
    }

    /// <summary>All entries in order. For the writer; valid until it is asked again.</summary>
    public Span<AnchorEntry> Sort()
    {
        // The writer alone changes the nodes, so it looks at them without the gate.
        Span<AnchorEntry> entries = sorter.Begin(nodes.Count);
        for (int index = 0; index < entries.Length; index++)
        {
            entries[index] = nodes[index].Entry;
        }

        return sorter.Sort(entries.Length);
    }

    /// <summary>Forgets all entries and keeps the memory for the next ones.</summary>
    public void Clear()
    {
        lock (gate)
        {
            lastNodes.Clear();
            nodes.Clear();
        }
    }

    private readonly record struct Node(AnchorEntry Entry, int Previous);
}
