using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Customer360.Storage.Sqlite;

/// <summary>
/// SipHash-2-4: a keyed 64-bit hash. The key is made with the database and stays in it, so nobody outside can choose
/// ids or anchors that collide.
/// </summary>
internal sealed class KeyHash
{
    private const int StackBytesMax = 512;
    private const ulong AnchorSeed = ulong.MaxValue;

    // Beyond every partition's number.
    private const ulong RemovedSeed = 1UL << 62;
    private const ulong RemovedSeedOther = RemovedSeed + 1;

    /// <summary>Bytes of <see cref="OfRemoved"/>.</summary>
    public const int RemovedBytes = 16;

    private readonly ulong _key0;
    private readonly ulong _key1;

    /// <param name="key">16 bytes.</param>
    public KeyHash(ReadOnlySpan<byte> key)
    {
        _key0 = BinaryPrimitives.ReadUInt64LittleEndian(key);
        _key1 = BinaryPrimitives.ReadUInt64LittleEndian(key[8..]);
    }

    public long OfAnchor(string anchor) => OfText(anchor, AnchorSeed);

    /// <inheritdoc cref="OfAnchor(string)"/>
    /// <param name="anchor">As UTF-8.</param>
    public long OfAnchor(ReadOnlySpan<byte> anchor) => (long)Hash(anchor, AnchorSeed);

    /// <summary>Message ids are unique in their partition only, so the partition is part of it.</summary>
    public long OfMessage(int partition, string messageId) => OfText(messageId, (ulong)partition);

    /// <inheritdoc cref="OfMessage(int, string)"/>
    /// <param name="partition">Where it is.</param>
    /// <param name="messageId">As UTF-8.</param>
    public long OfMessage(int partition, ReadOnlySpan<byte> messageId) => (long)Hash(messageId, (ulong)partition);

    /// <summary>What is kept of the id of a removed message, so that a repeat of it is still recognised.</summary>
    /// <param name="messageId">As UTF-8.</param>
    /// <param name="hash"><see cref="RemovedBytes"/> bytes.</param>
    public void OfRemoved(ReadOnlySpan<byte> messageId, Span<byte> hash)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(hash, Hash(messageId, RemovedSeed));
        BinaryPrimitives.WriteUInt64LittleEndian(hash[8..], Hash(messageId, RemovedSeedOther));
    }

    private long OfText(string text, ulong seed)
    {
        Span<byte> buffer = stackalloc byte[StackBytesMax];
        return Encoding.UTF8.TryGetBytes(text, buffer, out int length)
            ? (long)Hash(buffer[..length], seed)
            : (long)Hash(Encoding.UTF8.GetBytes(text), seed);
    }

    private ulong Hash(ReadOnlySpan<byte> data, ulong seed)
    {
        ulong v0 = 0x736f6d6570736575UL ^ _key0;
        ulong v1 = 0x646f72616e646f6dUL ^ _key1;
        ulong v2 = 0x6c7967656e657261UL ^ _key0;
        ulong v3 = 0x7465646279746573UL ^ _key1;
        ulong length = (ulong)data.Length + 8;

        Absorb(seed);
        while (data.Length >= 8)
        {
            Absorb(BinaryPrimitives.ReadUInt64LittleEndian(data));
            data = data[8..];
        }

        ulong last = length << 56;
        for (int index = 0; index < data.Length; index++)
        {
            last |= (ulong)data[index] << (8 * index);
        }

        Absorb(last);
        v2 ^= 0xFF;
        Round();
        Round();
        Round();
        Round();
        return v0 ^ v1 ^ v2 ^ v3;

        void Absorb(ulong word)
        {
            v3 ^= word;
            Round();
            Round();
            v0 ^= word;
        }

        void Round()
        {
            v0 += v1;
            v1 = BitOperations.RotateLeft(v1, 13) ^ v0;
            v0 = BitOperations.RotateLeft(v0, 32);
            v2 += v3;
            v3 = BitOperations.RotateLeft(v3, 16) ^ v2;
            v0 += v3;
            v3 = BitOperations.RotateLeft(v3, 21) ^ v0;
            v2 += v1;
            v1 = BitOperations.RotateLeft(v1, 17) ^ v2;
            v2 = BitOperations.RotateLeft(v2, 32);
        }
    }
}
