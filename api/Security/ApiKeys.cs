using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Security.Cryptography;

namespace Customer360.Api.Security;

/// <summary>The keys of the settings. Immutable; a changed key needs a restart.</summary>
/// <remarks>
/// A key is looked up by the SHA-256 of what was presented, so neither the lookup's time nor its way through memory
/// tells anything of a secret, and the secrets themselves are not kept. One lookup costs well under a microsecond.
/// </remarks>
public sealed class ApiKeys
{
    private readonly FrozenDictionary<ulong, Entry> _byDigest;

    /// <param name="keys">Keys with their secrets as UTF-8; names and secrets are unique.</param>
    public ApiKeys(IEnumerable<(ApiKey Key, byte[] Secret)> keys)
    {
        _byDigest = keys.Select(pair => new Entry(pair.Key, SHA256.HashData(pair.Secret)))
            .ToFrozenDictionary(entry => Prefix(entry.Digest));
    }

    /// <summary>True where there is none.</summary>
    public bool IsEmpty => _byDigest.Count == 0;

    /// <summary>True where a key has the name, in any case of letters.</summary>
    public bool HasName(string name) =>
        _byDigest.Values.Any(entry => string.Equals(entry.Key.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The key whose secret was presented, or null.</summary>
    public ApiKey? Find(ReadOnlySpan<byte> presented)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(presented, digest);
        return
            _byDigest.TryGetValue(Prefix(digest), out Entry? entry)
            && CryptographicOperations.FixedTimeEquals(digest, entry.Digest)
            ? entry.Key
            : null;
    }

    private static ulong Prefix(ReadOnlySpan<byte> digest) => BinaryPrimitives.ReadUInt64LittleEndian(digest);

    private sealed record Entry(ApiKey Key, byte[] Digest);
}
