using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Customer360.Api.Hosting;
using Customer360.Silo.Hosting;

namespace Customer360.Api.Security;

/// <summary>
/// Keys for a developer who configured none: one of each role, made once and kept in the data folder, where only the
/// owner may read them.
/// </summary>
/// <param name="Keys">The keys with their secrets.</param>
/// <param name="File">The file that keeps them.</param>
/// <param name="AreNew">True: they were made just now.</param>
public sealed record DevelopmentKeys(IReadOnlyList<(ApiKey Key, string Secret)> Keys, string File, bool AreNew)
{
    public const string FileName = "development-keys.json";

    private static readonly string[] s_roleNames = ["collect", "read", "admin"];

    /// <summary>Those of the data folder of the settings.</summary>
    /// <inheritdoc cref="ReadOrMake(string)"/>
    public static DevelopmentKeys ReadOrMake(IConfiguration configuration) => ReadOrMake(DataFolder.Of(configuration));

    /// <summary>The kept keys; makes them where there are none.</summary>
    /// <exception cref="SettingInvalidException">The data folder can't be written, or the file was damaged.</exception>
    public static DevelopmentKeys ReadOrMake(string dataFolder)
    {
        string path = Path.Combine(dataFolder, FileName);
        try
        {
            bool areNew = Make(path);
            PrivateFiles.TryNarrow(path);
            IConfiguration kept = new ConfigurationBuilder()
                .AddJsonFile(path, optional: false, reloadOnChange: false)
                .Build();
            return new DevelopmentKeys(
                [.. KeySettings.Read(kept).Select(pair => (pair.Key, Encoding.ASCII.GetString(pair.Secret)))],
                path,
                areNew
            );
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new SettingInvalidException(
                $"No key is configured, and the development keys in '{path}' can't be read or made "
                    + $"({exception.Message.TrimEnd('.')}). Set CUSTOMER360__KEYS__0__NAME, __KEY and __ROLES__0, or "
                    + "CUSTOMER360__DATA to a folder of your own that can be written.",
                exception
            );
        }
    }

    /// <summary>False where there are some.</summary>
    private static bool Make(string path)
    {
        var keys = s_roleNames
            .Select(role => new
            {
                Name = $"development-{role}",
                Key = RandomNumberGenerator.GetHexString(32, lowercase: true),
                Roles = new[] { role },
            })
            .ToArray();
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(new { Customer360 = new { Keys = keys } });

        return PrivateFiles.MakeOnce(path, json);
    }
}
