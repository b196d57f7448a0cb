using System.Security.Cryptography;
using System.Text;
using Customer360.Api.Security;
using Customer360.Rules.Access;
using Customer360.Silo.Hosting;

namespace Customer360.Api.Access;

/// <summary>Where the key for the hashes of masked values comes from: the settings, else a file of the data folder.</summary>
internal static class MaskKeyFile
{
    public const string FileName = "mask-key";

    private const int KeyBytes = 32;

    /// <summary>The key; it is read, or made, when somebody first needs it.</summary>
    public static MaskKey Of(AccessOptions options, IConfiguration configuration) =>
        Of(options, DataFolder.Of(configuration));

    /// <inheritdoc cref="Of(AccessOptions, IConfiguration)"/>
    internal static MaskKey Of(AccessOptions options, string dataFolder) =>
        new(() => options.MaskKey is { } text ? SHA256.HashData(Encoding.UTF8.GetBytes(text)) : ReadOrMake(dataFolder));

    /// <exception cref="InvalidDataException">The file is there and holds no key.</exception>
    private static byte[] ReadOrMake(string dataFolder)
    {
        string path = Path.Combine(dataFolder, FileName);
        PrivateFiles.MakeOnce(path, RandomNumberGenerator.GetBytes(KeyBytes));
        PrivateFiles.TryNarrow(path);
        byte[] key = File.ReadAllBytes(path);
        return key.Length >= KeyBytes
            ? key
            : throw new InvalidDataException($"'{path}' holds no key: remove it, and another one is made.");
    }
}
