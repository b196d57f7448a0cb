using System.Security.Cryptography;
using System.Text.Json;

namespace Customer360.Api.Security;

/// <summary>
/// Keys for a developer who configured none: one of each role, made once and kept in the data folder, where only the
/// owner may read them.
/// </summary>
public static class DevelopmentKeys
{
    public const string FileName = "development-keys.json";

    private static readonly string[] RoleNames = ["collect", "read", "admin"];

    /// <summary>The kept keys as settings (<c>Customer360:Keys</c>); makes and prints them where there are none.</summary>
    /// <exception cref="SettingInvalidException">The data folder can't be written.</exception>
    public static IConfiguration ReadOrMake(string dataFolder, TextWriter output)
    {
        string path = Path.Combine(dataFolder, FileName);
        try
        {
            if (!File.Exists(path))
            {
                Make(dataFolder, path, output);
            }

            return new ConfigurationBuilder().AddJsonFile(path, optional: false, reloadOnChange: false).Build();
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new SettingInvalidException(
                $"No key is configured, and the development keys in '{path}' can't be read or made. "
                    + "Set CUSTOMER360__KEYS__0__NAME, __KEY and __ROLES__0, or CUSTOMER360__DATA to a writable folder.",
                exception
            );
        }
    }

    private static void Make(string dataFolder, string path, TextWriter output)
    {
        Directory.CreateDirectory(dataFolder);
        var keys = RoleNames
            .Select(role => new
            {
                Name = $"development-{role}",
                Key = RandomNumberGenerator.GetHexString(32, lowercase: true),
                Roles = new[] { role },
            })
            .ToArray();
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(new { Customer360 = new { Keys = keys } });

        // Written aside and moved, so a process that starts at the same time never reads half a file; the mode is set
        // when the file is made, so the keys are at no moment readable by others.
        string temporary = $"{path}.{Environment.ProcessId}";
        FileStreamOptions options = new() { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (FileStream file = new(temporary, options))
        {
            file.Write(json);
        }

        try
        {
            File.Move(temporary, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process was first: its keys are the ones.
            File.Delete(temporary);
            return;
        }

        output.WriteLine($"Made one key of each role for development, kept in {path}:");
        foreach (var key in keys)
        {
            output.WriteLine($"  {key.Roles[0], -8}{key.Key}");
        }
    }
}
