using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Customer360.Rules.Events;

/// <summary>
/// Writes compact JSON as UTF-8 into one pooled buffer. The canonical texts of the grid are written with it and not
/// with <see cref="System.Text.Json.Utf8JsonWriter"/>, because they escape as little as JSON allows (a name in Greek
/// stays legible, and a text has one form only), and because it costs no object.
/// </summary>
/// <remarks>The caller writes the commas; <see cref="Dispose"/> gives the buffer back.</remarks>
internal ref struct Utf8Buffer
{
    private static readonly SearchValues<char> s_escaped = SearchValues.Create(
        "\"\\\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u0009\u000a\u000b\u000c\u000d\u000e\u000f"
            + "\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f"
    );

    private byte[] _bytes;
    private int _length;

    public Utf8Buffer(int capacity)
    {
        _bytes = ArrayPool<byte>.Shared.Rent(capacity);
        _length = 0;
    }

    public readonly int Length => _length;

    public readonly ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    /// <summary>Appends JSON that is canonical already.</summary>
    public void Raw(scoped ReadOnlySpan<byte> json)
    {
        json.CopyTo(Reserve(json.Length));
        _length += json.Length;
    }

    /// <summary>
    /// Takes the last byte back if it is a comma: what a list leaves behind when its items write one each.
    /// </summary>
    public void DropComma()
    {
        if (_length > 0 && _bytes[_length - 1] == (byte)',')
        {
            _length--;
        }
    }

    /// <summary>Takes back what was written since the buffer had this length.</summary>
    public void TakeBack(int length) => _length = length;

    /// <summary>Appends a text as a JSON string, quotes included.</summary>
    public void Text(string text)
    {
        if (text.AsSpan().IndexOfAny(s_escaped) >= 0)
        {
            TextEscaped(text);
            return;
        }

        Span<byte> room = Reserve((text.Length * 3) + 2);
        room[0] = (byte)'"';
        int written = Encoding.UTF8.GetBytes(text, room[1..]);
        room[written + 1] = (byte)'"';
        _length += written + 2;
    }

    /// <summary>Appends a time as a JSON string (RFC 3339, UTC).</summary>
    public void Time(DateTimeOffset time)
    {
        Span<byte> room = Reserve(Rfc3339.LengthMax + 2);
        room[0] = (byte)'"';
        int written = Rfc3339.Format(time, room[1..]);
        room[written + 1] = (byte)'"';
        _length += written + 2;
    }

    public void Number(long number)
    {
        Utf8Formatter.TryFormat(number, Reserve(20), out int written);
        _length += written;
    }

    public readonly byte[] ToArray() => Written.ToArray();

    public void Dispose()
    {
        byte[] bytes = _bytes;
        _bytes = [];
        if (bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private void TextEscaped(string text)
    {
        Raw("\""u8);
        ReadOnlySpan<char> rest = text;
        while (rest.Length > 0)
        {
            int plain = rest.IndexOfAny(s_escaped);
            if (plain < 0)
            {
                plain = rest.Length;
            }

            Span<byte> room = Reserve(plain * 3);
            _length += Encoding.UTF8.GetBytes(rest[..plain], room);
            if (plain < rest.Length)
            {
                _length += JsonText.WriteEscape(rest[plain], Reserve(6));
                plain++;
            }

            rest = rest[plain..];
        }

        Raw("\""u8);
    }

    private Span<byte> Reserve(int count)
    {
        if (_bytes.Length - _length < count)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(_bytes.Length * 2, _length + count));
            Written.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }

        return _bytes.AsSpan(_length);
    }
}
