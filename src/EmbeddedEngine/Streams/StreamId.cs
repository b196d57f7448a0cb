using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Orleans.Runtime;

/// <summary>Names a stream within its provider: a namespace (or none) and a key.</summary>
public readonly struct StreamId : IEquatable<StreamId>, IComparable<StreamId>
{
    private readonly byte[] _fullKey;
    private readonly ushort _keyIndex;
    private readonly int _hash;

    private StreamId(byte[] fullKey, ushort keyIndex)
    {
        _fullKey = fullKey;
        _keyIndex = keyIndex;
        _hash = (int)StableHash.ComputeHash(fullKey);
    }

    /// <summary>Namespace and key, one after the other.</summary>
    public ReadOnlyMemory<byte> FullKey => _fullKey;

    public ReadOnlyMemory<byte> Namespace => _fullKey.AsMemory(0, _keyIndex);

    public ReadOnlyMemory<byte> Key => _fullKey.AsMemory(_keyIndex);

    public static StreamId Create(ReadOnlySpan<byte> ns, ReadOnlySpan<byte> key)
    {
        if (key.IsEmpty)
        {
            throw new ArgumentNullException(nameof(key));
        }

        var bytes = new byte[ns.Length + key.Length];
        ns.CopyTo(bytes);
        key.CopyTo(bytes.AsSpan(ns.Length));
        return new StreamId(bytes, checked((ushort)ns.Length));
    }

    public static StreamId Create(string? ns, Guid key)
    {
        Span<byte> bytes = stackalloc byte[32];
        Utf8Formatter.TryFormat(key, bytes, out _, 'N');
        return Create(Encoding.UTF8.GetBytes(ns ?? string.Empty), bytes);
    }

    public static StreamId Create(string? ns, long key) => Create(ns, key.ToString(CultureInfo.InvariantCulture));

    public static StreamId Create(string? ns, string key) =>
        Create(Encoding.UTF8.GetBytes(ns ?? string.Empty), Encoding.UTF8.GetBytes(key));

    /// <summary>Reads "namespace/key". Throws <see cref="ArgumentException"/> if there is no slash.</summary>
    public static StreamId Parse(ReadOnlySpan<byte> value)
    {
        var slash = value.IndexOf((byte)'/');
        return slash < 0
            ? throw new ArgumentException(
                $"Unable to parse \"{Encoding.UTF8.GetString(value)}\" as a stream id",
                nameof(value)
            )
            : Create(value[..slash], value[(slash + 1)..]);
    }

    public string GetKeyAsString() => Encoding.UTF8.GetString(Key.Span);

    public string? GetNamespace() => _keyIndex == 0 ? null : Encoding.UTF8.GetString(Namespace.Span);

    /// <inheritdoc />
    public bool Equals(StreamId other) =>
        _keyIndex == other._keyIndex && _fullKey.AsSpan().SequenceEqual(other._fullKey);

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is StreamId other && Equals(other);

    /// <inheritdoc />
    public override int GetHashCode() => _hash;

    /// <inheritdoc />
    public int CompareTo(StreamId other) => _fullKey.AsSpan().SequenceCompareTo(other._fullKey);

    /// <inheritdoc />
    public override string ToString() => $"{GetNamespace() ?? "null"}/{GetKeyAsString()}";

    public static bool operator ==(StreamId left, StreamId right) => left.Equals(right);

    public static bool operator !=(StreamId left, StreamId right) => !left.Equals(right);

    public static bool operator <(StreamId left, StreamId right) => left.CompareTo(right) < 0;

    public static bool operator <=(StreamId left, StreamId right) => left.CompareTo(right) <= 0;

    public static bool operator >(StreamId left, StreamId right) => left.CompareTo(right) > 0;

    public static bool operator >=(StreamId left, StreamId right) => left.CompareTo(right) >= 0;
}
