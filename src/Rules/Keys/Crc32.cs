namespace Customer360.Rules.Keys;

/// <summary>The checksum of zip and Ethernet (IEEE 802.3). The base class library has none.</summary>
internal static class Crc32
{
    private const uint Polynomial = 0xEDB8_8320;

    private static readonly uint[] s_table = [.. Enumerable.Range(0, 256).Select(index => Entry((uint)index))];

    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        uint checksum = uint.MaxValue;
        foreach (byte one in bytes)
        {
            checksum = s_table[(byte)(checksum ^ one)] ^ (checksum >> 8);
        }

        return ~checksum;
    }

    private static uint Entry(uint index)
    {
        for (int bit = 0; bit < 8; bit++)
        {
            index = (index & 1) == 0 ? index >> 1 : (index >> 1) ^ Polynomial;
        }

        return index;
    }
}
