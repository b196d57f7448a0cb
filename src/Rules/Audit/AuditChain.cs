using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;

namespace Customer360.Rules.Audit;

/// <summary>
/// How records are chained: <c>h(n) = SHA-256(domain ‖ chain ‖ n ‖ h(n-1) ‖ record(n))</c> with the chain as 4 bytes and n as
/// 8 bytes, both big-endian; n counts from 1 without gaps, and h(0) is 32 bytes of zero. A hash therefore says at which
/// place a record stands and what stands before it.
/// </summary>
/// <remarks>
/// There are several chains so that several writers need not wait for each other. All records about one object are in one chain.
/// The number of chains is part of what is stored, and never changes.
/// </remarks>
public static class AuditChain
{
    /// <summary>Chains are numbered from 0 to one below this.</summary>
    public const int Count = 16;

    /// <summary>Bytes of a hash.</summary>
    public const int HashLength = SHA256.HashSizeInBytes;

    /// <summary>Actions of records that a decision has brought begin with this; only the store writes such records.</summary>
    public const string DecisionPrefix = "decision.";

    private const int PlaceLength = sizeof(int) + sizeof(long);
    private const int StackBytesMax = 2048;

    /// <summary>What each hash begins with: a hash of ours is none of anybody else's.</summary>
    public static ReadOnlySpan<byte> Domain => "customer360 audit 1\n"u8;

    /// <summary>What the first record of each chain follows.</summary>
    public static ImmutableArray<byte> Beginning { get; } = [.. new byte[HashLength]];

    /// <summary>The chain that records about an object go to.</summary>
    public static int Of(AuditEntry entry)
    {
        // This is FNV-1a, which is the same in every process.
        uint hash = 2166136261;
        Mix(ref hash, entry.ObjectType);
        Mix(ref hash, "\0");
        Mix(ref hash, entry.ObjectId);
        return (int)(hash % Count);
    }

    /// <summary>The chain of an object's records, for who looks for them.</summary>
    public static int Of(string objectType, string objectId) =>
        Of(new AuditEntry("", default, "", new AuditActor("", "", ""), objectType, objectId));

    /// <summary>The hash of a record at its place.</summary>
    /// <param name="previous">The hash of the record before it in the chain, or <see cref="Beginning"/>.</param>
    public static ImmutableArray<byte> Hash(int chain, long seq, ReadOnlySpan<byte> previous, ReadOnlySpan<byte> record)
    {
        int length = Domain.Length + PlaceLength + previous.Length + record.Length;
        byte[]? rented = length > StackBytesMax ? ArrayPool<byte>.Shared.Rent(length) : null;
        Span<byte> input = rented is null ? stackalloc byte[StackBytesMax] : rented;
        Domain.CopyTo(input);
        Span<byte> rest = input[Domain.Length..];
        WritePlace(rest, chain, seq);
        previous.CopyTo(rest[PlaceLength..]);
        record.CopyTo(rest[(PlaceLength + previous.Length)..]);
        byte[] hash = SHA256.HashData(input[..length]);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return System.Runtime.InteropServices.ImmutableCollectionsMarshal.AsImmutableArray(hash);
    }

    /// <summary>A chain and a number in it, as hashes take them.</summary>
    internal static byte[] Place(int chain, long seq)
    {
        byte[] place = new byte[PlaceLength];
        WritePlace(place, chain, seq);
        return place;
    }

    private static void WritePlace(Span<byte> bytes, int chain, long seq)
    {
        BinaryPrimitives.WriteInt32BigEndian(bytes, chain);
        BinaryPrimitives.WriteInt64BigEndian(bytes[sizeof(int)..], seq);
    }

    private static void Mix(ref uint hash, string text)
    {
        foreach (char letter in text)
        {
            hash = unchecked((hash ^ letter) * 16777619);
        }
    }
}
