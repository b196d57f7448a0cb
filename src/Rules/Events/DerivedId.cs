using System.Security.Cryptography;
using System.Text;

namespace Customer360.Rules.Events;

/// <summary>The id of a message that came without one.</summary>
internal static class DerivedId
{
    /// <summary>
    /// <c>derived-</c> and 32 hexadecimal digits: the first half of the SHA-256 of source, request id, index and
    /// canonical message. The same request handled twice gives the same ids; two requests never do, since the same
    /// click may truly happen twice.
    /// </summary>
    public static string Of(ReadOnlySpan<byte> message, in MessageContext context)
    {
        // Lengths stand before the texts, so no two quadruples write the same bytes.
        string head = string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"{context.Source.Length}:{context.Source}{context.RequestId.Length}:{context.RequestId}{context.Index}:"
        );
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(head));
        hash.AppendData(message);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(digest);
        return string.Concat("derived-", Convert.ToHexStringLower(digest[..16]));
    }
}
