using System.Buffers;
using System.Text;

namespace Customer360.Storage;

/// <summary>
/// Checks what goes into a transaction before it gets there, so that no value of one caller fails the others' statement.
/// </summary>
internal static class StorageText
{
    /// <summary>Longest key, message id, anchor or name, in characters.</summary>
    public const int TextLengthMax = 1024;

    /// <summary>Largest payload of a message or decision, in bytes.</summary>
    public const int PayloadBytesMax = 256 * 1024;

    /// <summary>Largest state of a grain, in bytes.</summary>
    public const int StateBytesMax = 16 * 1024 * 1024;

    private static readonly SearchValues<char> s_suspicious = SearchValues.Create([
        '\0',
        .. Enumerable.Range(0xD800, 0x800).Select(code => (char)code),
    ]);

    /// <exception cref="ArgumentException">
    /// The text is empty, too long, or holds a NUL or half a surrogate pair. The value is not named: it may be personal.
    /// </exception>
    public static void Check(string text, string parameterName)
    {
        ArgumentException.ThrowIfNullOrEmpty(text, parameterName);
        if (text.Length > TextLengthMax)
        {
            throw new ArgumentException($"Longer than {TextLengthMax} characters.", parameterName);
        }

        if (text.AsSpan().ContainsAny(s_suspicious) && !IsStorable(text))
        {
            throw new ArgumentException("Holds a NUL or half a surrogate pair.", parameterName);
        }
    }

    /// <summary>As <see cref="Check"/>, for a value that may be missing (null).</summary>
    public static void CheckIfAny(string? text, string parameterName)
    {
        if (text is not null)
        {
            Check(text, parameterName);
        }
    }

    /// <exception cref="ArgumentException">Empty or too large.</exception>
    public static void CheckBytes(ReadOnlyMemory<byte> json, int bytesMax, string parameterName)
    {
        if (json.Length == 0 || json.Length > bytesMax)
        {
            throw new ArgumentException($"Must be 1 to {bytesMax} bytes of JSON.", parameterName);
        }
    }

    private static bool IsStorable(ReadOnlySpan<char> rest)
    {
        while (!rest.IsEmpty)
        {
            OperationStatus status = Rune.DecodeFromUtf16(rest, out Rune rune, out int consumed);
            if (status != OperationStatus.Done || rune.Value == 0)
            {
                return false;
            }

            rest = rest[consumed..];
        }

        return true;
    }
}
