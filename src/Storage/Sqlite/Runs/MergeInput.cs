namespace Customer360.Storage.Sqlite.Runs;

/// <summary>Reads blocks from an id on; answers the id to go on from, or the same id when there are no more.</summary>
internal delegate long ReadBlocks<TEntry>(long startId, long run, int countMax, List<TEntry> into);

/// <summary>One run as the input of a merge: its entries in order, read some blocks at a time.</summary>
internal sealed class MergeInput<TEntry>(long run, ReadBlocks<TEntry> readBlocks)
    where TEntry : unmanaged, IComparable<TEntry>
{
    private const int BlocksPerRead = 16;

    private readonly List<TEntry> _entries = [];
    private long _nextId = RunTables.BlockId(run, 0);
    private int _index;

    /// <summary>The lowest entry not taken yet. It may be asked for only after <see cref="TryLoad"/> answered true.</summary>
    public TEntry Current => _entries[_index];

    /// <summary>Makes sure that there is a lowest entry; false where the run is used up.</summary>
    public bool TryLoad()
    {
        if (_index < _entries.Count)
        {
            return true;
        }

        _entries.Clear();
        _index = 0;
        _nextId = readBlocks(_nextId, run, BlocksPerRead, _entries);
        return _entries.Count > 0;
    }

    public void Advance() => _index++;

    /// <summary>Takes the lowest entries of all inputs, up to a number.</summary>
    public static List<TEntry> Take(List<MergeInput<TEntry>> inputs, int countMax)
    {
        List<TEntry> taken = new(countMax);
        while (taken.Count < countMax)
        {
            MergeInput<TEntry>? lowest = null;
            foreach (MergeInput<TEntry> input in inputs)
            {
                if (input.TryLoad() && (lowest is null || input.Current.CompareTo(lowest.Current) < 0))
                {
                    lowest = input;
                }
            }

            if (lowest is null)
            {
                break;
            }

            taken.Add(lowest.Current);
            lowest.Advance();
        }

        return taken;
    }
}
