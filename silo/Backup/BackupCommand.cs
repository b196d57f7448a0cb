using System.Collections.Immutable;
using System.Globalization;
using Customer360.Grains;
using Customer360.Rules.Privacy;
using Customer360.Silo.Hosting;
using Customer360.Silo.Privacy;
using Customer360.Silo.Start;
using Customer360.Storage;
using Customer360.Storage.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace Customer360.Silo.Backup;

/// <summary>
/// <c>customer360 backup FILE</c> copies the store of a data folder, also while a grid runs on it. <c>customer360 restore FILE</c> puts
/// a copy in its place, and erases in it whom the ledger of erasures names: a backup must not bring anybody back.
/// </summary>
public static class BackupCommand
{
    public const string Name = "backup";
    public const string RestoreName = "restore";

    public const string Usage = "Usage: customer360 backup FILE";

    public const string RestoreUsage = """
        Usage: customer360 restore FILE [--replace] [--no-erasures]
        --replace puts it in the place of a store that is there; --no-erasures says that nobody was ever erased.
        """;

    private const string Replace = "--replace";
    private const string NoErasures = "--no-erasures";
    private const int PartitionsMax = 4_096;

    /// <summary>0: the copy is written; 1: it is not, and the error says why.</summary>
    /// <param name="args">What follows the command's name.</param>
    /// <param name="configuration">Says where the data folder is.</param>
    /// <param name="output">Takes what was done.</param>
    /// <param name="error">Takes why it was not.</param>
    public static int Backup(
        ImmutableArray<string> args,
        IConfiguration configuration,
        TextWriter output,
        TextWriter error
    )
    {
        if (args is not [var target])
        {
            error.WriteLine(Usage);
            return 1;
        }

        if (IsOnPostgres(configuration, error))
        {
            return 1;
        }

        try
        {
            SqliteBackup.Write(DataFolder.Of(configuration), target);
            output.WriteLine(
                $"The store is copied to {target}. The key of the suppressions and the ledger of erasures are not in it: keep them "
                    + "elsewhere."
            );
            return 0;
        }
        catch (Exception failure)
            when (failure is StorageRefusedException or IOException or UnauthorizedAccessException)
        {
            error.WriteLine(failure.Message);
            return 1;
        }
    }

    /// <summary>0: the store is restored; 1: nothing was changed, and the error says why.</summary>
    /// <inheritdoc cref="Backup"/>
    public static async Task<int> RestoreAsync(
        ImmutableArray<string> args,
        IConfiguration configuration,
        TextWriter output,
        TextWriter error
    )
    {
        if (args is not [var source, .. var rest] || rest.Any(one => one is not (Replace or NoErasures)))
        {
            await error.WriteLineAsync(RestoreUsage);
            return 1;
        }

        if (IsOnPostgres(configuration, error))
        {
            return 1;
        }

        try
        {
            OfflineErasureResult result = await RestoreAsync(source, [.. rest], configuration, output);
            await output.WriteLineAsync(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The store is restored from {source}. Erased again: {result.Customers} customers, {result.Identifiers} identifiers, "
                ) + string.Create(CultureInfo.InvariantCulture, $"{result.MessagesRemoved} messages.")
            );
            return 0;
        }
        catch (Exception failure)
            when (failure
                    is StorageRefusedException
                        or StartRefusedException
                        or Rules.Ports.StorageUnavailableException
                        or IOException
                        or UnauthorizedAccessException
            )
        {
            await error.WriteLineAsync(failure.Message);
            return 1;
        }
    }

    /// <summary>
    /// The copy is made ready in a folder of its own, and takes its place by a rename when nothing is left to be erased in it. A crash
    /// before that leaves the store as it was, but for a moment in which a store that was not stopped in order has lost its log: the
    /// grid refuses to start on it, and the restore can be said again.
    /// </summary>
    private static async Task<OfflineErasureResult> RestoreAsync(
        string source,
        string[] options,
        IConfiguration configuration,
        TextWriter output
    )
    {
        string folder = DataFolder.Of(configuration);
        string database = Path.Combine(folder, SqliteBackup.FileName);
        OwnerOnly.MakeFolder(folder);

        // Whoever runs on the folder has the lock.
        using FileStream held = TakeLock(folder);
        if (File.Exists(database) && !options.Contains(Replace))
        {
            throw new StorageRefusedException(
                $"There is a store in '{folder}'. Say --replace where the backup is to take its place."
            );
        }

        ImmutableArray<SuppressionEntry> ledger = ReadLedger(configuration, options.Contains(NoErasures), output);
        string making = Path.Combine(folder, "restoring");
        if (Directory.Exists(making))
        {
            Directory.Delete(making, recursive: true);
        }

        OwnerOnly.MakeFolder(making);
        string copy = Path.Combine(making, SqliteBackup.FileName);
        using (FileStream to = OwnerOnly.OpenFile(copy, FileMode.CreateNew, FileShare.None))
        using (FileStream from = File.OpenRead(source))
        {
            await from.CopyToAsync(to);
            to.Flush(flushToDisk: true);
        }

        OfflineErasureResult result = await EraseAgainAsync(making, ledger, configuration);
        // The log of the store that was here would be taken for that of the copy.
        File.Delete($"{database}-wal");
        File.Delete($"{database}-shm");
        File.Move(copy, database, overwrite: true);
        Directory.Delete(making, recursive: true);
        return result;
    }

    /// <summary>Who was erased since. A ledger that is not there is not taken for one that names nobody.</summary>
    private static ImmutableArray<SuppressionEntry> ReadLedger(
        IConfiguration configuration,
        bool isNone,
        TextWriter output
    )
    {
        string path = ErasureLedgerFile.PathOf(configuration);
        if (!File.Exists(path))
        {
            return isNone
                ? []
                : throw new StorageRefusedException(
                    $"There is no ledger of erasures at '{path}', and whoever was erased since the backup would be back. Put the "
                        + "ledger there, name it by CUSTOMER360__PRIVACY__LEDGER, or say --no-erasures where nobody was erased."
                );
        }

        ImmutableArray<SuppressionEntry> entries = ErasureLedgerFile.Read(path, out int unreadable);
        if (unreadable > 0)
        {
            output.WriteLine(
                $"{unreadable} lines of '{path}' can't be read. A crash may leave such a line, whose entry then comes again; more "
                    + "than one for a crash means that the ledger is damaged."
            );
        }

        return entries;
    }

    private static async Task<OfflineErasureResult> EraseAgainAsync(
        string folder,
        ImmutableArray<SuppressionEntry> ledger,
        IConfiguration configuration
    )
    {
        SuppressionKey key = SuppressionKeyFile.Load(configuration);
        await using GridStorage storage = SqliteStorage.Create(
            new SqliteStorageOptions { DataFolder = folder },
            TimeProvider.System,
            NullLogger.Instance
        );
        await storage.InitializeAsync(CancellationToken.None);
        return await new OfflineErasure(
            storage.States,
            storage.Scan,
            storage.Erasure,
            storage.EventLog,
            storage.Quarantine,
            storage.Suppressions,
            key
        ).Run(ledger, PartitionsMax, CancellationToken.None);
    }

    private static FileStream TakeLock(string folder)
    {
        try
        {
            FileStream held = OwnerOnly.OpenFile(
                Path.Combine(folder, "customer360.lock"),
                FileMode.OpenOrCreate,
                FileShare.None
            );
            if (held.Length == 0)
            {
                // A store will be here: one that is lost later is not taken for a new one.
                held.Write("A store was made here.\n"u8);
                held.Flush(flushToDisk: true);
            }

            return held;
        }
        catch (IOException failure)
        {
            throw new StorageRefusedException($"A grid runs on '{folder}': stop it first.", failure);
        }
    }

    private static bool IsOnPostgres(IConfiguration configuration, TextWriter error)
    {
        if (GridServices.ConnectionOf(configuration) is null)
        {
            return false;
        }

        error.WriteLine(
            "The grid is on PostgreSQL: back its database up with pg_dump. docs/privacy.md says what a restore must do afterwards."
        );
        return true;
    }
}
