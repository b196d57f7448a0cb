using System.Buffers;

namespace Customer360.Rules.Consent.Wire;

/// <summary>
/// Reads big-endian numbers from a text in which each character of the base64url alphabet holds six bits. Reading past the
/// end gives zeros and breaks the reader: what was read counts only where <see cref="IsBroken"/> is false at last.
/// </summary>
internal ref struct Base64UrlBits(ReadOnlySpan<char> text)
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    private static readonly SearchValues<char> s_alphabet = SearchValues.Create(Alphabet);

    private readonly ReadOnlySpan<char> _text = text;
    private int _at = 0;

    /// <summary>Something was read that is not there, or that can't stand there.</summary>
    public bool IsBroken { get; private set; } = text.ContainsAnyExcept(s_alphabet);

    /// <summary>The bits that were not yet read.</summary>
    public readonly int Left => (_text.Length * 6) - _at;

    /// <summary>
    /// True where only the zeros follow that fill up the last character. Writers fill to 6, 8 or 24 bits, and whatever else
    /// stands there belongs to a layout that we don't know.
    /// </summary>
    public readonly bool IsAtEnd
    {
        get
        {
            Base64UrlBits rest = this;
            bool isZero = true;
            while (isZero && !rest.IsBroken && rest.Left > 0)
            {
                isZero = !rest.ReadFlag();
            }

            return isZero && !rest.IsBroken;
        }
    }

    /// <summary>Says that what was read can't stand there.</summary>
    public void Break() => IsBroken = true;

    /// <summary>Goes on without reading.</summary>
    public void Skip(int count)
    {
        IsBroken |= count > Left;
        _at += Math.Min(count, Left);
    }

    /// <summary>Reads one bit.</summary>
    public bool ReadFlag() => Read(1) == 1;

    /// <summary>Reads a number of 31 bits or fewer.</summary>
    public int ReadInt(int count) => (int)Read(count);

    /// <summary>Reads a number of 63 bits or fewer.</summary>
    public long Read(int count)
    {
        if (IsBroken || count > Left)
        {
            IsBroken = true;
            return 0;
        }

        long value = 0;
        for (int i = 0; i < count; i++, _at++)
        {
            int sextet = ValueOf(_text[_at / 6]);
            value = (value << 1) | (uint)((sextet >> (5 - (_at % 6))) & 1);
        }

        return value;
    }

    private static int ValueOf(char letter) =>
        letter switch
        {
            >= 'A' and <= 'Z' => letter - 'A',
            >= 'a' and <= 'z' => letter - 'a' + 26,
            >= '0' and <= '9' => letter - '0' + 52,
            '-' => 62,
            _ => 63,
        };
}
