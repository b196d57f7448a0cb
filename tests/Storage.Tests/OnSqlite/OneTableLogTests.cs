using System.Collections.Immutable;
using System.Text;
using Customer360.Rules.Ports;
using Customer360.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Customer360.Storage.Tests.OnSqlite;

/// <summary>Stores of before 22 November 2026 have the rows of all partitions in one table.</summary>
public sealed class OneTableLogTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("c360-one-table-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Open_WhenAllRowsAreInOneTable_MovesThemToTheirPartitions()
    {
        await using (GridStorage before = await OpenAsync())
        {
            foreach (int partition in (int[])[0, 3])
            {
                await before.EventLog.OpenAsync(partition, CancellationToken.None);
                await before.EventLog.AppendAsync(partition, Messages(partition, 1), CancellationToken.None);
            }
        }

        AsItWas(0, 3);

        await using GridStorage after = await OpenAsync();
        foreach (int partition in (int[])[0, 3])
        {
            PartitionHead head = await after.EventLog.OpenAsync(partition, CancellationToken.None);
            Assert.Equal(3, head.NextPosition);
            ImmutableArray<LogRow> rows = await after.EventLog.ReadPartitionAsync(
                partition,
                0,
                10,
                CancellationToken.None
            );
            Assert.Equal([1L, 2L], rows.Select(row => row.Position));
            AppendResult again = await after.EventLog.AppendAsync(
                partition,
                Messages(partition, 3),
                CancellationToken.None
            );
            Assert.Equal([1L, 2L], again.Duplicates.ToArray());
        }
    }

    private static ImmutableArray<LogAppend> Messages(int partition, long first) =>
        [
            .. Enumerable
                .Range(0, 2)
                .Select(number => new LogAppend(
                    first + number,
                    $"m-{partition}-{number}",
                    "user_id:u-1",
                    DateTimeOffset.UnixEpoch,
                    Encoding.UTF8.GetBytes("{}")
                )),
        ];

    private void AsItWas(params int[] partitions)
    {
        using SqliteConnection connection = SqliteConnection.Open(
            Path.Combine(folder, "customer360.db"),
            readOnly: false
        );
        foreach (int partition in partitions)
        {
            connection.Execute(
                $"""
                insert into event_log (id, message_id, anchor, occurred_at, payload)
                select id, message_id, anchor, occurred_at, payload from event_log_{partition};
                drop table event_log_{partition}
                """
            );
        }
    }

    private async Task<GridStorage> OpenAsync()
    {
        GridStorage storage = SqliteStorage.Create(
            new SqliteStorageOptions { DataFolder = folder },
            TimeProvider.System,
            NullLogger.Instance
        );
        await storage.InitializeAsync(CancellationToken.None);
        return storage;
    }
}
