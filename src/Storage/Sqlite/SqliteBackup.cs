using System.Globalization;

namespace Customer360.Storage.Sqlite;

/// <summary>Copies of a store on SQLite. A copy is one file: the store as it was at one moment, without its free places.</summary>
public static class SqliteBackup
{
    /// <summary>The name of the database in a data folder.</summary>
    public const string FileName = "customer360.db";

    /// <summary>
    /// Writes a copy, also while a grid runs on the folder: it is a reader among others. The copy is for its owner alone.
    /// </summary>
    /// <exception cref="StorageRefusedException">There is no store, or something is in the way of the copy.</exception>
    public static void Write(string dataFolder, string target)
    {
        string database = Path.Combine(dataFolder, FileName);
        if (!File.Exists(database))
        {
            throw new StorageRefusedException($"There is no store in '{dataFolder}'.");
        }

        if (Path.Exists(target))
        {
            throw new StorageRefusedException($"'{target}' is there already: a backup replaces nothing.");
        }

        try
        {
            // Made by us, since SQLite would make it with the system's rights; it writes into an empty file.
            OwnerOnly.OpenFile(target, FileMode.CreateNew, FileShare.ReadWrite).Dispose();
            using SqliteConnection connection = SqliteConnection.Open(database, readOnly: false);
            // The log stays beside the database: whether a grid runs or has died, it is that grid's.
            connection.KeepLogOnClose();
            connection.Execute("pragma busy_timeout = 5000");
            using SqliteStatement copy = connection.PrepareOnce("vacuum into ?1");
            copy.Bind(1, target).Run();
            using FileStream file = new(target, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            file.Flush(flushToDisk: true);
        }
        catch (SqliteFailureException failure)
        {
            File.Delete(target);
            throw new StorageRefusedException(
                string.Create(CultureInfo.InvariantCulture, $"The store can't be copied ({failure.Code})."),
                failure
            );
        }
    }
}
