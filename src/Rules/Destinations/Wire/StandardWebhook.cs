using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Customer360.Rules.Destinations;

/// <summary>Signs by the Standard Webhooks specification 1.0 (standardwebhooks.com).</summary>
public static class StandardWebhook
{
    public const string IdHeader = "webhook-id";
    public const string TimestampHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";

    private const string SecretPrefix = "whsec_";
    private const int SecretBytesMin = 24;
    private const int SecretBytesMax = 64;

    /// <summary>The key of a secret: <c>whsec_</c> and base64 of 24 to 64 bytes, or that without the prefix; null of another.</summary>
    public static byte[]? KeyOf(string secret)
    {
        string text = secret.StartsWith(SecretPrefix, StringComparison.Ordinal)
            ? secret[SecretPrefix.Length..]
            : secret;
        byte[] bytes = new byte[(text.Length * 3 / 4) + 3];
        return
            Convert.TryFromBase64String(text, bytes, out int length)
            && length is >= SecretBytesMin and <= SecretBytesMax
            ? bytes[..length]
            : null;
    }

    /// <summary>The headers of a request: its id, its time, and a signature for each key, so that keys can be changed.</summary>
    /// <param name="id">The same for every try; without a full stop, which parts what is signed.</param>
    public static ImmutableArray<(string Name, string Value)> Headers(
        IEnumerable<byte[]> keys,
        string id,
        DateTimeOffset at,
        ReadOnlySpan<byte> body
    )
    {
        string timestamp = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] head = Encoding.UTF8.GetBytes($"{id}.{timestamp}.");
        List<string> signatures = [];
        foreach (byte[] key in keys)
        {
            using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
            hash.AppendData(head);
            hash.AppendData(body);
            signatures.Add("v1," + Convert.ToBase64String(hash.GetHashAndReset()));
        }

        return [(IdHeader, id), (TimestampHeader, timestamp), (SignatureHeader, string.Join(' ', signatures))];
    }
}
