using System.Text;
using Customer360.Rules.Keys;

namespace Customer360.Rules.Tests.Keys;

public sealed class KeyTextTests
{
    private static readonly string s_key = KeyText.Make("privacy-officer", Bytes(7));

    [Fact]
    public void Make_OfRandomBytes_HasTheFormThatScannersKnow()
    {
        Assert.Matches("^c360_privacyofficer_[0-9A-Za-z]{38}[0-9A-Za-z]{6}$", s_key);
        Assert.NotEqual(s_key, KeyText.Make("privacy-officer", Bytes(8)));
        Assert.True(KeyText.HasForm(Utf8(s_key)));
        Assert.True(KeyText.TryReadId(Utf8(s_key), out ReadOnlySpan<byte> id));
        Assert.Equal(KeyText.IdOf(s_key), Encoding.ASCII.GetString(id));
    }

    /// <summary>The bytes 00 to 1f as one number, little end first, and the checksum of zip, both in base 62.</summary>
    [Fact]
    public void Make_OfKnownBytes_IsTheKnownKey() =>
        Assert.Equal(
            Expected([.. Enumerable.Range(0, 32).Select(one => (byte)one)]),
            KeyText.Make("admin", [.. Enumerable.Range(0, 32).Select(one => (byte)one)])
        );

    [Fact]
    public void Make_OfZeros_KeepsLeadingZeros() =>
        Assert.StartsWith(
            "c360_read_" + new string('0', 38),
            KeyText.Make("read", new byte[32]),
            StringComparison.Ordinal
        );

    /// <summary>Whatever one character is changed to or however much is cut off, it is seen without a look-up.</summary>
    [Fact]
    public void TryReadId_OfAKeyThatWasMistypedOrCutOff_IsFalse()
    {
        for (int place = 0; place < s_key.Length; place++)
        {
            Assert.False(KeyText.TryReadId(Utf8(s_key[..place]), out _));
            char other = s_key[place] == 'x' ? 'y' : 'x';
            Assert.False(
                KeyText.TryReadId(Utf8($"{s_key[..place]}{other}{s_key[(place + 1)..]}"), out _),
                $"at {place}"
            );
        }

        Assert.False(KeyText.TryReadId(Utf8(s_key + "0"), out _));
        Assert.False(KeyText.TryReadId(Utf8(s_key + s_key), out _));
        Assert.False(KeyText.TryReadId([], out _));
        Assert.False(KeyText.TryReadId(new byte[100_000], out _));
    }

    [Fact]
    public void Make_OfTooFewBytes_Throws() =>
        Assert.Throws<ArgumentException>(() => KeyText.Make("read", new byte[31]));

    private static string Expected(byte[] random)
    {
        const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        string body = $"c360_admin_{Base62(new System.Numerics.BigInteger(random, isUnsigned: true), 38)}";
        uint checksum = uint.MaxValue;
        foreach (byte one in Utf8(body))
        {
            checksum ^= one;
            for (int bit = 0; bit < 8; bit++)
            {
                checksum = (checksum & 1) == 1 ? (checksum >> 1) ^ 0xEDB88320 : checksum >> 1;
            }
        }

        return body + Base62(~checksum, 6);

        static string Base62(System.Numerics.BigInteger number, int length)
        {
            string text = "";
            for (int place = 0; place < length; place++)
            {
                text = Digits[(int)(number % 62)] + text;
                number /= 62;
            }

            return text;
        }
    }

    private static byte[] Bytes(byte seed) => [.. Enumerable.Range(0, 32).Select(one => (byte)(one * 7 + seed))];

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
