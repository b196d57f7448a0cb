using System.Buffers.Binary;
using System.Numerics;

namespace Orleans.Runtime;

/// <summary>
/// xxHash32 with seed 0: the same value on every machine and in every run, so that partitions and reminder rows that
/// are keyed by a hash stay where they are after a restart.
/// </summary>
internal static class StableHash
{
    private const uint Prime1 = 2654435761U;
    private const uint Prime2 = 2246822519U;
    private const uint Prime3 = 3266489917U;
    private const uint Prime4 = 668265263U;
    private const uint Prime5 = 374761393U;

    /// <summary>Computes the hash of <paramref name="data"/>.</summary>
    public static uint ComputeHash(ReadOnlySpan<byte> data)
    {
        var rest = data;
        uint hash;
        if (data.Length >= 16)
        {
            var lane1 = unchecked(Prime1 + Prime2);
            var lane2 = Prime2;
            var lane3 = 0U;
            var lane4 = unchecked(0U - Prime1);
            do
            {
                lane1 = Round(lane1, BinaryPrimitives.ReadUInt32LittleEndian(rest));
                lane2 = Round(lane2, BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]));
                lane3 = Round(lane3, BinaryPrimitives.ReadUInt32LittleEndian(rest[8..]));
                lane4 = Round(lane4, BinaryPrimitives.ReadUInt32LittleEndian(rest[12..]));
                rest = rest[16..];
            } while (rest.Length >= 16);

            hash =
                BitOperations.RotateLeft(lane1, 1)
                + BitOperations.RotateLeft(lane2, 7)
                + BitOperations.RotateLeft(lane3, 12)
                + BitOperations.RotateLeft(lane4, 18);
        }
        else
        {
            hash = Prime5;
        }

        hash = unchecked(hash + (uint)data.Length);
        while (rest.Length >= 4)
        {
            hash = unchecked(hash + BinaryPrimitives.ReadUInt32LittleEndian(rest) * Prime3);
            hash = unchecked(BitOperations.RotateLeft(hash, 17) * Prime4);
            rest = rest[4..];
        }

        foreach (var value in rest)
        {
            hash = unchecked(hash + value * Prime5);
            hash = unchecked(BitOperations.RotateLeft(hash, 11) * Prime1);
        }

        hash ^= hash >> 15;
        hash = unchecked(hash * Prime2);
        hash ^= hash >> 13;
        hash = unchecked(hash * Prime3);
        return hash ^ (hash >> 16);
    }

    private static uint Round(uint lane, uint input) =>
        unchecked(BitOperations.RotateLeft(lane + input * Prime2, 13) * Prime1);
}
