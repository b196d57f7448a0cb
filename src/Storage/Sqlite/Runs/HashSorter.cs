using System.Numerics;

namespace Customer360.Storage.Sqlite.Runs;

/// <summary>An entry whose order begins with a hash, so that a share of its values falls into an equal share of the entries.</summary>
internal interface IHashedEntry
{
    long Hash { get; }
}

/// <summary>
/// Sorts entries by their hash: it deals them out by the first bits, then puts each bucket in order. Keeps its memory from one
/// time to the next; for one thread.
/// </summary>
/// <remarks>
/// The writer sorts 32,768 of each kind for a run, and no commit goes on meanwhile. With <see cref="Array.Sort{T}(T[])"/> it
/// took 1.5 % of the processor of a busy grid, and its arrays, too large for the youngest generation, brought a full
/// collection every few seconds (22 November 2026).
/// </remarks>
internal sealed class HashSorter<T>
    where T : struct, IHashedEntry, IComparable<T>
{
    private const int BitsMax = 16;

    private T[] _unsorted = [];
    private T[] _sorted = [];
    private int[] _ends = [];

    /// <summary>Room for the entries that are to be sorted next.</summary>
    public Span<T> Begin(int count)
    {
        if (_unsorted.Length < count)
        {
            int capacity = (int)BitOperations.RoundUpToPowerOf2((uint)count);
            _unsorted = new T[capacity];
            _sorted = new T[capacity];
        }

        return _unsorted.AsSpan(0, count);
    }

    /// <summary>Sorts the first <paramref name="count"/> entries of what <see cref="Begin"/> gave out.</summary>
    /// <returns>Valid until the next <see cref="Begin"/>.</returns>
    public Span<T> Sort(int count)
    {
        int bits = Math.Clamp(BitOperations.Log2((uint)count | 1), 1, BitsMax);
        Deal(_unsorted.AsSpan(0, count), bits);
        int start = 0;
        foreach (int end in _ends.AsSpan(0, 1 << bits))
        {
            if (end - start > 1)
            {
                // A bucket usually has two or three; an anchor with many messages has all of them in one.
                _sorted.AsSpan(start, end - start).Sort();
            }

            start = end;
        }

        return _sorted.AsSpan(0, count);
    }

    /// <summary>Copies the entries to their buckets. Afterwards <see cref="_ends"/> tells where each bucket ends.</summary>
    private void Deal(ReadOnlySpan<T> entries, int bits)
    {
        int buckets = 1 << bits;
        if (_ends.Length < buckets)
        {
            _ends = new int[buckets];
        }

        Span<int> counts = _ends.AsSpan(0, buckets);
        counts.Clear();
        foreach (ref readonly T entry in entries)
        {
            counts[Bucket(entry.Hash, bits)]++;
        }

        int start = 0;
        foreach (ref int count in counts)
        {
            start += count;
            count = start - count;
        }

        foreach (ref readonly T entry in entries)
        {
            _sorted[counts[Bucket(entry.Hash, bits)]++] = entry;
        }
    }

    /// <summary>The hash's first bits. The sign bit is turned, so that negative hashes come first, as they do when compared.</summary>
    private static int Bucket(long hash, int bits) => (int)((ulong)(hash ^ long.MinValue) >> (64 - bits));
}
