using System.Buffers.Text;
using System.Text;

namespace Orleans.Runtime;

/// <summary>How integer and GUID keys are written: hexadecimal, 32 digits, and "+extension" after compound keys.</summary>
public static class GrainIdKeyExtensions
{
    public static IdSpan CreateIntegerKey(long key)
    {
        Span<byte> buffer = stackalloc byte[16];
        Utf8Formatter.TryFormat(key, buffer, out var length, 'X');
        return new IdSpan(buffer[..length].ToArray());
    }

    public static IdSpan CreateIntegerKey(long key, string? keyExtension)
    {
        if (string.IsNullOrWhiteSpace(keyExtension))
        {
            return CreateIntegerKey(key);
        }

        Span<byte> buffer = stackalloc byte[16];
        Utf8Formatter.TryFormat(key, buffer, out var length, 'X');
        return WithExtension(buffer[..length], keyExtension);
    }

    public static IdSpan CreateGuidKey(Guid key)
    {
        var buffer = new byte[32];
        Utf8Formatter.TryFormat(key, buffer, out _, 'N');
        return new IdSpan(buffer);
    }

    public static IdSpan CreateGuidKey(Guid key, string? keyExtension)
    {
        if (string.IsNullOrWhiteSpace(keyExtension))
        {
            return CreateGuidKey(key);
        }

        Span<byte> buffer = stackalloc byte[32];
        Utf8Formatter.TryFormat(key, buffer, out _, 'N');
        return WithExtension(buffer, keyExtension);
    }

    public static bool TryGetIntegerKey(this GrainId grainId, out long key, out string? keyExt)
    {
        var text = grainId.Key.AsSpan();
        keyExt = null;
        var plus = text.IndexOf((byte)'+');
        if (plus >= 0)
        {
            keyExt = Encoding.UTF8.GetString(text[(plus + 1)..]);
            text = text[..plus];
        }

        return Utf8Parser.TryParse(text, out key, out var length, 'X') && length == text.Length;
    }

    public static bool TryGetGuidKey(this GrainId grainId, out Guid key, out string? keyExt)
    {
        var text = grainId.Key.AsSpan();
        keyExt = null;
        if (text.Length > 32 && text[32] == (byte)'+')
        {
            keyExt = Encoding.UTF8.GetString(text[33..]);
            text = text[..32];
        }

        key = default;
        return text.Length == 32 && Utf8Parser.TryParse(text, out key, out var length, 'N') && length == 32;
    }

    /// <summary>Throws <see cref="ArgumentException"/> if the key is no integer.</summary>
    public static long GetIntegerKey(this GrainId grainId, out string? keyExt) =>
        grainId.TryGetIntegerKey(out var key, out keyExt)
            ? key
            : throw new ArgumentException($"The key of grain \"{grainId}\" is not an integer.", nameof(grainId));

    /// <inheritdoc cref="GetIntegerKey(GrainId, out string?)" />
    public static long GetIntegerKey(this GrainId grainId) => grainId.GetIntegerKey(out _);

    /// <summary>Throws <see cref="ArgumentException"/> if the key is no GUID.</summary>
    public static Guid GetGuidKey(this GrainId grainId, out string? keyExt) =>
        grainId.TryGetGuidKey(out var key, out keyExt)
            ? key
            : throw new ArgumentException($"The key of grain \"{grainId}\" is not a GUID.", nameof(grainId));

    /// <inheritdoc cref="GetGuidKey(GrainId, out string?)" />
    public static Guid GetGuidKey(this GrainId grainId) => grainId.GetGuidKey(out _);

    private static IdSpan WithExtension(ReadOnlySpan<byte> key, string keyExtension)
    {
        var bytes = new byte[key.Length + 1 + Encoding.UTF8.GetByteCount(keyExtension)];
        key.CopyTo(bytes);
        bytes[key.Length] = (byte)'+';
        Encoding.UTF8.GetBytes(keyExtension, bytes.AsSpan(key.Length + 1));
        return new IdSpan(bytes);
    }
}
