using System.Buffers;
using System.Numerics;
using System.Text;

namespace Customer360.Rules.Keys;

/// <summary>
/// The text of a made key: <c>c360_{role}_{random}{checksum}</c>, all letters and digits between the underscores, so that a
/// double click takes the whole and scanners of source code know it.
/// </summary>
/// <remarks>
/// The first characters of the random part are the secret's id: it is looked up by them, and they may be shown. The checksum
/// lets a mistyped or cut-off key be refused without a look-up. It is no security: the random part behind the id is.
/// </remarks>
public static class KeyText
{
    /// <summary>What every made key begins with.</summary>
    public const string Prefix = "c360_";

    /// <summary>Characters of the id.</summary>
    public const int IdLength = 8;

    /// <summary>Random bytes that a key is made of.</summary>
    public const int RandomBytes = 32;

    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private static readonly SearchValues<byte> s_label = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789"u8);
    private static readonly SearchValues<byte> s_digits = SearchValues.Create(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8
    );

    // 62 to the 30th is 2 to the 178th: that much is secret, beside the id.
    private const int RandomLength = IdLength + 30;
    private const int ChecksumLength = 6;
    private const int LabelLengthMax = 24;

    /// <summary>Makes a key's text.</summary>
    /// <param name="role">The role that the key is for; its letters and digits are the label.</param>
    /// <param name="random"><see cref="RandomBytes"/> of a cryptographic generator.</param>
    public static string Make(string role, ReadOnlySpan<byte> random)
    {
        if (random.Length != RandomBytes)
        {
            throw new ArgumentException($"A key is made of {RandomBytes} bytes.", nameof(random));
        }

        // 256 bits over 62^38 values: no character is likelier than another by more than 2^-29.
        string body = Prefix + LabelOf(role) + "_" + Base62(new BigInteger(random, isUnsigned: true), RandomLength);
        return body + Base62(Crc32.Of(Encoding.ASCII.GetBytes(body)), ChecksumLength);
    }

    /// <summary>The id within a made key's text.</summary>
    public static string IdOf(string text) => text.Substring(text.Length - ChecksumLength - RandomLength, IdLength);

    /// <summary>True of what begins as a made key does, whole or not.</summary>
    public static bool HasForm(ReadOnlySpan<byte> text) => text.StartsWith("c360_"u8);

    /// <summary>Takes a key apart; false where it was mistyped, cut off or never made.</summary>
    /// <param name="text">What was presented, as UTF-8.</param>
    /// <param name="id">The id: <see cref="IdLength"/> bytes of the text.</param>
    public static bool TryReadId(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> id)
    {
        id = default;
        int labelLength = text.Length - Prefix.Length - 1 - RandomLength - ChecksumLength;
        if (labelLength is < 1 or > LabelLengthMax || !HasForm(text))
        {
            return false;
        }

        ReadOnlySpan<byte> label = text.Slice(Prefix.Length, labelLength);
        ReadOnlySpan<byte> random = text.Slice(Prefix.Length + labelLength + 1, RandomLength);
        if (
            text[Prefix.Length + labelLength] != (byte)'_'
            || label.ContainsAnyExcept(s_label)
            || random.ContainsAnyExcept(s_digits)
            || !IsChecksum(text[..^ChecksumLength], text[^ChecksumLength..])
        )
        {
            return false;
        }

        id = random[..IdLength];
        return true;
    }

    private static bool IsChecksum(ReadOnlySpan<byte> body, ReadOnlySpan<byte> checksum)
    {
        uint rest = Crc32.Of(body);
        for (int place = checksum.Length - 1; place >= 0; place--)
        {
            if (checksum[place] != Digits[(int)(rest % 62)])
            {
                return false;
            }

            rest /= 62;
        }

        return true;
    }

    private static string LabelOf(string role)
    {
        string label = string.Concat(role.ToLowerInvariant().Where(char.IsAsciiLetterOrDigit).Take(LabelLengthMax));
        return label.Length > 0 ? label : "key";
    }

    private static string Base62(BigInteger number, int length) =>
        string.Create(
            length,
            number,
            static (characters, rest) =>
            {
                for (int place = characters.Length - 1; place >= 0; place--)
                {
                    rest = BigInteger.DivRem(rest, 62, out BigInteger digit);
                    characters[place] = Digits[(int)digit];
                }
            }
        );
}
