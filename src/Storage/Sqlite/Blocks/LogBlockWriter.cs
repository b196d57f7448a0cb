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

    private byte[] _plain = new byte[BytesMax];
    private byte[] _packed = [];
    private int _length;

    public bool IsEmpty => _length == 0;

    /// <summary>The row id of the newest message: the key of the block.</summary>
    public long LastId { get; private set; }

    /// <summary>False where what is gathered should be packed first. A message that is larger than a block gets its own.</summary>
    public bool HasRoomFor(LogAppend message) => IsEmpty || _length + BytesMaxOf(message) <= BytesMax;

    /// <summary>Adds a message of the same partition with a higher position.</summary>
    public void Add(long id, LogAppend message, long microseconds)
    {
        int bytesMax = _length + BytesMaxOf(message);
        if (_plain.Length < bytesMax)
        {
            Array.Resize(ref _plain, bytesMax);
        }

        Span<byte> entry = _plain.AsSpan(_length);
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
        _length += LogBlockFormat.HeadBytes + messageId + anchor + payload.Length;
        LastId = id;
    }

    /// <summary>Adds a message as another block has it, or what is left of it. The block grows as it must: it keeps its messages.</summary>
    public void Add(in LogBlockEntry message)
    {
        int bytes =
            LogBlockFormat.HeadBytes + message.MessageId.Length + message.Anchor.Length + message.Payload.Length;
        if (_plain.Length < _length + bytes)
        {
            Array.Resize(ref _plain, _length + bytes);
        }

        Span<byte> entry = _plain.AsSpan(_length, bytes);
        BinaryPrimitives.WriteInt64LittleEndian(entry[LogBlockFormat.IdAt..], message.Id);
        BinaryPrimitives.WriteInt64LittleEndian(entry[LogBlockFormat.MicrosecondsAt..], message.Microseconds);
        BinaryPrimitives.WriteInt32LittleEndian(entry[LogBlockFormat.PayloadLengthAt..], message.Payload.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(
            entry[LogBlockFormat.MessageIdLengthAt..],
            (ushort)message.MessageId.Length
        );
        BinaryPrimitives.WriteUInt16LittleEndian(entry[LogBlockFormat.AnchorLengthAt..], (ushort)message.Anchor.Length);
        Span<byte> rest = entry[LogBlockFormat.HeadBytes..];
        message.MessageId.CopyTo(rest);
        message.Anchor.CopyTo(rest[message.MessageId.Length..]);
        message.Payload.CopyTo(rest[(message.MessageId.Length + message.Anchor.Length)..]);
        _length += bytes;
        LastId = message.Id;
    }

    /// <summary>Packs the content of the row and starts anew. The content is valid until the next message is added.</summary>
    public ReadOnlySpan<byte> Pack()
    {
        ReadOnlySpan<byte> messages = _plain.AsSpan(0, _length);
        _length = 0;
        int bytesMax = 1 + Snappy.GetMaxCompressedLength(messages.Length);
        if (_packed.Length < bytesMax)
        {
            _packed = new byte[bytesMax];
        }

        _packed[0] = LogBlockFormat.Form;
        return _packed.AsSpan(0, 1 + Snappy.Compress(messages, _packed.AsSpan(1)));
    }

    /// <summary>Forgets what is gathered, because its transaction is rolled back.</summary>
    public void Forget() => _length = 0;

    private static int BytesMaxOf(LogAppend message) =>
        LogBlockFormat.HeadBytes
        + Encoding.UTF8.GetMaxByteCount(message.MessageId.Length)
        + Encoding.UTF8.GetMaxByteCount(message.Anchor.Length)
        + message.Payload.Length;
}
