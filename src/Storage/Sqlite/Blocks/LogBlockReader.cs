using System.Buffers.Binary;
using Snappier;

namespace Customer360.Storage.Sqlite.Blocks;

/// <summary>
/// Holds one unpacked row of the log (<see cref="LogBlockFormat"/>) and goes through its messages. For one thread; keeps
/// its buffer, and its last block: who asks for several messages of one burst unpacks it once.
/// </summary>
internal sealed class LogBlockReader
{
    private byte[] messages = [];
    private int length;
    private int next;

    // Of the first and the last message.
    private (long First, long Last) ids;

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
        if (messages.Length < bytes)
        {
            messages = new byte[bytes];
        }

        length = Snappy.Decompress(compressed, messages);
        ids = (BinaryPrimitives.ReadInt64LittleEndian(messages.AsSpan(LogBlockFormat.IdAt)), lastId);
    }

    /// <summary>True: if the log has this message, it is in the block that is held.</summary>
    public bool Covers(long id) => id >= ids.First && id <= ids.Last;

    /// <summary>Forgets the block.</summary>
    public void Forget()
    {
        length = 0;
        next = 0;
        ids = default;
    }

    /// <summary>Goes on to the next message; false after the last one.</summary>
    public bool TryRead(out LogBlockEntry entry)
    {
        if (next >= length)
        {
            entry = default;
            return false;
        }

        ReadOnlySpan<byte> head = messages.AsSpan(next, LogBlockFormat.HeadBytes);
        int messageId = BinaryPrimitives.ReadUInt16LittleEndian(head[LogBlockFormat.MessageIdLengthAt..]);
        int anchor = BinaryPrimitives.ReadUInt16LittleEndian(head[LogBlockFormat.AnchorLengthAt..]);
        int payload = BinaryPrimitives.ReadInt32LittleEndian(head[LogBlockFormat.PayloadLengthAt..]);
        ReadOnlySpan<byte> rest = messages.AsSpan(next + LogBlockFormat.HeadBytes, messageId + anchor + payload);
        entry = new LogBlockEntry
        {
            Id = BinaryPrimitives.ReadInt64LittleEndian(head[LogBlockFormat.IdAt..]),
            Microseconds = BinaryPrimitives.ReadInt64LittleEndian(head[LogBlockFormat.MicrosecondsAt..]),
            MessageId = rest[..messageId],
            Anchor = rest.Slice(messageId, anchor),
            Payload = rest[(messageId + anchor)..],
        };
        next += LogBlockFormat.HeadBytes + rest.Length;
        return true;
    }

    /// <summary>Finds a message in the block, wherever the reader stands.</summary>
    public bool TryFind(long id, out LogBlockEntry entry)
    {
        next = 0;
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
