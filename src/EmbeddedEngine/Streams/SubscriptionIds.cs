using System.Buffers.Binary;
using Orleans.Runtime;

namespace Customer360.EmbeddedEngine.Streams;

/// <summary>Ids of subscriptions, derived from what they identify.</summary>
internal static class SubscriptionIds
{
    /// <summary>Of a class's subscription to a stream.</summary>
    public static Guid Implicit(StreamId streamId, GrainType grainType) =>
        Make(streamId, 1, grainType.GetUniformHashCode());

    /// <summary>Of the subscription that was made with this version.</summary>
    public static Guid Explicit(StreamId streamId, long version) => Make(streamId, 2, (ulong)version);

    private static Guid Make(StreamId streamId, uint kind, ulong discriminator)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, StableHash.ComputeHash(streamId.FullKey.Span));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[4..], kind);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], discriminator);
        return new Guid(bytes);
    }
}
