using System.Globalization;
using System.Text;

namespace Customer360.Api.Security;

/// <summary>
/// Reads the keys of the settings: <c>CUSTOMER360__KEYS__0__NAME</c>, <c>CUSTOMER360__KEYS__0__KEY</c>,
/// <c>CUSTOMER360__KEYS__0__ROLES__0</c> and so on (or the section <c>Customer360:Keys</c> of a settings file).
/// </summary>
public static class KeySettings
{
    public const string Section = "Customer360:Keys";

    private const int NameLengthMax = 100;

    /// <summary>The configured keys with their secrets; empty where none is configured.</summary>
    /// <exception cref="SettingInvalidException">A key is incomplete, ambiguous or has an unknown role.</exception>
    public static IReadOnlyList<(ApiKey Key, byte[] Secret)> Read(IConfiguration configuration)
    {
        List<(ApiKey Key, byte[] Secret)> keys = [];
        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
        HashSet<string> secrets = new(StringComparer.Ordinal);
        foreach (IConfigurationSection section in configuration.GetSection(Section).GetChildren())
        {
            string name = ReadName(section["Name"], Setting(section, "NAME"));
            string secret = ReadSecret(section["Key"], Setting(section, "KEY"));
            if (!names.Add(name))
            {
                throw new SettingInvalidException($"{Setting(section, "NAME")} repeats the name of another key.");
            }

            if (!secrets.Add(secret))
            {
                throw new SettingInvalidException($"{Setting(section, "KEY")} repeats another key.");
            }

            keys.Add((new ApiKey(name, ReadRoles(section)), Encoding.ASCII.GetBytes(secret)));
        }

        return keys;
    }

    private static string ReadName(string? name, string setting)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            throw new SettingInvalidException($"{setting} is missing: every key needs a name.");
        }

        return name.Length <= NameLengthMax && !name.Any(char.IsControl)
            ? name
            : throw new SettingInvalidException($"{setting} must have 100 characters at most, and none to control.");
    }

    private static string ReadSecret(string? secret, string setting)
    {
        if (string.IsNullOrEmpty(secret))
        {
            throw new SettingInvalidException($"{setting} is missing: every key needs its secret text.");
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
