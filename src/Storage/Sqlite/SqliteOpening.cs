using Customer360.Storage.Pipelines;
using SQLitePCL;

namespace Customer360.Storage.Sqlite;

/// <summary>Says why a data folder or its database could not be opened.</summary>
internal sealed class SqliteOpening(SqliteStorageOptions options)
{
    // What a second process that asks for the lock is told: EAGAIN on Linux and on macOS, a sharing violation on Windows.
    private static readonly int[] s_lockedResults = [11, 35, unchecked((int)0x80070020)];

    // ENOSPC, and its counterpart on Windows.
    private static readonly int[] s_fullResults = [28, unchecked((int)0x80070070)];

    private string Folder => Path.GetFullPath(options.DataFolder);

    private string File => Path.GetFullPath(options.DatabasePath);

    /// <summary>Null: nothing that a file does, but an error of this program.</summary>
    public OpeningFailure? Explain(Exception exception) =>
        exception switch
        {
            SqliteFailureException failure => OfDatabase(failure),
            IOException when s_lockedResults.Contains(exception.HResult) => Lasts(
                $"Another process has the data folder '{Folder}' open: end it, or give this one a folder of its own by "
                    + $"{options.Setting}."
            ),
            IOException when s_fullResults.Contains(exception.HResult) => Passes($"The disk of '{Folder}' is full."),
            IOException or UnauthorizedAccessException => Lasts(
                $"The data folder '{Folder}' can't be written ({exception.Message.TrimEnd('.')}): check its rights, or name "
                    + $"another by {options.Setting}."
            ),
            _ => null,
        };

    /// <summary>A store was made here, and now its database is not there.</summary>
    public StorageRefusedException Lost() =>
        new(
            $"The store in '{Folder}' has lost its database: '{File}' is missing or empty. Restore the whole folder from a "
                + $"backup. To begin anew remove '{Path.GetFileName(options.LockPath)}', too."
        );

    /// <summary>A database without content that this program has not made: as a rule a copy that failed.</summary>
    public StorageRefusedException Empty() =>
        new(
            $"'{File}' is empty, and was not made by this program: was its copy cut off, or made without the files ending in "
                + "-wal and -shm? Restore it, or remove it to begin anew."
        );

    /// <summary>A copy of the file alone, made while a process had it open.</summary>
    public StorageRefusedException WithoutLog() =>
        new(
            $"'{File}' was copied or moved without the file '{Path.GetFileName(SqliteOpenMark.LogOf(File))}' beside it, which holds the "
                + "newest messages and profiles. Copy that one, too, or restore a copy that sqlite3's command .backup has made. "
                + "Where nothing is missing, since SQLite itself has closed the file meanwhile, make an empty file of that name."
        );

    private OpeningFailure OfDatabase(SqliteFailureException failure) =>
        failure.Code switch
        {
            raw.SQLITE_NOTADB or raw.SQLITE_CORRUPT => Lasts(
                $"The database '{File}' is damaged ({failure.Text}). Nothing was changed. Restore the folder from a backup, or "
                    + "save what can be read by sqlite3's command .recover."
            ),
            raw.SQLITE_READONLY or raw.SQLITE_CANTOPEN or raw.SQLITE_PERM or raw.SQLITE_AUTH => Lasts(
                $"The database '{File}' can't be written ({failure.Text}): check its owner and rights, and those of its folder."
            ),
            raw.SQLITE_FULL => Passes($"The disk of '{File}' is full ({failure.Text})."),
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => Passes(
                $"Another program holds the database '{File}' ({failure.Text})."
            ),
            _ when failure.IsOfDatabase => Passes($"The database '{File}' can't be read or written ({failure.Text})."),
            _ => Lasts(
                $"The database '{File}' can't be brought up to date ({failure.Text}): is it this program's own?"
            ),
        };

    private static OpeningFailure Passes(string sentence) => new(sentence, Passes: true);

    private static OpeningFailure Lasts(string sentence) => new(sentence, Passes: false);
}
