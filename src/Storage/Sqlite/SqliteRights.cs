using Microsoft.Extensions.Logging;

namespace Customer360.Storage.Sqlite;

/// <summary>
/// Closes the data folder to everybody but the program's own user. A folder that is there with wider rights is narrowed, and
/// that is said: a start that was refused instead would leave the data open until somebody comes. What is not ours, as a
/// folder that holds other things or belongs to another user, is left as it is, and that is said, too.
/// </summary>
internal static partial class SqliteRights
{
    /// <summary>What this program makes in a data folder.</summary>
    private static readonly string[] s_ours = ["customer360.*", "audit.key*", "development-keys.json*"];

    /// <summary>What a person puts there for it, and a file system.</summary>
    private static readonly string[] s_expected = ["identity.yaml", "mastership.yaml", "lost+found"];

    /// <summary>Before anything is opened: SQLite gives the files beside the database the rights of the database.</summary>
    public static void Narrow(SqliteStorageOptions options, ILogger logger)
    {
        string folder = Path.GetFullPath(options.DataFolder);
        string[] files = [.. s_ours.SelectMany(pattern => Directory.GetFiles(folder, pattern))];
        int narrowed = files.Count(OwnerOnly.TryNarrow);
        if (narrowed > 0)
        {
            LogFilesNarrowed(logger, narrowed, folder);
        }

        if (!OwnerOnly.IsOpenToOthers(folder))
        {
            return;
        }

        bool isOurs = Directory.GetFileSystemEntries(folder).Except(files, StringComparer.Ordinal).All(IsExpected);
        if (isOurs && OwnerOnly.TryNarrow(folder))
        {
            LogFolderNarrowed(logger, folder);
        }
        else
        {
            LogFolderOpen(logger, folder);
        }
    }

    private static bool IsExpected(string entry) =>
        s_expected.Contains(Path.GetFileName(entry), StringComparer.Ordinal);

    [LoggerMessage(
        32,
        LogLevel.Warning,
        "{Count} files in the data folder '{Folder}' could be read by other users of this machine; now only by this program's."
    )]
    private static partial void LogFilesNarrowed(ILogger logger, int count, string folder);

    [LoggerMessage(
        33,
        LogLevel.Warning,
        "The data folder '{Folder}' was open to other users of this machine; now it is this program's user's alone (0700)."
    )]
    private static partial void LogFolderNarrowed(ILogger logger, string folder);

    [LoggerMessage(
        34,
        LogLevel.Warning,
        "The data folder '{Folder}' is open to other users of this machine, and holds other things or belongs to another: the "
            + "grid's files in it are closed (0600). Give the grid a folder of its own, or close this one by chmod 700."
    )]
    private static partial void LogFolderOpen(ILogger logger, string folder);
}
