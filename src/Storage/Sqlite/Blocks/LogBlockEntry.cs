using System.Buffers.Binary;
using System.Text;
using Customer360.Rules.Ports;

namespace Customer360.Storage.Sqlite.Blocks;

/// <summary>One message of a block that a <see cref="LogBlockReader"/> holds; valid until that reads another block.</summary>
internal readonly ref struct LogBlockEntry
{
    public required long Id { get; init; }

    /// <summary>When it happened, microseconds since 1970, UTC.</summary>
    public required long Microseconds { get; init; }

    public required ReadOnlySpan<byte> MessageId { get; init; }

    public required ReadOnlySpan<byte> Anchor { get; init; }

    public required ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>The message is gone; its position and the hashes of its id are left.</summary>
    public bool IsRemoved => Anchor.IsEmpty;

    /// <summary>Of a removed message: the index's hash of its id.</summary>
    public long IndexHash => BinaryPrimitives.ReadInt64LittleEndian(MessageId);

    /// <summary>Of a removed message: the hash by which a repeat is recognised.</summary>
    public ReadOnlySpan<byte> RemovedHash => MessageId[sizeof(long)..];

    public LogRow ToRow() =>
        new(
            LogId.Partition(Id),
            LogId.Position(Id),
            Encoding.UTF8.GetString(MessageId),
            Encoding.UTF8.GetString(Anchor),
            StorageTime.FromMicroseconds(Microseconds),
            Payload.ToArray()
        );
}
