using Customer360.Storage.Pipelines;
using Customer360.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Customer360.Storage.Tests.OnSqlite;

/// <summary>Anybody may ask whether the storage works; nobody makes it write by that.</summary>
public sealed class HealthSqliteTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("c360-health-").FullName;
    private readonly ManualTime _time = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Check_HoweverOften_WritesOnceInAWhile()
    {
        await using GridStorage storage = SqliteStorage.Create(
            new SqliteStorageOptions { DataFolder = _folder },
            _time,
            NullLogger.Instance
        );
        await storage.InitializeAsync(CancellationToken.None);
        _time.Advance(PacedProbe.Pause);
        DateTimeOffset first = _time.GetUtcNow();
        await AssertHealthyAsync(storage);
        long written = ProbedAt();
        Assert.Equal(StorageTime.ToMicroseconds(first), written);

        for (int asked = 0; asked < 1_000; asked++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(2));
            await AssertHealthyAsync(storage);
        }

        Assert.Equal(written, ProbedAt());
        _time.Advance(PacedProbe.Pause);
        await AssertHealthyAsync(storage);
        Assert.NotEqual(written, ProbedAt());
    }

    private static async Task AssertHealthyAsync(GridStorage storage) =>
        Assert.True((await storage.CheckAsync(CancellationToken.None)).IsHealthy);

    private long ProbedAt()
    {
        using var connection = SqliteConnection.Open(Path.Combine(_folder, "customer360.db"), readOnly: true);
        using SqliteStatement read = connection.PrepareOnce("select probed_at from storage_probe");
        read.Step();
        return read.Int64(0);
    }
}
