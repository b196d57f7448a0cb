using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Customer360.Rules.Audiences;

/// <summary>Deals people to arms by hash, so that everybody stays where she is without anything being kept.</summary>
internal static class Assignment
{
    /// <summary>0 to 9,999, evenly dealt.</summary>
    public static int Of(string customerId, string of)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{of}\n{customerId}"), hash);
        return (int)(BinaryPrimitives.ReadUInt64BigEndian(hash) % 10_000);
    }
}
