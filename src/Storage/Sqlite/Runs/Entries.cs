using System.Runtime.InteropServices;

namespace Customer360.Storage.Sqlite.Runs;

/// <summary>Where a message id is: 16 bytes, stored as they lie in memory (little-endian).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
internal readonly record struct MessageEntry(long Hash, long Id) : IHashedEntry, IComparable<MessageEntry>
{
    public static bool operator <(MessageEntry left, MessageEntry right) => left.CompareTo(right) < 0;

    public static bool operator >(MessageEntry left, MessageEntry right) => left.CompareTo(right) > 0;

    public static bool operator <=(MessageEntry left, MessageEntry right) => left.CompareTo(right) <= 0;

    public static bool operator >=(MessageEntry left, MessageEntry right) => left.CompareTo(right) >= 0;

    public int CompareTo(MessageEntry other)
    {
        int byHash = Hash.CompareTo(other.Hash);
        return byHash != 0 ? byHash : Id.CompareTo(other.Id);
    }
}

/// <summary>One message of an anchor: 24 bytes, stored as they lie in memory (little-endian).</summary>
/// <param name="Hash">Of the anchor.</param>
/// <param name="Time">When it happened, microseconds since 1970.</param>
/// <param name="Id">Its row (<see cref="LogId"/>).</param>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
internal readonly record struct AnchorEntry(long Hash, long Time, long Id) : IHashedEntry, IComparable<AnchorEntry>
{
    public static bool operator <(AnchorEntry left, AnchorEntry right) => left.CompareTo(right) < 0;

    public static bool operator >(AnchorEntry left, AnchorEntry right) => left.CompareTo(right) > 0;

    public static bool operator <=(AnchorEntry left, AnchorEntry right) => left.CompareTo(right) <= 0;

    public static bool operator >=(AnchorEntry left, AnchorEntry right) => left.CompareTo(right) >= 0;

    public int CompareTo(AnchorEntry other)
    {
        int byHash = Hash.CompareTo(other.Hash);
        if (byHash != 0)
        {
            return byHash;
        }

        int byTime = Time.CompareTo(other.Time);
        return byTime != 0 ? byTime : Id.CompareTo(other.Id);
    }
}
