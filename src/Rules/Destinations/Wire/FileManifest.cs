using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Customer360.Rules.Events;

namespace Customer360.Rules.Destinations;

/// <summary>What stands beside a file of deliveries.</summary>
public static class FileManifest
{
    /// <summary>Follows from what is in the file: a repeat of the same items replaces it by the same.</summary>
    public static string NameOf(ImmutableArray<OutgoingItem> items)
    {
        byte[] hash = SHA256.HashData(
            Encoding.UTF8.GetBytes(string.Join('\n', items.Select(one => one.Item.Effect.Id)))
        );
        return $"{items[0].Item.Effect.At.UtcDateTime:yyyyMMdd'T'HHmmss}-{Convert.ToHexStringLower(hash.AsSpan(0, 8))}";
    }

    /// <summary><c>{"file","items","bytes","sha256","writtenAt","ids":[…]}</c>: by the ids a reader leaves repeats out.</summary>
    public static byte[] Of(string file, byte[] content, ImmutableArray<string> ids, DateTimeOffset at) =>
        JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                file,
                items = ids.Length,
                bytes = content.Length,
                sha256 = Convert.ToHexStringLower(SHA256.HashData(content)),
                writtenAt = Rfc3339.Text(at),
                ids = ids.AsEnumerable(),
            }
        );
}
