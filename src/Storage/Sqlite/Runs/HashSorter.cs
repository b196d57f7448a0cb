using System.Numerics;

namespace Customer360.Storage.Sqlite.Runs;

/// <summary>An entry whose order begins with a hash, so that a share of its values falls into an equal share of the entries.</summary>
internal interface IHashedEntry
{
    long Hash { get; }
}

/// <summary>
/// Sorts entries by their hash: dealt out by its first bits, then put in order bucket by bucket. Keeps its memory from one
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

    private T[] unsorted = [];
    private T[] sorted = [];
    private int[] ends = [];

    /// <summary>Room for the entries that are to be sorted next.</summary>
    public Span<T> Begin(int count)
    {
        if (unsorted.Length < count)
        {
            int capacity = (int)BitOperations.RoundUpToPowerOf2((uint)count);
            unsorted = new T[capacity];
            sorted = new T[capacity];
        }

        return unsorted.AsSpan(0, count);
    }

    /// <summary>Sorts the first <paramref name="count"/> entries of what <see cref="Begin"/> gave out.</summary>
    /// <returns>Valid until the next <see cref="Begin"/>.</returns>
    public Span<T> Sort(int count)
    {
        int bits = Math.Clamp(BitOperations.Log2((uint)count | 1), 1, BitsMax);
        Deal(unsorted.AsSpan(0, count), bits);
        int start = 0;
        foreach (int end in ends.AsSpan(0, 1 << bits))
        {
            if (end - start > 1)
            {
                // Usually two or three; an anchor of many messages has all of them in one.
                sorted.AsSpan(start, end - start).Sort();
            }

            start = end;
        }

        return sorted.AsSpan(0, count);
    }

    /// <summary>Copies the entries to their buckets. Afterwards <see cref="ends"/> tells where each bucket ends.</summary>
    private void Deal(ReadOnlySpan<T> entries, int bits)
    {
        int buckets = 1 << bits;
        if (ends.Length < buckets)
        {
            ends = new int[buckets];
        }

        Span<int> counts = ends.AsSpan(0, buckets);
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
            sorted[counts[Bucket(entry.Hash, bits)]++] = entry;
        }
    }

    /// <summary>The hash's first bits; the sign's is turned, so that negative hashes come first, as they compare.</summary>
    private static int Bucket(long hash, int bits) => (int)((ulong)(hash ^ long.MinValue) >> (64 - bits));
}
