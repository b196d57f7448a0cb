using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Customer360.Api.Security;

/// <summary>Finds the key in an <c>Authorization</c> header: <c>Bearer key</c>, or Basic with the key as user.</summary>
public static class PresentedKey
{
    private const string Bearer = "Bearer ";
    private const string Basic = "Basic ";

    // Far above any key; a longer header is not looked at.
    private const int HeaderLengthMax = 1024;

    /// <summary>The known key that a header holds; null where it holds none or an unknown one.</summary>
    public static ApiKey? Find(ApiKeys keys, string? header)
    {
        if (header is null || header.Length > HeaderLengthMax)
        {
            return null;
        }

        if (header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return FindText(keys, header.AsSpan(Bearer.Length).Trim(' '));
        }

        return header.StartsWith(Basic, StringComparison.OrdinalIgnoreCase)
            ? FindUser(keys, header.AsSpan(Basic.Length).Trim(' '))
            : null;
    }

    /// <summary>The known key that a text is; null where it is none.</summary>
    public static ApiKey? FindText(ApiKeys keys, ReadOnlySpan<char> text)
    {
        Span<byte> bytes = stackalloc byte[HeaderLengthMax];
        return Ascii.FromUtf16(text, bytes, out int length) == OperationStatus.Done && length > 0
            ? keys.Find(bytes[..length])
            : null;
    }

    private static ApiKey? FindUser(ApiKeys keys, ReadOnlySpan<char> credentials)
    {
        Span<byte> bytes = stackalloc byte[HeaderLengthMax];
        if (
            Ascii.FromUtf16(credentials, bytes, out int encoded) != OperationStatus.Done
            || Base64.DecodeFromUtf8InPlace(bytes[..encoded], out int length) != OperationStatus.Done
        )
        {
            return null;
        }

        // The password is of no use, and some senders leave even the colon away.
        int colon = bytes[..length].IndexOf((byte)':');
        return keys.Find(bytes[..(colon < 0 ? length : colon)]);
    }
}
