using System.Security.Cryptography;
using System.Text;
using Customer360.Rules.Events;
using Customer360.Rules.Ports;

namespace Customer360.Rules.Privacy;

/// <summary>
/// The key under which identifiers are hashed (HMAC-SHA-256). It lies outside the store: a copy of the store alone must not tell
/// who was erased. Thread-safe.
/// </summary>
public sealed class SuppressionKey
{
    /// <summary>Bytes that a key has at least.</summary>
    public const int BytesMin = 32;

    private const int StackBytesMax = 512;

    private readonly byte[] _key = [];

    private SuppressionKey() { }

    /// <exception cref="ArgumentException">The key is shorter than <see cref="BytesMin"/>.</exception>
    public SuppressionKey(ReadOnlySpan<byte> key)
    {
        if (key.Length < BytesMin)
        {
            throw new ArgumentException($"A suppression key has {BytesMin} bytes or more.", nameof(key));
        }

        _key = key.ToArray();
    }

    /// <summary>No key was given. As long as nobody is suppressed none is needed.</summary>
    public static SuppressionKey Missing { get; } = new();

    public bool IsMissing => _key.Length == 0;

    /// <summary>What the list begins with, so that another key is recognised before anybody is taken for not suppressed.</summary>
    public SuppressionHash Mark => SuppressionHash.Parse(Seal("suppression key"));

    /// <summary>The hash of an identifier in normal form.</summary>
    /// <exception cref="StorageUnavailableException">There is no key: nothing can be said of anybody.</exception>
    public SuppressionHash Of(Identifier identifier)
    {
        RequireKey();

        // A type holds no colon, so no two identifiers have the same text.
        string text = identifier.ToString();
        int length = Encoding.UTF8.GetMaxByteCount(text.Length);
        Span<byte> bytes = length <= StackBytesMax ? stackalloc byte[StackBytesMax] : new byte[length];
        Span<byte> hash = stackalloc byte[SuppressionHash.Length];
        HMACSHA256.HashData(_key, bytes[..Encoding.UTF8.GetBytes(text, bytes)], hash);
        return SuppressionHash.Of(hash);
    }

    /// <summary>
    /// Seals a text: 64 hexadecimal digits that nobody can make without the key. For proofs, and to recognise the key itself.
    /// </summary>
    public string Seal(string text)
    {
        RequireKey();
        // Begins with a byte that no identifier's text has, so a seal is never an identifier's hash.
        return Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes("\0" + text)));
    }

    private void RequireKey()
    {
        if (IsMissing)
        {
            throw new StorageUnavailableException("The key of the suppressions is not set on this node.");
        }
    }
}
