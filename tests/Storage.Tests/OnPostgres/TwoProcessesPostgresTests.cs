using Customer360.Rules.Ports;
using Customer360.Storage.Postgres;
using Customer360.Storage.Tests.Databases;
using Customer360.Tests.Support;
using static Customer360.Storage.Tests.LogMessages;

namespace Customer360.Storage.Tests.OnPostgres;

/// <summary>Two storages on one database, as two silos have them.</summary>
[NeedsPostgres]
public sealed class TwoProcessesPostgresTests(PostgresTestDatabase database) : IClassFixture<PostgresTestDatabase>
{
    [DatabaseFact]
    public async Task Append_WhenBothWriteOnePartition_OneIsFencedEachTime()
    {
        await using GridStorage other = await OpenOtherAsync();
        int partition = database.NewPartition();
        await database.Log.OpenAsync(partition, CancellationToken.None);
        for (long next = 1; next <= 61; next += 3)
        {
            AppendResult[] results = await Task.WhenAll(
                database.Log.AppendAsync(partition, Range(next, 3, prefix: "a"), CancellationToken.None),
                other.EventLog.AppendAsync(partition, Range(next, 3, prefix: "b"), CancellationToken.None)
            );
            Assert.Single(results, result => result.Fenced);
        }
    }

    [DatabaseFact]
    public async Task State_WhenNoSiloHasWrittenIt_IsNone()
    {
        await using PostgresCluster cluster = new(
            new PostgresStorageOptions { ConnectionString = database.ConnectionString }
        );

        Assert.True(await cluster.HasTablesAsync(CancellationToken.None));
        Assert.Null(await cluster.ReadStateAsync("grid", "settings", CancellationToken.None));
    }

    [DatabaseFact]
    public async Task Write_WhenBothWriteTheSameKeysInOpposedOrder_OneWinsEach()
    {
        await using GridStorage other = await OpenOtherAsync();
        string[] keys = [.. Enumerable.Range(0, 200).Select(number => $"c_{number:000}")];
        for (long version = 0; version < 5; version++)
        {
            long expected = version;
            Task<long?>[] ours = [.. keys.Select(key => WriteAsync(database.Storage, key, expected))];
            Task<long?>[] theirs = [.. keys.Reverse().Select(key => WriteAsync(other, key, expected))];
            await Task.WhenAll([.. ours, .. theirs]);
            for (int index = 0; index < keys.Length; index++)
            {
                Assert.Single((long?[])[await ours[index], await theirs[^(index + 1)]], result => result is not null);
            }
        }

        static Task<long?> WriteAsync(GridStorage storage, string key, long expected) =>
            storage.States.WriteAsync("customer", key, "{}"u8.ToArray(), expected, CancellationToken.None);
    }

    [DatabaseFact]
    public async Task Initialize_WhenManyStartAtOnce_MigratesOnce()
    {
        GridStorage[] storages = [.. Enumerable.Range(0, 4).Select(_ => database.Create())];

        await Task.WhenAll(storages.Select(storage => storage.InitializeAsync(CancellationToken.None)));

        foreach (GridStorage storage in storages)
        {
            await storage.DisposeAsync();
        }
    }

    private async Task<GridStorage> OpenOtherAsync()
    {
        GridStorage other = database.Create();
        await other.InitializeAsync(CancellationToken.None);
        return other;
    }
}
