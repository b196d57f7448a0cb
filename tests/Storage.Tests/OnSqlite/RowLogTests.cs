using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Customer360.Rules.Ports;
using Customer360.Storage.Schema;
using Customer360.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Customer360.Storage.Tests.OnSqlite;

/// <summary>Stores from before 22 November 2026 have a row for each message, in one table or in one for each partition.</summary>
public sealed class RowLogTests : IDisposable
{
    private const string OneTable = "event_log";

    private readonly string _folder = Directory.CreateTempSubdirectory("c360-row-log-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 1)]
    // These are more than are moved at once.
    [InlineData(true, 10_001)]
    [InlineData(false, 20_000)]
    public async Task Open_WhenMessagesAreInRows_MovesThemIntoBlocks(bool allInOne, int count)
    {
        await MakeAsync();
        foreach (int partition in (int[])[0, 3])
        {
            PutRows(allInOne, partition, first: 1, count);
        }

        await using (GridStorage after = await OpenAsync())
        {
            foreach (int partition in (int[])[0, 3])
            {
                await ExpectAsync(after, partition, count);
            }
        }

        Assert.Equal(0, Number("select count(*) from event_log"));
        Assert.Equal(0, Number("select count(*) from sqlite_schema where name like 'event\\_log\\_%' escape '\\'"));
    }

    [Fact]
    public async Task Open_AfterMovingWasCutOff_MovesTheRest()
    {
        await MakeAsync();
        await using (GridStorage before = await OpenAsync())
        {
            await before.EventLog.AppendAsync(3, Messages(3, 1, 2), CancellationToken.None);
        }

        PutRows(allInOne: false, partition: 3, first: 3, count: 4);

        await using GridStorage after = await OpenAsync();
        await ExpectAsync(after, 3, 6);
    }

    /// <summary>An older program would find an empty log, and take every repeat for new.</summary>
    [Fact]
    public async Task Open_ByAProgramThatKnowsRowsOnly_IsRefused()
    {
        await MakeAsync();
        List<AppliedMigration> applied = [];
        using (SqliteConnection connection = Connect())
        {
            using SqliteStatement read = connection.PrepareOnce("select number, checksum from schema_migration");
            while (read.Step())
            {
                applied.Add(new AppliedMigration(read.Int32(0), read.Text(1)));
            }
        }

        ImmutableArray<Migration> knownBefore = [MigrationSet.Load("Sqlite")[0]];
        Assert.Throws<SchemaMismatchException>(() => MigrationSet.Pending(knownBefore, applied));
    }

    private static async Task ExpectAsync(GridStorage storage, int partition, int count)
    {
        PartitionHead head = await storage.EventLog.OpenAsync(partition, CancellationToken.None);
        Assert.Equal(count + 1, head.NextPosition);
        List<LogRow> rows = [];
        ImmutableArray<LogRow> page;
        do
        {
            page = await storage.EventLog.ReadPartitionAsync(partition, rows.Count, 9_000, CancellationToken.None);
            rows.AddRange(page);
        } while (page.Length > 0);

        ImmutableArray<LogAppend> expected = Messages(partition, 1, count);
        Assert.Equal(expected.Select(Text), rows.Select(Text));
        AppendResult again = await storage.EventLog.AppendAsync(
            partition,
            [expected[^1] with { Position = count + 1 }],
            CancellationToken.None
        );
        Assert.Equal([count], again.Duplicates.ToArray());
    }

    private static string Text(LogAppend message) =>
        $"{message.Position} {message.MessageId} {message.Anchor} {message.Timestamp:O} {Encoding.UTF8.GetString(message.Payload.Span)}";

    private static string Text(LogRow row) =>
        $"{row.Position} {row.MessageId} {row.Anchor} {row.Timestamp:O} {Encoding.UTF8.GetString(row.Payload.Span)}";

    private static ImmutableArray<LogAppend> Messages(int partition, int first, int count) =>
        [
            .. Enumerable
                .Range(first, count)
                .Select(position => new LogAppend(
                    position,
                    string.Create(CultureInfo.InvariantCulture, $"m-{partition}-{position}"),
                    "user_id:ü-1",
                    DateTimeOffset.UnixEpoch.AddSeconds(position),
                    Encoding.UTF8.GetBytes($$"""{"n":{{position}}}""")
                )),
        ];

    private async Task MakeAsync()
    {
        await using GridStorage storage = await OpenAsync();
        await storage.EventLog.OpenAsync(0, CancellationToken.None);
        await storage.EventLog.OpenAsync(3, CancellationToken.None);
    }

    private void PutRows(bool allInOne, int partition, int first, int count)
    {
        using SqliteConnection connection = Connect();
        string table = allInOne ? OneTable : string.Create(CultureInfo.InvariantCulture, $"event_log_{partition}");
        connection.Execute(
            $"""
            begin;
            create table if not exists {table} (
                id integer primary key,
                message_id text not null,
                anchor text not null,
                occurred_at integer not null,
                payload text not null,
                "partition" integer generated always as (id >> 40) virtual,
                position integer generated always as (id & 0xFFFFFFFFFF) virtual
            ) strict
            """
        );
        using SqliteStatement insert = connection.PrepareOnce(
            $"insert into {table} (id, message_id, anchor, occurred_at, payload) values (?1, ?2, ?3, ?4, ?5)"
        );
        foreach (LogAppend message in Messages(partition, first, count))
        {
            insert
                .Bind(1, LogId.Of(partition, message.Position))
                .Bind(2, message.MessageId)
                .Bind(3, message.Anchor)
                .Bind(4, (message.Timestamp - DateTimeOffset.UnixEpoch).Ticks / 10)
                .BindText(5, message.Payload.Span)
                .Run();
        }

        connection.Execute(
            $"update log_partition set next_position = {first + count} where \"partition\" = {partition}; commit"
        );
    }

    private long Number(string sql)
    {
        using SqliteConnection connection = Connect();
        using SqliteStatement read = connection.PrepareOnce(sql);
        read.Step();
        return read.Int64(0);
    }

    private SqliteConnection Connect() =>
        SqliteConnection.Open(Path.Combine(_folder, "customer360.db"), readOnly: false);

    private async Task<GridStorage> OpenAsync()
    {
        GridStorage storage = SqliteStorage.Create(
            new SqliteStorageOptions { DataFolder = _folder },
            TimeProvider.System,
            NullLogger.Instance
        );
        await storage.InitializeAsync(CancellationToken.None);
        return storage;
    }
}
