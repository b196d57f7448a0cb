using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;

namespace Customer360.Api.Http;

/// <summary>
/// Writes an opaque cursor: what kind it is of in one byte, then values one after the other, as text that can stand in a URL.
/// <see cref="CursorReader"/> reads them in the same order.
/// </summary>
internal sealed class CursorWriter(byte form)
{
    private readonly List<byte> _bytes = [form];

    public CursorWriter Time(DateTimeOffset time) => Number(time.UtcTicks);

    public CursorWriter Number(long number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        _bytes.AddRange(bytes);
        return this;
    }

    public CursorWriter Number(int number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        _bytes.AddRange(bytes);
        return this;
    }

    /// <summary>0 to 255.</summary>
    public CursorWriter Small(int number)
    {
        _bytes.Add((byte)number);
        return this;
    }

    /// <summary>The last value: it takes all that is left.</summary>
    public CursorWriter Text(string text)
    {
        _bytes.AddRange(Encoding.UTF8.GetBytes(text));
        return this;
    }

    public override string ToString() => Base64Url.EncodeToString(_bytes.ToArray());
}

/// <summary>
/// Reads what <see cref="CursorWriter"/> wrote. Anybody may send anything: what is no cursor of the form reads as zeros, and
/// <see cref="IsWhole"/> says so in the end.
/// </summary>
internal ref struct CursorReader
{
    private const int LengthMax = 4_096;

    private ReadOnlySpan<byte> _rest;
    private bool _isBroken;

    public CursorReader(string cursor, byte form)
    {
        byte[] bytes = cursor.Length <= LengthMax && Base64Url.IsValid(cursor) ? Base64Url.DecodeFromChars(cursor) : [];
        _isBroken = bytes.Length == 0 || bytes[0] != form;
        _rest = _isBroken ? [] : bytes.AsSpan(1);
    }

    /// <summary>True where it was of the form, each value was there, and nothing is left.</summary>
    public readonly bool IsWhole => !_isBroken && _rest.IsEmpty;

    public DateTimeOffset Time()
    {
        long ticks = Number();
        _isBroken |= ticks < 0 || ticks > DateTimeOffset.MaxValue.Ticks;
        return _isBroken ? default : new DateTimeOffset(ticks, TimeSpan.Zero);
    }

    public long Number() =>
        Take(sizeof(long)) is { IsEmpty: false } bytes ? BinaryPrimitives.ReadInt64BigEndian(bytes) : 0;

    public int SmallerNumber() =>
        Take(sizeof(int)) is { IsEmpty: false } bytes ? BinaryPrimitives.ReadInt32BigEndian(bytes) : 0;

    /// <param name="most">A higher one was not written.</param>
    public int Small(int most)
    {
        int number = Take(1) is { IsEmpty: false } bytes ? bytes[0] : 0;
        _isBroken |= number > most;
        return number;
    }

    /// <summary>All that is left; at least one character.</summary>
    public string Text()
    {
        _isBroken |= _rest.IsEmpty;
        return Encoding.UTF8.GetString(Take(_rest.Length));
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (_rest.Length < length)
        {
            _isBroken = true;
            _rest = [];
            return [];
        }

        ReadOnlySpan<byte> taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }
}

/// <summary>A cursor that is one text.</summary>
internal static class CursorText
{
    public static string Write(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    /// <summary>Null where it is none of ours.</summary>
    public static string? Read(ReadOnlySpan<char> cursor) =>
        Base64Url.IsValid(cursor) ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor)) : null;
}
