using System.Buffers;
using System.Text.Json;
using Customer360.Rules.Outcomes;

namespace Customer360.Rules.Events;

/// <summary>
/// The canonical text of a message: as sent, with the batch's <c>context</c> and <c>integrations</c> under its own,
/// and without <c>writeKey</c>, which some SDKs put into the body and which belongs in no log. Where that is what was sent, it
/// is the bytes of the body; else pooled. Dispose it.
/// </summary>
/// <remarks>
/// The merge goes one level deep: of a member that both have, the message's own stands whole. Segment's documents say
/// "merged" only; mixing half a <c>device</c> of the batch with half a <c>device</c> of the message would invent a
/// device.
/// </remarks>
internal ref struct MessageText
{
    /// <summary>Segment's limit for one message, in bytes as sent.</summary>
    public const int LengthMax = 32 * 1024;

    // What a batch may lend to each of its messages: without a limit, 2,500 messages could each log the same 400 KB.
    private const int BatchLengthMax = 32 * 1024;

    private readonly ReadOnlySpan<byte> _json;
    private byte[] _rented;

    private MessageText(ReadOnlySpan<byte> json, byte[] rented)
    {
        _json = json;
        _rented = rented;
    }

    public readonly ReadOnlySpan<byte> Json => _json;

    public static MessageRefusal? TryCreate(SentMessage message, out MessageText text)
    {
        text = new MessageText(message.Json, []);
        if (!message.IsObject)
        {
            return new MessageNotAnObject();
        }

        int lent = message.LentContext.Length + message.LentIntegrations.Length;
        if (message.Json.Length > LengthMax || lent > BatchLengthMax)
        {
            return new MessageTooLarge();
        }

        return message.IsCanonical && lent == 0 ? null : Rewrite(message, lent, out text);
    }

    public void Dispose()
    {
        byte[] rented = _rented;
        _rented = [];
        if (rented.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static MessageFieldInvalid? Rewrite(SentMessage message, int lent, out MessageText text)
    {
        int capacity = message.Json.Length + lent + 64;
        // The shortest member, "":1 and its comma, has five bytes.
        int names = (capacity / 5) + 1;
        byte[] bytes = ArrayPool<byte>.Shared.Rent(capacity);
        int[] hashes = ArrayPool<int>.Shared.Rent(names);
        int[] starts = ArrayPool<int>.Shared.Rent(names);
        var canonical = new JsonCanonicalizer(bytes, hashes, starts);
        MessageFieldInvalid? refusal = Write(ref canonical, message);
        ArrayPool<int>.Shared.Return(hashes);
        ArrayPool<int>.Shared.Return(starts);
        text = new MessageText(bytes.AsSpan(0, canonical.Length), bytes);
        return refusal;
    }

    private static MessageFieldInvalid? Write(ref JsonCanonicalizer canonical, SentMessage message)
    {
        ReadOnlySpan<byte> batchContext = message.LentContext;
        ReadOnlySpan<byte> batchIntegrations = message.LentIntegrations;
        var reader = new CheckedReader(message.Json);
        reader.TryEnter(JsonTokenType.StartObject);
        int scope = canonical.BeginObject();
        bool lendsContext = !batchContext.IsEmpty;
        bool lendsIntegrations = !batchIntegrations.IsEmpty;
        while (reader.TryReadName(out ReadOnlySpan<byte> written, out bool isEscaped))
        {
            int start = canonical.Length;
            if (!canonical.WriteName(written, isEscaped, scope))
            {
                return new MessageFieldInvalid("message", canonical.Fault!);
            }

            ReadOnlySpan<byte> name = canonical.Written[start..^1];
            if (name.SequenceEqual("\"writeKey\""u8))
            {
                reader.Skip();
                canonical.ForgetMember(start);
                continue;
            }

            bool isWritten;
            if (name.SequenceEqual("\"context\""u8))
            {
                isWritten = WriteMerged(ref canonical, batchContext, ref reader);
                lendsContext = false;
            }
            else if (name.SequenceEqual("\"integrations\""u8))
            {
                isWritten = WriteMerged(ref canonical, batchIntegrations, ref reader);
                lendsIntegrations = false;
            }
            else
            {
                isWritten = canonical.WriteValue(ref reader, depth: 2);
            }

            if (!isWritten)
            {
                return new MessageFieldInvalid(FieldNames.Public(name), canonical.Fault!);
            }

            canonical.Separate();
        }

        if (lendsContext && !WriteLent(ref canonical, "\"context\":"u8, batchContext))
        {
            return new MessageFieldInvalid("context", canonical.Fault!);
        }

        if (lendsIntegrations && !WriteLent(ref canonical, "\"integrations\":"u8, batchIntegrations))
        {
            return new MessageFieldInvalid("integrations", canonical.Fault!);
        }

        canonical.EndObject(scope);
        return null;
    }

    /// <summary>The batch's members, then the message's own: of one name, the last stands.</summary>
    private static bool WriteMerged(ref JsonCanonicalizer canonical, ReadOnlySpan<byte> batch, ref CheckedReader own)
    {
        // A context that is a text or a number is refused later, where fields are read; here it is only kept.
        JsonTokenType type = own.Next;
        if (batch.IsEmpty || type is not (JsonTokenType.StartObject or JsonTokenType.Null))
        {
            return canonical.WriteValue(ref own, depth: 2);
        }

        var lent = new CheckedReader(batch);
        int scope = canonical.BeginObject();
        if (!canonical.WriteMembers(ref lent, scope, depth: 2))
        {
            return false;
        }

        if (type == JsonTokenType.Null)
        {
            own.Skip();
        }
        else if (!canonical.WriteMembers(ref own, scope, depth: 2))
        {
            return false;
        }

        return canonical.EndObject(scope);
    }

    private static bool WriteLent(ref JsonCanonicalizer canonical, ReadOnlySpan<byte> name, ReadOnlySpan<byte> batch)
    {
        var lent = new CheckedReader(batch);
        canonical.WriteRaw(name);
        bool written = canonical.WriteValue(ref lent, depth: 2);
        canonical.Separate();
        return written;
    }
}
