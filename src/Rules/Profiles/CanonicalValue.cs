using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using Customer360.Rules.Events;

namespace Customer360.Rules.Profiles;

/// <summary>Reads a value of any JSON type as its canonical bytes.</summary>
internal static class CanonicalValue
{
    /// <summary>
    /// Reads the value that the reader stands on, over one span; afterwards it stands on the value's last token.
    /// </summary>
    /// <exception cref="JsonException">The value has no canonical form
    /// (<see cref="JsonCanonicalizer.Repairs"/>).</exception>
    public static byte[] Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null)
        {
            return reader.ValueSpan.ToArray();
        }

        if (reader is { TokenType: JsonTokenType.String, ValueIsEscaped: false })
        {
            return [(byte)'"', .. reader.ValueSpan, (byte)'"'];
        }

        using var document = JsonDocument.ParseValue(ref reader);
        ReadOnlySpan<byte> json = JsonMarshal.GetRawUtf8Value(document.RootElement);
        int length = json.Length;
        byte[] bytes = ArrayPool<byte>.Shared.Rent(length * JsonCanonicalizer.GrowthMax);
        // The shortest member, "":1 and its comma, has five bytes.
        int[] hashes = ArrayPool<int>.Shared.Rent((length / 5) + 1);
        int[] starts = ArrayPool<int>.Shared.Rent((length / 5) + 1);
        try
        {
            var canonical = new JsonCanonicalizer(bytes, hashes, starts);
            var value = new CheckedReader(json);
            canonical.WriteValue(ref value, depth: 1);
            return canonical.Repairs == JsonRepairs.None
                ? canonical.Written.ToArray()
                : throw new JsonException($"The value has no canonical form: {canonical.Repairs}.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
            ArrayPool<int>.Shared.Return(hashes);
            ArrayPool<int>.Shared.Return(starts);
        }
    }
}
