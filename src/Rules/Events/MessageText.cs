using System.Buffers;
using System.Text.Json;
using Customer360.Rules.Outcomes;

namespace Customer360.Rules.Events;

/// <summary>
/// The canonical text of a message: as sent, with the batch's <c>context</c> and <c>integrations</c> under its own, and without
/// the credentials in it, which belong in no log: <c>writeKey</c>, which some SDKs put into the body, and
/// <c>context.userIdSignature</c>. Where that is what was sent, it
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

    /// <param name="leftOut">Gets what had to be repaired, by field.</param>
    public static MessageRefusal? TryCreate(SentMessage message, ref LeftOutParts leftOut, out MessageText text)
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

        if (message.IsTooDeep)
        {
            return new MessageTooDeep();
        }

        if (message.IsRepaired)
        {
            leftOut.Add("message", LeftOutReasons.NotStorable);
        }

        if (message.IsLentContextUnreadable)
        {
            leftOut.Add("context", LeftOutReasons.WrongType);
        }

        if (message.AreLentIntegrationsUnreadable)
        {
            leftOut.Add("integrations", LeftOutReasons.WrongType);
        }

        if (!message.IsCanonical || lent > 0)
        {
            Rewrite(message, lent, ref leftOut, out text);
        }

        return null;
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

    private static void Rewrite(SentMessage message, int lent, ref LeftOutParts leftOut, out MessageText text)
    {
        int length = message.Json.Length + lent + 64;
        // The shortest member, "":1 and its comma, has five bytes.
        int names = (length / 5) + 1;
        byte[] bytes = ArrayPool<byte>.Shared.Rent(length * JsonCanonicalizer.GrowthMax);
        int[] hashes = ArrayPool<int>.Shared.Rent(names);
        int[] starts = ArrayPool<int>.Shared.Rent(names);
        var canonical = new JsonCanonicalizer(bytes, hashes, starts);
        Write(ref canonical, message, ref leftOut);
        ArrayPool<int>.Shared.Return(hashes);
        ArrayPool<int>.Shared.Return(starts);
        text = new MessageText(bytes.AsSpan(0, canonical.Length), bytes);
    }

    private static void Write(ref JsonCanonicalizer canonical, SentMessage message, ref LeftOutParts leftOut)
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
            canonical.WriteName(written, isEscaped, scope);
            ReadOnlySpan<byte> name = canonical.Written[start..^1];
            if (name.SequenceEqual("\"writeKey\""u8))
            {
                reader.Skip();
                canonical.ForgetMember(start);
                continue;
            }

            if (name.SequenceEqual("\"context\""u8))
            {
                WriteMerged(ref canonical, batchContext, ref reader, UserIdSignature.Member);
                lendsContext = false;
            }
            else if (name.SequenceEqual("\"integrations\""u8))
            {
                WriteMerged(ref canonical, batchIntegrations, ref reader, []);
                lendsIntegrations = false;
            }
            else
            {
                canonical.WriteValue(ref reader, depth: 2);
            }

            if (canonical.Repairs != JsonRepairs.None)
            {
                Note(canonical.TakeRepairs(), FieldNames.Public(name), ref leftOut);
            }

            canonical.Separate();
        }

        if (lendsContext)
        {
            WriteLent(ref canonical, "\"context\":"u8, batchContext, UserIdSignature.Member);
            Note(canonical.TakeRepairs(), "context", ref leftOut);
        }

        if (lendsIntegrations)
        {
            WriteLent(ref canonical, "\"integrations\":"u8, batchIntegrations, []);
            Note(canonical.TakeRepairs(), "integrations", ref leftOut);
        }

        canonical.EndObject(scope);
    }

    private static void Note(JsonRepairs repairs, string field, ref LeftOutParts leftOut)
    {
        if (repairs.HasFlag(JsonRepairs.NotStorable))
        {
            leftOut.Add(field, LeftOutReasons.NotStorable);
        }

        if (repairs.HasFlag(JsonRepairs.NumberOutOfRange))
        {
            leftOut.Add(field, LeftOutReasons.NumberOutOfRange);
        }

        if (repairs.HasFlag(JsonRepairs.TooDeep))
        {
            leftOut.Add(field, LeftOutReasons.TooDeep);
        }
    }

    /// <summary>The batch's members, then the message's own: of one name, the last stands.</summary>
    /// <param name="omitted">The member that is not written; empty: none.</param>
    private static void WriteMerged(
        ref JsonCanonicalizer canonical,
        ReadOnlySpan<byte> batch,
        ref CheckedReader own,
        ReadOnlySpan<byte> omitted
    )
    {
        // A context that is a text or a number is left out later, where fields are read; here it is only kept.
        JsonTokenType type = own.Next;
        bool isMerged = type == JsonTokenType.StartObject || (type == JsonTokenType.Null && !batch.IsEmpty);
        if (!isMerged)
        {
            canonical.WriteValue(ref own, depth: 2);
            return;
        }

        int scope = canonical.BeginObject();
        if (!batch.IsEmpty)
        {
            var lent = new CheckedReader(batch);
            canonical.WriteMembers(ref lent, scope, depth: 2, omitted);
        }

        if (type == JsonTokenType.Null)
        {
            own.Skip();
        }
        else
        {
            canonical.WriteMembers(ref own, scope, depth: 2, omitted);
        }

        canonical.EndObject(scope);
    }

    private static void WriteLent(
        ref JsonCanonicalizer canonical,
        ReadOnlySpan<byte> name,
        ReadOnlySpan<byte> batch,
        ReadOnlySpan<byte> omitted
    )
    {
        var lent = new CheckedReader(batch);
        canonical.WriteRaw(name);
        int scope = canonical.BeginObject();
        canonical.WriteMembers(ref lent, scope, depth: 2, omitted);
        canonical.EndObject(scope);
        canonical.Separate();
    }
}
