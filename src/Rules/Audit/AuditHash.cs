using System.Security.Cryptography;
using System.Text;

namespace Customer360.Rules.Audit;

/// <summary>
/// Stands for an identifier where its value may not be: <c>x_</c> and 32 hexadecimal digits, the beginning of its HMAC-SHA-256. Equal
/// identifiers have equal hashes, so what was done about one is found again; without the key nobody can try values out.
/// </summary>
public sealed class AuditHash
{
    /// <summary>Bytes of a key at least.</summary>
    public const int KeyLengthMin = 32;

    private const string Prefix = "x_";
    private const int HashLength = 16;
    private byte[]? _key;

    /// <summary>One whose key is known later: the store reads it when it is opened.</summary>
    public AuditHash() { }

    /// <exception cref="ArgumentException">The key is too short.</exception>
    public AuditHash(ReadOnlySpan<byte> key) => Use(key);

    /// <summary>Takes the key. Once; the same key again changes nothing.</summary>
    /// <exception cref="ArgumentException">The key is too short.</exception>
    /// <exception cref="InvalidOperationException">It has another key already.</exception>
    public void Use(ReadOnlySpan<byte> key)
    {
        if (key.Length < KeyLengthMin)
        {
            throw new ArgumentException($"The key must have {KeyLengthMin} bytes or more.", nameof(key));
        }

        if (_key is { } known && !known.AsSpan().SequenceEqual(key))
        {
            throw new InvalidOperationException("The key of the audit's hashes can't change while the program runs.");
        }

        _key = key.ToArray();
    }

    /// <summary>The hash of an identifier in normal form, <c>type:value</c>.</summary>
    /// <exception cref="InvalidOperationException">The store is not open yet.</exception>
    public string Of(string identifier)
    {
        byte[] key = _key ?? throw new InvalidOperationException("The key of the audit's hashes is not known yet.");
        byte[] hash = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(identifier));
        return Prefix + Convert.ToHexStringLower(hash.AsSpan(0, HashLength));
    }
}
