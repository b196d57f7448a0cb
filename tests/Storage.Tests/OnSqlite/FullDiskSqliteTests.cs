using Customer360.Rules.Ports;
using Customer360.Storage.Sqlite;
using Customer360.Storage.Tests.Databases;
using static Customer360.Storage.Tests.LogMessages;

namespace Customer360.Storage.Tests.OnSqlite;

/// <summary>The disk is full and then has room again; the storage stays the same object.</summary>
public sealed class FullDiskSqliteTests(SqliteTestDatabase database) : IClassFixture<SqliteTestDatabase>
{
    [Fact]
    public async Task Append_WhenDiskIsFull_FailsAsUnavailableAndRecoversWithRoom()
    {
        int partition = database.NewPartition();
        IEventLog log = database.Log;
        await log.OpenAsync(partition, CancellationToken.None);
        await database.Storage.Commits.SubmitAsync(new PageLimitWork(pages: 1), CancellationToken.None);
        long acknowledged = 0;

        await Assert.ThrowsAsync<StorageUnavailableException>(async () =>
        {
            while (acknowledged < 100_000)
            {
                await log.AppendAsync(partition, Range(acknowledged + 1, 50), CancellationToken.None);
                acknowledged += 50;
            }
        });
        StorageUnavailableException full = await Assert.ThrowsAsync<StorageUnavailableException>(() =>
            log.AppendAsync(partition, Range(acknowledged + 1, 50), CancellationToken.None)
        );
        Assert.StartsWith("The disk of the database is full: free some space", full.Message, StringComparison.Ordinal);
        Assert.False((await log.OpenAsync(partition, CancellationToken.None)).NextPosition > acknowledged + 1);

        await database.Storage.Commits.SubmitAsync(new PageLimitWork(pages: 1_000_000), CancellationToken.None);
        AppendResult result = await log.AppendAsync(partition, Range(acknowledged + 1, 50), CancellationToken.None);

        Assert.False(result.Fenced);
        Assert.All(result.Duplicates, position => Assert.Equal(0, position));
        Assert.Equal(
            acknowledged + 50,
            (await log.ReadPartitionAsync(partition, 0, 10_000, CancellationToken.None)).Length
        );
    }

    [Fact]
    public async Task Initialize_WhenAnotherProcessHasTheFile_IsRefusedUntilItEnds()
    {
        await using GridStorage second = database.Create(startTimeout: TimeSpan.FromMilliseconds(300));

        await Assert.ThrowsAsync<StorageRefusedException>(() => second.InitializeAsync(CancellationToken.None));
    }

    /// <summary>Lets the file grow to this number of pages at most (never fewer than it has).</summary>
    private sealed class PageLimitWork(int pages) : SqliteWork<bool>
    {
        public override void Execute(SqliteWriter writer)
        {
            using SqliteStatement statement = writer.Connection.PrepareOnce($"pragma max_page_count = {pages}");
            statement.Step();
        }
    }
}
