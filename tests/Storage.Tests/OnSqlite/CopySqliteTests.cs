using Customer360.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using SQLitePCL;

namespace Customer360.Storage.Tests.OnSqlite;

/// <summary>Which copies of a database are the whole of it.</summary>
public sealed class CopySqliteTests : IDisposable
{
    private readonly string _parent = Directory.CreateTempSubdirectory("c360-copy-").FullName;

    private string Original => Path.Combine(_parent, "original");

    private string Restored => Path.Combine(_parent, "restored");

    public void Dispose() => Directory.Delete(_parent, recursive: true);

    [Theory]
    [InlineData("customer360.db")]
    [InlineData("customer360.db", "customer360.lock")]
    public async Task CopyOfTheFile_MadeWhileItIsOpen_IsRefusedWithoutItsLog(params string[] files)
    {
        await using (GridStorage storage = await OpenAsync(Original))
        {
            await WriteAsync(storage);
            Copy(files);
        }

        StorageRefusedException refusal = await Assert.ThrowsAsync<StorageRefusedException>(() => OpenAsync(Restored));

        Assert.Contains(Path.Combine(Restored, "customer360.db"), refusal.Message, StringComparison.Ordinal);
        Assert.Contains("customer360.db-wal", refusal.Message, StringComparison.Ordinal);
        // Nothing was changed: with its log the same copy is whole.
        await Assert.ThrowsAsync<StorageRefusedException>(() => OpenAsync(Restored));
    }

    [Fact]
    public async Task CopyOfTheFileAndItsLog_MadeWhileItIsOpen_IsTheWhole()
    {
        await using (GridStorage storage = await OpenAsync(Original))
        {
            await WriteAsync(storage);
            Copy("customer360.db", "customer360.db-wal");
        }

        await AssertHoldsAsync();
    }

    [Fact]
    public async Task CopyOfTheFile_MadeAfterItWasClosed_IsTheWhole()
    {
        await using (GridStorage storage = await OpenAsync(Original))
        {
            await WriteAsync(storage);
        }

        Copy("customer360.db");

        await AssertHoldsAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CopyBySqlite_MadeWhileItIsOpen_IsTheWhole(bool byBackup)
    {
        await using (GridStorage storage = await OpenAsync(Original))
        {
            await WriteAsync(storage);
            CopyBySqlite(byBackup);
        }

        await AssertHoldsAsync();
        // A copy of the copy, too: it is one as soon as a process has it open.
        Directory.Delete(Original, recursive: true);
        Directory.Move(Restored, Original);
        await using (GridStorage again = await OpenAsync(Original))
        {
            CopyBySqlite(byBackup);
        }

        await AssertHoldsAsync();
    }

    [Fact]
    public async Task CopyWhoseLogIsKnownToBeEmpty_IsTaken()
    {
        await using (GridStorage storage = await OpenAsync(Original))
        {
            Copy("customer360.db");
        }

        await File.WriteAllBytesAsync(Path.Combine(Restored, "customer360.db-wal"), []);

        await using GridStorage restored = await OpenAsync(Restored);
        Assert.True((await restored.CheckAsync(CancellationToken.None)).IsHealthy);
    }

    private static Task<long?> WriteAsync(GridStorage storage) =>
        storage.States.WriteAsync("customer", "c_1", "{}"u8.ToArray(), 0, CancellationToken.None);

    private async Task AssertHoldsAsync()
    {
        await using GridStorage restored = await OpenAsync(Restored);
        Assert.NotNull(await restored.States.ReadAsync("customer", "c_1", CancellationToken.None));
    }

    private void Copy(params string[] files)
    {
        Directory.CreateDirectory(Restored);
        foreach (string file in files)
        {
            string copy = Path.Combine(Restored, file);
            if (file.EndsWith(".lock", StringComparison.Ordinal))
            {
                // .NET heeds the lock; cp would not.
                File.WriteAllText(copy, "A store was made here.\n");
                continue;
            }

            using FileStream from = new(
                Path.Combine(Original, file),
                FileMode.Open,
                FileAccess.Read,
                FileShare.ReadWrite | FileShare.Delete
            );
            using FileStream to = File.Create(copy);
            from.CopyTo(to);
        }
    }

    private void CopyBySqlite(bool byBackup)
    {
        Directory.CreateDirectory(Restored);
        string from = Path.Combine(Original, "customer360.db");
        string to = Path.Combine(Restored, "customer360.db");
        if (!byBackup)
        {
            using var source = SqliteConnection.Open(from, readOnly: false);
            source.Execute($"vacuum into '{to}'");
            return;
        }

        Assert.Equal(raw.SQLITE_OK, raw.sqlite3_open(from, out sqlite3 original));
        Assert.Equal(raw.SQLITE_OK, raw.sqlite3_open(to, out sqlite3 copy));
        using (original)
        using (copy)
        {
            using sqlite3_backup backup = raw.sqlite3_backup_init(copy, "main", original, "main");
            Assert.Equal(raw.SQLITE_DONE, raw.sqlite3_backup_step(backup, -1));
        }
    }

    private static async Task<GridStorage> OpenAsync(string folder)
    {
        GridStorage storage = SqliteStorage.Create(
            new SqliteStorageOptions { DataFolder = folder },
            TimeProvider.System,
            NullLogger.Instance
        );
        try
        {
            await storage.InitializeAsync(CancellationToken.None);
            return storage;
        }
        catch
        {
            await storage.DisposeAsync();
            throw;
        }
    }
}
