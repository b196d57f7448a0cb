using System.Security.Cryptography;
using System.Text;

namespace Customer360.Storage.Postgres;

/// <summary>
/// What is kept of the id of a removed message, so that a repeat is still recognised: 16 bytes of HMAC-SHA-256 under a salt that
/// is made with the database. Thread-safe.
/// </summary>
internal sealed class RemovedHash(string salt)
{
    private const int Bytes = 16;

    private readonly byte[] _key = Encoding.UTF8.GetBytes(salt);

    public byte[] Of(string messageId) =>
        HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(messageId)).AsSpan(0, Bytes).ToArray();
}
