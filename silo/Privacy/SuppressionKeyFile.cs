using System.Security.Cryptography;
using Customer360.Rules.Privacy;
using Customer360.Silo.Hosting;
using Customer360.Silo.Start;
using Customer360.Storage;
using Microsoft.Extensions.Configuration;

namespace Customer360.Silo.Privacy;

/// <summary>
/// The key under which suppressed identifiers are hashed: from a setting, or from a file in the data folder that is made once, for
/// its owner alone. On PostgreSQL the setting is needed before anybody is erased, since all nodes must have the same key.
/// </summary>
internal static class SuppressionKeyFile
{
    /// <summary>The file in the data folder. It is no part of a backup.</summary>
    public const string FileName = "suppression.key";

    /// <summary>The setting as an operator gives it.</summary>
    public const string Setting = "CUSTOMER360__PRIVACY__SUPPRESSIONKEY";

    private const string Path = "Customer360:Privacy:SuppressionKey";

    /// <exception cref="StartRefusedException">What is given is no key.</exception>
    public static SuppressionKey Load(IConfiguration configuration)
    {
        if (configuration[Path] is { Length: > 0 } given)
        {
            return Parse(given, Setting);
        }

        if (GridServices.ConnectionOf(configuration) is not null)
        {
            return SuppressionKey.Missing;
        }

        string path = System.IO.Path.Combine(DataFolder.Of(configuration), FileName);
        string made = Convert.ToBase64String(RandomNumberGenerator.GetBytes(SuppressionKey.BytesMin));
        OwnerOnly.MakeOnce(path, System.Text.Encoding.ASCII.GetBytes(made));
        return Parse(File.ReadAllText(path).Trim(), path);
    }

    private static SuppressionKey Parse(string text, string place)
    {
        byte[] bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out int length) && length >= SuppressionKey.BytesMin
            ? new SuppressionKey(bytes.AsSpan(0, length))
            : throw new StartRefusedException(
                $"{place} holds no key: it must be {SuppressionKey.BytesMin} bytes or more, written in base64."
            );
    }
}
