using System.Buffers.Binary;
using System.Text;
using Customer360.Rules.Ports;
using Snappier;

namespace Customer360.Storage.Sqlite.Blocks;

/// <summary>
/// Gathers the messages that are appended to one partition, and packs them to the content of one row
/// (<see cref="LogBlockFormat"/>). For one thread; keeps its buffers.
/// </summary>
internal sealed class LogBlockWriter
{
    /// <summary>
    /// Bytes of messages that share a row. Who reads one message unpacks its row: at this size that takes about 5 µs, and
    /// messages of SDKs, which repeat each other's names and most values, shrink to a ninth.
    /// </summary>
    private const int BytesMax = 32 * 1024;

    private byte[] plain = new byte[BytesMax];
    private byte[] packed = [];
    private int length;

    public bool IsEmpty => length == 0;

    /// <summary>The row id of the newest message: the key of the block.</summary>
    public long LastId { get; private set; }

    /// <summary>False: what is gathered should be packed first. A message that is larger than a block gets its own.</summary>
    public bool HasRoomFor(LogAppend message) => IsEmpty || length + BytesMaxOf(message) <= BytesMax;

    /// <summary>Adds a message of the same partition with a higher position.</summary>
    public void Add(long id, LogAppend message, long microseconds)
    {
        int bytesMax = length + BytesMaxOf(message);
        if (plain.Length < bytesMax)
        {
            Array.Resize(ref plain, bytesMax);
        }

        Span<byte> entry = plain.AsSpan(length);
        Span<byte> rest = entry[LogBlockFormat.HeadBytes..];
        int messageId = Encoding.UTF8.GetBytes(message.MessageId, rest);
        int anchor = Encoding.UTF8.GetBytes(message.Anchor, rest[messageId..]);
        ReadOnlySpan<byte> payload = message.Payload.Span;
        payload.CopyTo(rest[(messageId + anchor)..]);
        BinaryPrimitives.WriteInt64LittleEndian(entry[LogBlockFormat.IdAt..], id);
        BinaryPrimitives.WriteInt64LittleEndian(entry[LogBlockFormat.MicrosecondsAt..], microseconds);
        BinaryPrimitives.WriteInt32LittleEndian(entry[LogBlockFormat.PayloadLengthAt..], payload.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(entry[LogBlockFormat.MessageIdLengthAt..], (ushort)messageId);
        BinaryPrimitives.WriteUInt16LittleEndian(entry[LogBlockFormat.AnchorLengthAt..], (ushort)anchor);
        length += LogBlockFormat.HeadBytes + messageId + anchor + payload.Length;
        LastId = id;
    }

    /// <summary>The content of the row, and starts anew. Valid until the next message is added.</summary>
    public ReadOnlySpan<byte> Pack()
    {
        ReadOnlySpan<byte> messages = plain.AsSpan(0, length);
        length = 0;
        int bytesMax = 1 + Snappy.GetMaxCompressedLength(messages.Length);
        if (packed.Length < bytesMax)
        {
            packed = new byte[bytesMax];
        }

        packed[0] = LogBlockFormat.Form;
        return packed.AsSpan(0, 1 + Snappy.Compress(messages, packed.AsSpan(1)));
    }

    /// <summary>Forgets what is gathered: its transaction is rolled back.</summary>
    public void Forget() => length = 0;

    private static int BytesMaxOf(LogAppend message) =>
        LogBlockFormat.HeadBytes
        + Encoding.UTF8.GetMaxByteCount(message.MessageId.Length)
        + Encoding.UTF8.GetMaxByteCount(message.Anchor.Length)
        + message.Payload.Length;
}
