using System.Security.Cryptography;
using Customer360.Rules.Audit;

namespace Customer360.Storage.Sqlite;

/// <summary>
/// The store's own key of the audit's hashes: a file beside the database, not in it, so that a copy of the database alone does
/// not tell whom a hash stands for.
/// </summary>
internal static class SqliteAuditKey
{
    /// <summary>Reads the key, and makes it first where there is none.</summary>
    /// <exception cref="StorageRefusedException">The file is there and holds no key.</exception>
    public static byte[] Take(SqliteStorageOptions options)
    {
        string path = options.AuditKeyPath;
        OwnerOnly.MakeOnce(path, RandomNumberGenerator.GetBytes(AuditHash.KeyLengthMin));
        byte[] key = File.ReadAllBytes(path);
        return key.Length >= AuditHash.KeyLengthMin
            ? key
            : throw new StorageRefusedException(
                $"'{Path.GetFullPath(path)}' is no key: restore it from a backup. Without it new records of the audit log name the "
                    + "same identifier by another hash than old ones; where that does not matter remove the file, and a new key is made."
            );
    }
}
