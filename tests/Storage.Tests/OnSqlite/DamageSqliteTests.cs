using System.Text;
using Customer360.Rules.Ports;
using Customer360.Storage.Sqlite;
using Customer360.Storage.Tests.Databases;

namespace Customer360.Storage.Tests.OnSqlite;

/// <summary>A part of a file is damaged: what needs it is told so for good, and everything else works.</summary>
public sealed class DamageSqliteTests : IDisposable
{
    private const int PageBytes = 8_192;
    private const int Customers = 40;

    private readonly string _folder = Directory.CreateTempSubdirectory("c360-damage-").FullName;
    private readonly RecordingLogger _logger = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Read_OfADamagedPage_IsToldAsDamageAndLeavesTheOthersAlone()
    {
        await using (GridStorage storage = await OpenAsync())
        {
            for (int customer = 0; customer < Customers; customer++)
            {
                await storage.States.WriteAsync(
                    "customer",
                    Key(customer),
                    StateOf(customer),
                    0,
                    CancellationToken.None
                );
            }
        }

        DamagePageOf($"marker-{17}-");
        await using GridStorage damaged = await OpenAsync();

        // All at once, so that they share batches.
        Task<StoredState?>[] reads =
        [
            .. Enumerable
                .Range(0, Customers)
                .Select(customer => damaged.States.ReadAsync("customer", Key(customer), CancellationToken.None)),
        ];
        await Task.WhenAll(reads).ContinueWith(_ => { }, TaskScheduler.Default);

        Assert.IsType<StorageDamagedException>(reads[17].Exception?.InnerException);
        Task<StoredState?>[] failed = [.. reads.Where(read => read.IsFaulted)];
        Assert.InRange(failed.Length, 1, 10);
        Assert.All(failed, read => Assert.IsType<StorageDamagedException>(read.Exception?.InnerException));
        Assert.All(reads.Except(failed), read => Assert.NotNull(read.Result));
        StorageHealth health = await damaged.CheckAsync(CancellationToken.None);
        Assert.False(health.IsHealthy);
        Assert.Contains("damaged", health.Description, StringComparison.Ordinal);
        Assert.Contains("backup", health.Description, StringComparison.Ordinal);
        Assert.Contains(_logger.Lines, line => line.Contains("damaged", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Scan_OfADamagedPage_IsToldAsDamage()
    {
        await using (GridStorage storage = await OpenAsync())
        {
            for (int customer = 0; customer < Customers; customer++)
            {
                await storage.States.WriteAsync(
                    "customer",
                    Key(customer),
                    StateOf(customer),
                    0,
                    CancellationToken.None
                );
            }
        }

        DamagePageOf($"marker-{17}-");
        await using GridStorage damaged = await OpenAsync();

        await Assert.ThrowsAsync<StorageDamagedException>(() =>
            damaged.Scan.ReadPageAsync("customer", "", Customers, CancellationToken.None)
        );
        Assert.False((await damaged.CheckAsync(CancellationToken.None)).IsHealthy);
    }

    private static string Key(int customer) => $"c_{customer:00000}";

    private static byte[] StateOf(int customer) =>
        Encoding.UTF8.GetBytes($$"""{"text":"marker-{{customer}}-{{new string('x', 1_500)}}"}""");

    private void DamagePageOf(string marker)
    {
        string path = Path.Combine(_folder, "customer360.db");
        byte[] file = File.ReadAllBytes(path);
        int at = file.AsSpan().IndexOf(Encoding.UTF8.GetBytes(marker));
        Assert.True(at >= 0);
        file.AsSpan(at / PageBytes * PageBytes, 8).Fill(0xFF);
        File.WriteAllBytes(path, file);
    }

    private async Task<GridStorage> OpenAsync()
    {
        GridStorage storage = SqliteStorage.Create(
            new SqliteStorageOptions { DataFolder = _folder },
            TimeProvider.System,
            _logger
        );
        await storage.InitializeAsync(CancellationToken.None);
        return storage;
    }
}
