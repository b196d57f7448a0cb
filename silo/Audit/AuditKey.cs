using Customer360.Rules.Audit;
using Customer360.Silo.Start;
using Microsoft.Extensions.Configuration;

namespace Customer360.Silo.Audit;

/// <summary>The key of the audit's hashes of identifiers, where the settings give one.</summary>
internal static class AuditKey
{
    private const string Path = "Customer360:AuditKey";

    /// <summary>Null where the store makes a key of its own.</summary>
    /// <exception cref="StartRefusedException">It is no base64 of 32 bytes or more. The value is not repeated.</exception>
    public static byte[]? Of(IConfiguration configuration)
    {
        if (configuration[Path] is not { Length: > 0 } text)
        {
            return null;
        }

        byte[] key = new byte[text.Length];
        return Convert.TryFromBase64String(text, key, out int length) && length >= AuditHash.KeyLengthMin
            ? key[..length]
            : throw new StartRefusedException(
                $"CUSTOMER360__AUDITKEY must be {AuditHash.KeyLengthMin} bytes or more in base64, for example from "
                    + $"'openssl rand -base64 {AuditHash.KeyLengthMin}'."
            );
    }
}
