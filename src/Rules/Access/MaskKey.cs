using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Customer360.Rules.Access;

/// <summary>
/// What makes the hashes of masked values useless to whoever does not have it: without a key, phone numbers and e-mail
/// addresses can be tried out one by one.
/// </summary>
/// <remarks>It has no text of itself, so that it gets into no log by accident.</remarks>
public sealed class MaskKey
{
    /// <summary>Bytes at least.</summary>
    public const int BytesMin = 16;

    private const int HashBytes = 16;

    private readonly Lazy<byte[]> _key;

    /// <param name="read">Reads the key when it is needed for the first time; it is not asked again.</param>
    public MaskKey(Func<byte[]> read) =>
        _key = new Lazy<byte[]>(() =>
            read() is { Length: >= BytesMin } key
                ? key
                : throw new ArgumentException($"A mask key has {BytesMin} bytes at least.", nameof(read))
        );

    /// <summary>Bytes for a use of their own, which tell nothing of the key and of those for other uses.</summary>
    public byte[] Derive(string use) => HMACSHA256.HashData(_key.Value, Encoding.UTF8.GetBytes(use));

    /// <summary>The hash of a field's value. The same value has another hash in another field.</summary>
    internal string Hash(string field, string value)
    {
        byte[] hash = HMACSHA256.HashData(_key.Value, Encoding.UTF8.GetBytes($"mask\0{field}\0{value}"));
        return "h_" + Base64Url.EncodeToString(hash.AsSpan(0, HashBytes));
    }
}

/// <summary>Counts what could not be decided and was therefore withheld. Thread-safe.</summary>
public sealed class AccessFaults
{
    private long _count;

    public long Count => Interlocked.Read(ref _count);

    internal void Add() => Interlocked.Increment(ref _count);
}
