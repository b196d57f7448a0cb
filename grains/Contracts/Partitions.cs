using System.Text;
using Customer360.Rules.Events;

namespace Customer360.Grains.Contracts;

/// <summary>Which partition of the event log a message belongs to: chosen by its anchor, for ever.</summary>
public static class Partitions
{
    /// <summary>
    /// FNV-1a (64 bit, as published by Fowler, Noll and Vo) over the anchor's UTF-8, folded to <paramref name="count"/>.
    /// Written out here because it must never change: a message's repeat is recognised in its partition only.
    /// </summary>
    public static int Of(Identifier anchor, int count)
    {
        ulong hash = Add(14695981039346656037, anchor.Type);
        hash = (hash ^ ':') * 1099511628211;
        hash = Add(hash, anchor.Value);
        return (int)((hash ^ (hash >> 32)) % (uint)count);
    }

    private static ulong Add(ulong hash, string text)
    {
        Span<byte> buffer = stackalloc byte[512];
        int length = Encoding.UTF8.GetMaxByteCount(text.Length);
        Span<byte> bytes = length <= buffer.Length ? buffer : new byte[length];
        foreach (byte one in bytes[..Encoding.UTF8.GetBytes(text, bytes)])
        {
            hash = (hash ^ one) * 1099511628211;
        }

        return hash;
    }
}
