using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;
using Customer360.Rules.Outcomes;

namespace Customer360.Rules.Events;

/// <summary>
/// The canonical text of a message: as sent, with the batch's <c>context</c> and <c>integrations</c> under its own,
/// and without <c>writeKey</c>, which some SDKs put into the body and which belongs in no log. Pooled; dispose it.
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

    private byte[] _bytes;
    private readonly int _length;

    private MessageText(byte[] bytes, int length)
    {
        _bytes = bytes;
        _length = length;
    }

    public readonly ReadOnlySpan<byte> Json => _bytes.AsSpan(0, _length);

    public static MessageRefusal? TryCreate(JsonElement message, in MessageContext context, out MessageText text)
    {
        text = new MessageText([], 0);
        if (message.ValueKind != JsonValueKind.Object)
        {
            return new MessageNotAnObject();
        }

        ReadOnlySpan<byte> raw = JsonMarshal.GetRawUtf8Value(message);
        ReadOnlySpan<byte> batchContext = ObjectBytes(context.BatchContext);
        ReadOnlySpan<byte> batchIntegrations = ObjectBytes(context.BatchIntegrations);
        if (raw.Length > LengthMax || batchContext.Length + batchIntegrations.Length > BatchLengthMax)
        {
            return new MessageTooLarge();
        }

        // JSON parsers check the bytes of a string only when it is read, so it has to be done here.
        if (!Utf8.IsValid(raw) || !Utf8.IsValid(batchContext) || !Utf8.IsValid(batchIntegrations))
        {
            return new MessageFieldInvalid("message", "valid UTF-8");
        }

        int capacity = raw.Length + batchContext.Length + batchIntegrations.Length + 64;
        // The shortest member, "":1 and its comma, has five bytes.
        int names = (capacity / 5) + 1;
        byte[] bytes = ArrayPool<byte>.Shared.Rent(capacity);
        int[] hashes = ArrayPool<int>.Shared.Rent(names);
        int[] starts = ArrayPool<int>.Shared.Rent(names);
        var canonical = new JsonCanonicalizer(bytes, hashes, starts);
        MessageRefusal? refusal = Write(ref canonical, raw, batchContext, batchIntegrations);
        ArrayPool<int>.Shared.Return(hashes);
        ArrayPool<int>.Shared.Return(starts);
        text = new MessageText(bytes, canonical.Length);
        return refusal;
    }

    public void Dispose()
    {
        byte[] bytes = _bytes;
        _bytes = [];
        if (bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private static MessageFieldInvalid? Write(
        ref JsonCanonicalizer canonical,
        ReadOnlySpan<byte> raw,
        ReadOnlySpan<byte> batchContext,
        ReadOnlySpan<byte> batchIntegrations
    )
    {
        var reader = new CheckedReader(raw);
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

    private static ReadOnlySpan<byte> ObjectBytes(JsonElement? element) =>
        element is { ValueKind: JsonValueKind.Object } lent ? JsonMarshal.GetRawUtf8Value(lent) : default;
}
