using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Customer360.Api.Http;
using Customer360.Api.Profiles;
using Customer360.Rules.Access;

namespace Customer360.Api.Access;

/// <summary>
/// Binds cursors to whoever got them: one that was made for callers with other roles, or for another purpose, is none. So a cursor
/// tells nobody anything but where its own reader goes on.
/// </summary>
/// <remarks>
/// Most cursors hold places, which need no secret. One that has to hold a value is sealed for callers who do not see every value.
/// </remarks>
internal sealed class CallerCursors(MaskKey key)
{
    private const char Separator = '.';
    private const int TagBytes = 6;
    private const int NonceBytes = 12;
    private const int SealBytes = 16;

    private readonly Lazy<byte[]> _sealing = new(() => key.Derive("cursor"));

    /// <summary>The cursor, with what it is bound to.</summary>
    public static string Bind(in Asker asker, string cursor) => string.Concat(cursor, ".", TagOf(asker));

    /// <summary>What <see cref="Bind"/> was given; null where it was for somebody else, or never.</summary>
    public static string? Unbind(in Asker asker, string text)
    {
        int separator = text.LastIndexOf(Separator);
        return separator >= 0 && text.AsSpan(separator + 1).SequenceEqual(TagOf(asker)) ? text[..separator] : null;
    }

    /// <summary>A cursor that is a value. The same one gives the same text.</summary>
    /// <param name="isSeen">The caller may see such values; else nobody can read it but who has the key.</param>
    public string Write(in Asker asker, string value, bool isSeen) =>
        isSeen ? Bind(asker, CursorText.Write(value)) : Seal(Encoding.UTF8.GetBytes(value), BindingOf(asker));

    /// <summary>What <see cref="Write"/> was given; null where it was for somebody else, or never.</summary>
    public string? Read(in Asker asker, string text) =>
        text.Contains(Separator, StringComparison.Ordinal)
            ? Unbind(asker, text) is { } own
                ? CursorText.Read(own)
                : null
            : Unseal(text, BindingOf(asker));

    private string Seal(byte[] plain, string binding)
    {
        byte[] bound = Encoding.UTF8.GetBytes(binding);
        byte[] nonce = HMACSHA256.HashData(_sealing.Value, (byte[])[.. bound, .. plain])[..NonceBytes];
        byte[] text = new byte[NonceBytes + plain.Length + SealBytes];
        nonce.CopyTo(text, 0);
        using var cipher = new AesGcm(_sealing.Value, SealBytes);
        cipher.Encrypt(
            nonce,
            plain,
            text.AsSpan(NonceBytes, plain.Length),
            text.AsSpan(NonceBytes + plain.Length),
            bound
        );
        return Base64Url.EncodeToString(text);
    }

    private string? Unseal(string text, string binding)
    {
        byte[] bytes = Base64Url.IsValid(text) ? Base64Url.DecodeFromChars(text) : [];
        if (bytes.Length < NonceBytes + SealBytes)
        {
            return null;
        }

        byte[] plain = new byte[bytes.Length - NonceBytes - SealBytes];
        using var cipher = new AesGcm(_sealing.Value, SealBytes);
        try
        {
            cipher.Decrypt(
                bytes.AsSpan(0, NonceBytes),
                bytes.AsSpan(NonceBytes, plain.Length),
                bytes.AsSpan(NonceBytes + plain.Length),
                plain,
                Encoding.UTF8.GetBytes(binding)
            );
        }
        catch (AuthenticationTagMismatchException)
        {
            // Anybody may send anything.
            return null;
        }

        return Encoding.UTF8.GetString(plain);
    }

    private static string TagOf(in Asker asker) =>
        Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(BindingOf(asker))).AsSpan(0, TagBytes));

    private static string BindingOf(in Asker asker) => $"{asker.Roles}\n{asker.Purpose.Name}";
}
