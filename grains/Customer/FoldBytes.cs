using System.Buffers;
using System.Text.Json;
using Customer360.Rules.Profiles;

namespace Customer360.Grains;

/// <summary>The canonical form of a fold, as far as states of every release have it.</summary>
internal static class FoldBytes
{
    public static byte[] Of(ProfileFold fold)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        fold.WithoutArrivals().WriteJson(writer);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
