using System.Runtime.InteropServices;

namespace Customer360.Storage.Sqlite.Runs;

/// <summary>
/// The anchor index over the rows that are in no sorted run yet. Written by the writer after each commit, read by the
/// readers; emptied once its rows are in a run.
/// </summary>
internal sealed class RecentAnchors
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, int> _lastNodes = [];
    private readonly List<Node> _nodes = [];
    private readonly HashSorter<AnchorEntry> _sorter = new();

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _nodes.Count;
            }
        }
    }

    public void Add(List<AnchorEntry> entries)
    {
        lock (_gate)
        {
            foreach (AnchorEntry entry in entries)
            {
                ref int last = ref CollectionsMarshal.GetValueRefOrAddDefault(_lastNodes, entry.Hash, out bool known);
                _nodes.Add(new Node(entry, known ? last : -1));
                last = _nodes.Count - 1;
            }
        }
    }

    public void CopyTo(long hash, List<AnchorEntry> into)
    {
        lock (_gate)
        {
            int index = _lastNodes.GetValueOrDefault(hash, -1);
            while (index >= 0)
            {
                into.Add(_nodes[index].Entry);
                index = _nodes[index].Previous;
            }
        }
    }

    /// <summary>All entries in order. For the writer; valid until it is asked again.</summary>
    public Span<AnchorEntry> Sort()
    {
        // The writer alone changes the nodes, so it looks at them without the gate.
        Span<AnchorEntry> entries = _sorter.Begin(_nodes.Count);
        for (int index = 0; index < entries.Length; index++)
        {
            entries[index] = _nodes[index].Entry;
        }

        return _sorter.Sort(entries.Length);
    }

    /// <summary>Forgets all entries and keeps the memory for the next ones.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _lastNodes.Clear();
            _nodes.Clear();
        }
    }

    private readonly record struct Node(AnchorEntry Entry, int Previous);
}
