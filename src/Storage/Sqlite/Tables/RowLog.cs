using System.Globalization;
using Customer360.Rules.Ports;

namespace Customer360.Storage.Sqlite.Tables;

/// <summary>
/// The log as it was stored until 22 November 2026, with a row for each message: for all partitions in <c>event_log</c>, or
/// for each in <c>event_log_{partition}</c>. Its messages are moved into blocks when the store is opened.
/// </summary>
internal sealed class RowLog(SqliteConnection connection, EventLogTable log)
{
    /// <summary>Messages of one transaction: some ten megabytes of the write-ahead log.</summary>
    private const int MoveMax = 10_000;

    private const string OneTable = "event_log";

    /// <summary>
    /// Moves what is left of the old form. It may be cut off and begun again, since a message leaves its row in the transaction that
    /// writes its block.
    /// </summary>
    /// <param name="inTransaction">Carries out a step in a transaction of its own.</param>
    /// <param name="moved">Told after each step how many messages it moved.</param>
    public void Move(Action<Action> inTransaction, Action<int> moved)
    {
        foreach (int partition in log.ReadPartitionNumbers())
        {
            MoveAll(OneTable, partition, inTransaction, moved);
            string table = string.Create(CultureInfo.InvariantCulture, $"event_log_{partition}");
            if (connection.HasTable(table))
            {
                MoveAll(table, partition, inTransaction, moved);
                connection.Execute($"drop table {table}");
            }
        }
    }

    private void MoveAll(string table, int partition, Action<Action> inTransaction, Action<int> moved)
    {
        int count;
        do
        {
            count = 0;
            inTransaction(() => count = MoveSome(table, partition));
            if (count > 0)
            {
                moved(count);
            }
        } while (count == MoveMax);
    }

    private int MoveSome(string table, int partition)
    {
        using SqliteStatement read = connection.PrepareOnce(
            $"select id, message_id, anchor, occurred_at, payload from {table} where id > ?1 and id < ?2 order by id limit ?3"
        );
        read.Bind(1, LogId.Of(partition, 0)).Bind(2, LogId.Of(partition + 1, 0)).Bind(3, MoveMax);
        int count = 0;
        long id = 0;
        while (read.Step())
        {
            id = read.Int64(0);
            LogAppend message = new(
                LogId.Position(id),
                read.Text(1),
                read.Text(2),
                StorageTime.FromMicroseconds(read.Int64(3)),
                read.Bytes(4).ToArray()
            );
            log.Insert(id, message, read.Int64(3));
            count++;
        }

        read.Reset();
        log.FlushInserts();
        using SqliteStatement delete = connection.PrepareOnce($"delete from {table} where id > ?1 and id <= ?2");
        delete.Bind(1, LogId.Of(partition, 0)).Bind(2, id).Run();
        return count;
    }
}
