using System.Buffers.Binary;
using Snappier;

namespace Customer360.Storage.Sqlite.Blocks;

/// <summary>
/// Holds one unpacked row of the log (<see cref="LogBlockFormat"/>) and goes through its messages. For one thread; keeps
/// its buffer and its last block, so that several messages of one burst are unpacked once.
/// </summary>
internal sealed class LogBlockReader
{
    private byte[] _messages = [];
    private int _length;
    private int _next;

    // These are the row ids of the first and the last message.
    private (long First, long Last) _ids;

    /// <summary>Unpacks a row, and stands before its first message.</summary>
    /// <exception cref="InvalidDataException">The content is not of a form that is known.</exception>
    public void Load(long lastId, ReadOnlySpan<byte> content)
    {
        Forget();
        if (content.IsEmpty || content[0] != LogBlockFormat.Form)
        {
            throw new InvalidDataException("A row of the log is of an unknown form.");
        }

        ReadOnlySpan<byte> compressed = content[1..];
        int bytes = Snappy.GetUncompressedLength(compressed);
        if (_messages.Length < bytes)
        {
            _messages = new byte[bytes];
        }

        _length = Snappy.Decompress(compressed, _messages);
        _ids = (BinaryPrimitives.ReadInt64LittleEndian(_messages.AsSpan(LogBlockFormat.IdAt)), lastId);
    }

    /// <summary>True where the block that is held has this message, if the log has it at all.</summary>
    public bool Covers(long id) => id >= _ids.First && id <= _ids.Last;

    /// <summary>Forgets the block.</summary>
    public void Forget()
    {
        _length = 0;
        _next = 0;
        _ids = default;
    }

    /// <summary>Goes on to the next message; false after the last one.</summary>
    public bool TryRead(out LogBlockEntry entry)
    {
        if (_next >= _length)
        {
            entry = default;
            return false;
        }

        ReadOnlySpan<byte> head = _messages.AsSpan(_next, LogBlockFormat.HeadBytes);
        int messageId = BinaryPrimitives.ReadUInt16LittleEndian(head[LogBlockFormat.MessageIdLengthAt..]);
        int anchor = BinaryPrimitives.ReadUInt16LittleEndian(head[LogBlockFormat.AnchorLengthAt..]);
        int payload = BinaryPrimitives.ReadInt32LittleEndian(head[LogBlockFormat.PayloadLengthAt..]);
        ReadOnlySpan<byte> rest = _messages.AsSpan(_next + LogBlockFormat.HeadBytes, messageId + anchor + payload);
        entry = new LogBlockEntry
        {
            Id = BinaryPrimitives.ReadInt64LittleEndian(head[LogBlockFormat.IdAt..]),
            Microseconds = BinaryPrimitives.ReadInt64LittleEndian(head[LogBlockFormat.MicrosecondsAt..]),
            MessageId = rest[..messageId],
            Anchor = rest.Slice(messageId, anchor),
            Payload = rest[(messageId + anchor)..],
        };
        _next += LogBlockFormat.HeadBytes + rest.Length;
        return true;
    }

    /// <summary>Finds a message in the block, wherever the reader stands.</summary>
    public bool TryFind(long id, out LogBlockEntry entry)
    {
        _next = 0;
        while (TryRead(out entry))
        {
            if (entry.Id >= id)
            {
                return entry.Id == id;
            }
        }

        return false;
    }
}
