using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Customer360.Rules.Outcomes;

namespace Customer360.Rules.Warehouse;

/// <summary>A value of a row. Missing by default.</summary>
public readonly record struct MirrorValue
{
    private readonly long _number;

    private MirrorValue(MirrorKind kind, string? text, long number)
    {
        Kind = kind;
        Text = text;
        _number = number;
    }

    /// <summary>JSON is text.</summary>
    public MirrorKind Kind { get; }

    public bool IsMissing => Kind == MirrorKind.None;

    public string? Text { get; }

    public long? Number => Kind == MirrorKind.Number ? _number : null;

    public bool? Flag => Kind == MirrorKind.Flag ? _number != 0 : null;

    public DateTime? Time => Kind == MirrorKind.Time ? new DateTime(_number, DateTimeKind.Utc) : null;

    /// <summary>About what it takes in memory, in bytes.</summary>
    public int Size => 24 + (2 * (Text?.Length ?? 0));

    public static implicit operator MirrorValue(string? text) =>
        text is null ? default : new(MirrorKind.Text, text, number: 0);

    public static implicit operator MirrorValue(long number) => new(MirrorKind.Number, text: null, number);

    public static implicit operator MirrorValue(long? number) => number is { } known ? known : default(MirrorValue);

    public static implicit operator MirrorValue(bool flag) => new(MirrorKind.Flag, text: null, flag ? 1 : 0);

    public static implicit operator MirrorValue(bool? flag) => flag is { } known ? known : default(MirrorValue);

    /// <summary>What is below a millisecond is cut off, as the file does it.</summary>
    public static implicit operator MirrorValue(DateTimeOffset time) =>
        new(MirrorKind.Time, text: null, time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMillisecond));

    public static implicit operator MirrorValue(DateTimeOffset? time) =>
        time is { } known ? known : default(MirrorValue);

    /// <summary>JSON in UTF-8; empty: missing.</summary>
    public static MirrorValue Json(ReadOnlySpan<byte> json) =>
        json.IsEmpty ? default : new(MirrorKind.Text, Encoding.UTF8.GetString(json), number: 0);

    /// <summary>Texts as a JSON array.</summary>
    public static MirrorValue OfTexts(IEnumerable<string> texts)
    {
        var buffer = new ArrayBufferWriter<byte>(64);
        using (var writer = new Utf8JsonWriter(buffer, AnswerJson.Options))
        {
            writer.WriteStartArray();
            foreach (string text in texts)
            {
                writer.WriteStringValue(text);
            }

            writer.WriteEndArray();
        }

        return Json(buffer.WrittenSpan);
    }

    /// <summary>As it was read from a file.</summary>
    public static MirrorValue OfTime(DateTime? utc) =>
        utc is { } known ? new DateTimeOffset(DateTime.SpecifyKind(known, DateTimeKind.Utc)) : default(MirrorValue);

    /// <summary>Appends the value so that no other value has the same bytes.</summary>
    internal void AppendTo(ArrayBufferWriter<byte> bytes)
    {
        int textLength = Text is null ? 0 : Encoding.UTF8.GetByteCount(Text);
        Span<byte> span = bytes.GetSpan(9 + textLength);
        span[0] = (byte)Kind;
        int length = 1;
        if (Text is not null)
        {
            BinaryPrimitives.WriteInt64LittleEndian(span[1..], textLength);
            Encoding.UTF8.GetBytes(Text, span[9..]);
            length = 9 + textLength;
        }
        else if (!IsMissing)
        {
            BinaryPrimitives.WriteInt64LittleEndian(span[1..], _number);
            length = 9;
        }

        bytes.Advance(length);
    }
}
