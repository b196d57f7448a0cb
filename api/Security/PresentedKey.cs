using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Customer360.Api.Security;

/// <summary>Takes the key out of an <c>Authorization</c> header: <c>Bearer key</c>, or Basic with the key as user.</summary>
internal static class PresentedKey
{
    /// <summary>Far above any key; a longer header or text is not looked at.</summary>
    public const int LengthMax = 1024;

    private const string Bearer = "Bearer ";
    private const string Basic = "Basic ";

    /// <summary>The text behind <c>Bearer</c>; empty where the header is of another kind.</summary>
    public static ReadOnlySpan<char> BearerText(string? header) =>
        header?.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) == true
            ? header.AsSpan(Bearer.Length).Trim(' ')
            : default;

    /// <summary>The key that a header holds; empty where it holds none.</summary>
    /// <param name="buffer">Of <see cref="LengthMax"/>; the key is in it.</param>
    public static ReadOnlySpan<byte> Read(string header, Span<byte> buffer)
    {
        if (header.Length > LengthMax)
        {
            return default;
        }

        if (header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return ReadText(header.AsSpan(Bearer.Length).Trim(' '), buffer);
        }

        return header.StartsWith(Basic, StringComparison.OrdinalIgnoreCase)
            ? ReadUser(header.AsSpan(Basic.Length).Trim(' '), buffer)
            : default;
    }

    /// <summary>The key that a text is; empty where it is none.</summary>
    public static ReadOnlySpan<byte> ReadText(ReadOnlySpan<char> text, Span<byte> buffer) =>
        Ascii.FromUtf16(text, buffer, out int length) == OperationStatus.Done ? buffer[..length] : default;

    private static ReadOnlySpan<byte> ReadUser(ReadOnlySpan<char> credentials, Span<byte> buffer)
    {
        if (
            Ascii.FromUtf16(credentials, buffer, out int encoded) != OperationStatus.Done
            || Base64.DecodeFromUtf8InPlace(buffer[..encoded], out int length) != OperationStatus.Done
        )
        {
            return default;
        }

        // The password is of no use, and some senders leave even the colon away.
        ReadOnlySpan<byte> decoded = buffer[..length];
        int colon = decoded.IndexOf((byte)':');
        return colon < 0 ? decoded : decoded[..colon];
    }
}
