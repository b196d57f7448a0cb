using System.Text;

namespace Customer360.Rules.Identity;

/// <summary>
/// Numbers texts from 0 in the order of their first coming. Each text stands once, as UTF-8 in one of a few large blocks: a
/// million identifiers take about 60 MB and next to no objects.
/// </summary>
internal sealed class TextNumbers
{
    private const int BlockBits = 20;
    private const int BlockBytes = 1 << BlockBits;
    private const int FirstSlots = 1 << 10;

    private readonly List<byte[]> _blocks = [new byte[BlockBytes]];
    private int _used;
    private int[] _slots = NewSlots(FirstSlots);
    private Entry[] _entries = new Entry[FirstSlots / 2];

    public int Count { get; private set; }

    /// <summary>The number of a text, new where it has none yet.</summary>
    public int Add(ReadOnlySpan<byte> text)
    {
        int hash = HashOf(text);
        int slot = SlotOf(text, hash);
        if (_slots[slot] >= 0)
        {
            return _slots[slot];
        }

        if (Count == _entries.Length)
        {
            Grow();
            slot = SlotOf(text, hash);
        }

        if (_used + text.Length > BlockBytes)
        {
            _blocks.Add(new byte[Math.Max(BlockBytes, text.Length)]);
            _used = 0;
        }

        text.CopyTo(_blocks[^1].AsSpan(_used));
        _entries[Count] = new Entry(hash, _blocks.Count - 1, _used, text.Length);
        _used += text.Length;
        _slots[slot] = Count;
        return Count++;
    }

    /// <summary>The number of a text, or -1.</summary>
    public int Find(ReadOnlySpan<byte> text) => _slots[SlotOf(text, HashOf(text))];

    public string TextOf(int number) => Encoding.UTF8.GetString(BytesOf(number));

    private ReadOnlySpan<byte> BytesOf(int number)
    {
        Entry entry = _entries[number];
        return _blocks[entry.Block].AsSpan(entry.Start, entry.Length);
    }

    private int SlotOf(ReadOnlySpan<byte> text, int hash)
    {
        int mask = _slots.Length - 1;
        int slot = hash & mask;
        while (_slots[slot] >= 0)
        {
            int number = _slots[slot];
            if (_entries[number].Hash == hash && BytesOf(number).SequenceEqual(text))
            {
                break;
            }

            slot = (slot + 1) & mask;
        }

        return slot;
    }

    private void Grow()
    {
        Array.Resize(ref _entries, _entries.Length * 2);
        _slots = NewSlots(_slots.Length * 2);
        int mask = _slots.Length - 1;
        for (int number = 0; number < Count; number++)
        {
            int slot = _entries[number].Hash & mask;
            while (_slots[slot] >= 0)
            {
                slot = (slot + 1) & mask;
            }

            _slots[slot] = number;
        }
    }

    private static int[] NewSlots(int count)
    {
        int[] slots = new int[count];
        Array.Fill(slots, -1);
        return slots;
    }

    private static int HashOf(ReadOnlySpan<byte> text)
    {
        HashCode hash = default;
        hash.AddBytes(text);
        return hash.ToHashCode();
    }

    private readonly record struct Entry(int Hash, int Block, int Start, int Length);
}
