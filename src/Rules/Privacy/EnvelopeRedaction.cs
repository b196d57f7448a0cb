using System.Buffers;
using System.Text.Json;
using Customer360.Rules.Events;

namespace Customer360.Rules.Privacy;

/// <summary>Takes mentions of erased identifiers out of other people's messages, in their canonical form.</summary>
public static class EnvelopeRedaction
{
    /// <summary>Stands where an event or a page had a mention for a name: it is counted under this one.</summary>
    public const string ErasedName = "erased";

    /// <summary>
    /// The envelope without the mentions; null where it has none. Its id stays, since repeats are known by it, and so does its
    /// anchor, which is nobody's of those that are erased.
    /// </summary>
    /// <param name="envelope">An envelope's canonical form.</param>
    /// <param name="targets">What is erased.</param>
    public static byte[]? Redact(ReadOnlySpan<byte> envelope, ErasureTargets targets)
    {
        if (!targets.AreMentioned(envelope))
        {
            return null;
        }

        var redacted = new ArrayBufferWriter<byte>(envelope.Length);
        int copied = 0;
        bool isChanged = false;
        var reader = new CheckedReader(envelope);
        reader.TryEnter(JsonTokenType.StartObject);
        while (reader.TryReadName(out ReadOnlySpan<byte> name))
        {
            bool isMessage = name.SequenceEqual("message"u8);
            JsonSlice value = isMessage ? reader.TakeLast() : reader.Take();
            if (RedactMember(name, value.Of(envelope), targets) is { } changed)
            {
                redacted.Write(envelope[copied..value.Start]);
                redacted.Write(changed);
                copied = value.Start + value.Length;
                isChanged = true;
            }

            if (isMessage)
            {
                break;
            }
        }

        redacted.Write(envelope[copied..]);
        return isChanged ? redacted.WrittenSpan.ToArray() : null;
    }

    private static byte[]? RedactMember(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, ErasureTargets targets) =>
        name switch
        {
            _ when name.SequenceEqual("message"u8) => targets.Redact(value),
            _ when name.SequenceEqual("identifiers"u8) => Identifiers(value, targets),
            _ when name.SequenceEqual("name"u8) && targets.AreMentioned(value) => [.. "\"erased\""u8],
            _ => null,
        };

    /// <summary>An identifier is a pair, and goes as a whole.</summary>
    private static byte[]? Identifiers(ReadOnlySpan<byte> list, ErasureTargets targets)
    {
        var kept = new ArrayBufferWriter<byte>(list.Length);
        kept.Write("["u8);
        bool isChanged = false;
        bool isFirst = true;
        var reader = new CheckedReader(list);
        reader.TryEnter(JsonTokenType.StartArray);
        while (reader.TryReadElement())
        {
            ReadOnlySpan<byte> pair = reader.Take().Of(list);
            Identifier identifier = IdentifierOf(pair);
            // The first is the anchor, which is nobody's of those that are erased.
            if (targets.Contains(identifier) || (!isFirst && targets.IsFormer(identifier)))
            {
                isChanged = true;
                continue;
            }

            isFirst = false;
            if (kept.WrittenCount > 1)
            {
                kept.Write(","u8);
            }

            kept.Write(pair);
        }

        kept.Write("]"u8);
        return isChanged ? kept.WrittenSpan.ToArray() : null;
    }

    private static Identifier IdentifierOf(ReadOnlySpan<byte> pair)
    {
        string type = "";
        string value = "";
        var reader = new CheckedReader(pair);
        reader.TryEnter(JsonTokenType.StartObject);
        while (reader.TryReadName(out ReadOnlySpan<byte> name))
        {
            string text = JsonText.Read(reader.Take().ContentOf(pair));
            type = name.SequenceEqual("type"u8) ? text : type;
            value = name.SequenceEqual("value"u8) ? text : value;
        }

        return Identifier.Create(type, value);
    }
}
