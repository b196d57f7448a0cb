using System.Runtime.InteropServices;

namespace Customer360.Storage.Sqlite.Runs;

/// <summary>
/// A Bloom filter over the message hashes of a run: it says for sure that a hash is not there, at the cost of one cache
/// line. Without it every new message would search every run on disk for a duplicate.
/// </summary>
/// <remarks>With 12 bits per entry and 8 probes within one block of 512 bits it wrongly says "perhaps" about once in 200.</remarks>
internal sealed class RunFilter
{
    private const int BitsPerEntry = 12;
    private const int WordsPerBlock = 8;
    private const int BitsPerBlock = 64 * WordsPerBlock;

    private readonly ulong[] _words;
    private readonly ulong _blocks;

    public RunFilter(long entries)
    {
        _blocks = (ulong)Math.Max(1, (entries * BitsPerEntry / BitsPerBlock) + 1);
        _words = new ulong[_blocks * WordsPerBlock];
    }

    /// <summary>The stored form; written to when a filter is loaded.</summary>
    public Span<byte> Bytes => MemoryMarshal.AsBytes(_words.AsSpan());

    public void Add(long hash)
    {
        Span<ulong> block = BlockOf(hash);
        ulong probes = Mix(hash);
        for (int word = 0; word < WordsPerBlock; word++)
        {
            block[word] |= 1UL << (int)((probes >> (6 * word)) & 63);
        }
    }

    public bool MayContain(long hash)
    {
        Span<ulong> block = BlockOf(hash);
        ulong probes = Mix(hash);
        for (int word = 0; word < WordsPerBlock; word++)
        {
            if ((block[word] & (1UL << (int)((probes >> (6 * word)) & 63))) == 0)
            {
                return false;
            }
        }

        return true;
    }

    private Span<ulong> BlockOf(long hash)
    {
        ulong block = Math.BigMul((ulong)hash, _blocks, out _);
        return _words.AsSpan((int)block * WordsPerBlock, WordsPerBlock);
    }

    // The block was chosen by the high bits; the probes need others.
    private static ulong Mix(long hash)
    {
        ulong mixed = (ulong)hash * 0x9E3779B97F4A7C15UL;
        return mixed ^ (mixed >> 32);
    }
}
