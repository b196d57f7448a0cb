using System.Collections.Immutable;
using System.Globalization;
using Customer360.Rules.Ports;

namespace Customer360.Storage.Sqlite.Tables;

/// <summary>The log rows of one partition, over one connection: a table of their own.</summary>
/// <remarks>
/// One tree for all partitions would grow at as many places as there are partitions, and in the middle of a tree SQLite
/// splits pages and shuffles their neighbours; at a tree's end it only begins a new page. On the whole path from request to
/// answer the difference is within the noise of the machine that it was measured on (22 November 2026).
/// </remarks>
internal sealed class PartitionTable(SqliteConnection connection, int number)
{
    private readonly string table = NameOf(number);
    private readonly RowInserts inserts = new(connection, NameOf(number));
    private SqliteStatement? messageId;
    private SqliteStatement? row;
    private SqliteStatement? range;
    private SqliteStatement? heads;

    public static string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"event_log_{number}");

    public static string CreateSql(int number) =>
        $"""
            create table if not exists {NameOf(number)} (
                id integer primary key,
                message_id text not null,
                anchor text not null,
                -- Microseconds since 1970, UTC.
                occurred_at integer not null,
                payload text not null,
                "partition" integer generated always as (id >> 40) virtual,
                position integer generated always as (id & 0xFFFFFFFFFF) virtual
            ) strict
            """;

    /// <summary>Adds a row. It may wait for others: <see cref="FlushInserts"/> before the transaction ends.</summary>
    public void Insert(long id, LogAppend message, long microseconds) => inserts.Add(id, message, microseconds);

    /// <summary>Inserts the rows that wait.</summary>
    public void FlushInserts() => inserts.Flush();

    /// <summary>Forgets the rows that wait: their transaction is rolled back.</summary>
    public void ForgetInserts() => inserts.Forget();

    public bool HoldsMessage(long id, ReadOnlySpan<byte> sought)
    {
        // A repeat within one append: the row that it repeats may still wait.
        inserts.Flush();
        messageId ??= connection.Prepare($"select message_id from {table} where id = ?1");
        messageId.Bind(1, id);
        bool holds = messageId.Step() && messageId.Bytes(0).SequenceEqual(sought);
        messageId.Reset();
        return holds;
    }

    /// <summary>Reads a row; null where it is gone.</summary>
    public LogRow? Read(long id)
    {
        row ??= connection.Prepare($"select message_id, anchor, occurred_at, payload, id from {table} where id = ?1");
        row.Bind(1, id);
        LogRow? found = row.Step() ? ReadRow(row) : null;
        row.Reset();
        return found;
    }

    public ImmutableArray<LogRow> ReadRange(long afterId, int limit)
    {
        range ??= connection.Prepare(
            $"select message_id, anchor, occurred_at, payload, id from {table} where id > ?1 order by id limit ?2"
        );
        range.Bind(1, afterId).Bind(2, limit);
        ImmutableArray<LogRow>.Builder rows = ImmutableArray.CreateBuilder<LogRow>();
        while (range.Step())
        {
            rows.Add(ReadRow(range));
        }

        range.Reset();
        return rows.DrainToImmutable();
    }

    /// <summary>Goes through the rows behind an id, without their payloads.</summary>
    public void ReadHeads(long afterId, Action<string, string, long, long> take)
    {
        heads ??= connection.Prepare(
            $"select message_id, anchor, occurred_at, id from {table} where id > ?1 order by id"
        );
        heads.Bind(1, afterId);
        while (heads.Step())
        {
            take(heads.Text(0), heads.Text(1), heads.Int64(2), heads.Int64(3));
        }

        heads.Reset();
    }

    private static LogRow ReadRow(SqliteStatement statement)
    {
        long id = statement.Int64(4);
        return new LogRow(
            LogId.Partition(id),
            LogId.Position(id),
            statement.Text(0),
            statement.Text(1),
            StorageTime.FromMicroseconds(statement.Int64(2)),
            statement.Bytes(3).ToArray()
        );
    }
}
