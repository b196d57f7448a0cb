using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Customer360.Rules.Contracts.Schemas;

/// <summary>
/// Finds what belongs to a member's name. By its bytes where they stand in the message: a string for each name of each message
/// would be most of what a check costs.
/// </summary>
internal sealed class SchemaNames
{
    private readonly byte[][] _names;
    private readonly int[] _slots;
    private readonly int _mask;

    public SchemaNames(IReadOnlyList<string> names)
    {
        _names = [.. names.Select(Encoding.UTF8.GetBytes)];
        int size = 4;
        while (size < _names.Length * 2)
        {
            size *= 2;
        }

        _mask = size - 1;
        _slots = new int[size];
        Array.Fill(_slots, -1);
        for (int index = 0; index < _names.Length; index++)
        {
            int slot = Hash(_names[index]) & _mask;
            while (_slots[slot] >= 0)
            {
                slot = (slot + 1) & _mask;
            }

            _slots[slot] = index;
        }
    }

    public int Count => _names.Length;

    /// <summary>The place of the member's name among the names; negative: it is none of them.</summary>
    public int IndexOf(in JsonProperty member)
    {
        ReadOnlySpan<byte> raw = JsonMarshal.GetRawUtf8PropertyName(member);
        return raw.Contains((byte)'\\') ? IndexOf(Encoding.UTF8.GetBytes(member.Name)) : IndexOf(raw);
    }

    private int IndexOf(ReadOnlySpan<byte> name)
    {
        int slot = Hash(name) & _mask;
        while (_slots[slot] is >= 0 and var index)
        {
            if (name.SequenceEqual(_names[index]))
            {
                return index;
            }

            slot = (slot + 1) & _mask;
        }

        return -1;
    }

    private static int Hash(ReadOnlySpan<byte> name)
    {
        uint hash = 2_166_136_261;
        foreach (byte one in name)
        {
            hash = (hash ^ one) * 16_777_619;
        }

        return (int)((hash ^ (hash >> 15)) & int.MaxValue);
    }
}
