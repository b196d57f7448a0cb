using System.Globalization;
using System.Text;
using Customer360.Api.Hosting;
using Customer360.Rules.Access;
using Customer360.Rules.Events;

namespace Customer360.Api.Security;

/// <summary>
/// Reads the keys of the settings: <c>CUSTOMER360__KEYS__0__NAME</c>, <c>CUSTOMER360__KEYS__0__KEY</c>,
/// <c>CUSTOMER360__KEYS__0__ROLES__0</c> and so on (or the section <c>Customer360:Keys</c> of a settings file). Of a key that
/// sends events also <c>CUSTOMER360__KEYS__0__TRUST</c> (<c>public</c> or <c>server</c>; default: <c>public</c> where it has no
/// other role than <c>collect</c>) and <c>CUSTOMER360__KEYS__0__SIGNINGSECRET</c>.
/// </summary>
public static class KeySettings
{
    public const string Section = "Customer360:Keys";

    /// <summary>What a key has at least where others than a developer may try to guess it.</summary>
    public const int SecretLengthMin = 12;

    private const int NameLengthMax = 100;

    // As long as the digest that it makes: a shorter one could be guessed from a single signature.
    private const int SigningSecretLengthMin = 32;

    // A longer one would not be looked at in a header (PresentedKey), where Basic makes it a third longer.
    private const int SecretLengthMax = 512;

    /// <summary>The configured keys with their secrets; empty where none is configured.</summary>
    /// <param name="configuration">The settings.</param>
    /// <param name="secretLengthMin">What each must have at least.</param>
    /// <exception cref="SettingInvalidException">A key is incomplete, ambiguous, too short or has an unknown role.</exception>
    public static IReadOnlyList<(ApiKey Key, byte[] Secret)> Read(IConfiguration configuration, int secretLengthMin = 1)
    {
        List<(ApiKey Key, byte[] Secret)> keys = [];
        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
        HashSet<string> secrets = new(StringComparer.Ordinal);
        foreach (IConfigurationSection section in configuration.GetSection(Section).GetChildren())
        {
            string name = ReadName(section["Name"], Setting(section, "NAME"));
            string secret = ReadSecret(section["Key"], Setting(section, "KEY"), secretLengthMin);
            if (!names.Add(name))
            {
                throw new SettingInvalidException($"{Setting(section, "NAME")} repeats the name of another key.");
            }

            if (!secrets.Add(secret))
            {
                throw new SettingInvalidException($"{Setting(section, "KEY")} repeats another key.");
            }

            keys.Add((ReadKey(section, name), Encoding.ASCII.GetBytes(secret)));
        }

        return keys;
    }

    private static ApiKey ReadKey(IConfigurationSection section, string name)
    {
        var key = new ApiKey(name, ReadRoles(section));
        key = key with { Trust = ReadTrust(section, key), SigningSecret = ReadSigningSecret(section) };
        return key.SigningSecret.IsEmpty || key.Trust == SourceTrust.Public
            ? key
            : throw new SettingInvalidException(
                $"{Setting(section, "SIGNINGSECRET")} is for keys with TRUST=public: a server is believed without a signature."
            );
    }

    private static SourceTrust ReadTrust(IConfigurationSection section, ApiKey key) =>
        section["Trust"]?.ToUpper(CultureInfo.InvariantCulture) switch
        {
            null or "" => key.Trust,
            "PUBLIC" => SourceTrust.Public,
            "SERVER" => SourceTrust.Server,
            _ => throw new SettingInvalidException($"{Setting(section, "TRUST")} must be public or server."),
        };

    private static ReadOnlyMemory<byte> ReadSigningSecret(IConfigurationSection section)
    {
        string secret = section["SigningSecret"] ?? "";
        return secret.Length == 0 ? default
            : secret.Length >= SigningSecretLengthMin ? Encoding.UTF8.GetBytes(secret)
            : throw new SettingInvalidException(
                $"{Setting(section, "SIGNINGSECRET")} must have {SigningSecretLengthMin} characters or more."
            );
    }

    private static string ReadName(string? name, string setting)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            throw new SettingInvalidException($"{setting} is missing: every key needs a name.");
        }

        return name.Length <= NameLengthMax && !name.Any(char.IsControl)
            ? name
            : throw new SettingInvalidException(
                $"{setting} must have 100 characters at most, and no control characters."
            );
    }

    private static string ReadSecret(string? secret, string setting, int lengthMin)
    {
        if (string.IsNullOrEmpty(secret))
        {
            throw new SettingInvalidException($"{setting} is missing: every key needs its secret text.");
        }

        if (secret.Length < lengthMin || secret.Length > SecretLengthMax)
        {
            throw new SettingInvalidException(
                $"{setting} has {secret.Length} characters and must have {lengthMin} to {SecretLengthMax}: a shorter one can be guessed, a "
                    + "longer one does not fit into a header. `openssl rand -hex 16` makes a good one."
            );
        }

        // A colon would end the user name of Basic, anything else outside this range can't stand in a header.
        return secret.All(letter => letter is > ' ' and < '\u007f' and not ':')
            ? secret
            : throw new SettingInvalidException($"{setting} must be visible ASCII characters without a colon.");
    }

    private static Roles ReadRoles(IConfigurationSection section)
    {
        Roles roles = Roles.None;
        foreach (IConfigurationSection role in section.GetSection("Roles").GetChildren())
        {
            string setting = Setting(section, $"ROLES__{role.Key}");
            roles |= role.Value?.ToUpper(CultureInfo.InvariantCulture) switch
            {
                "COLLECT" => Roles.Collect,
                "READ" => Roles.Read,
                "ADMIN" => Roles.Admin,
                _ => throw new SettingInvalidException($"{setting} must be collect, read or admin."),
            };
        }

        return roles != Roles.None
            ? roles
            : throw new SettingInvalidException(
                $"{Setting(section, "ROLES__0")} is missing: a key has at least one of collect, read and admin."
            );
    }

    private static string Setting(IConfigurationSection section, string rest) =>
        $"CUSTOMER360__KEYS__{section.Key}__{rest}";
}
