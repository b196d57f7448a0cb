using System.Collections.Immutable;
using System.Globalization;
using Customer360.Rules.Ports;
using Customer360.Storage.Sqlite.Runs;

namespace Customer360.Storage.Sqlite.Tables;

/// <summary>The log and the heads of its partitions, over one connection.</summary>
internal sealed partial class EventLogTable(SqliteConnection connection)
{
    private readonly Dictionary<int, PartitionTable> tables = [];
    private SqliteStatement? partition;
    private SqliteStatement? partitions;
    private SqliteStatement? insertPartition;
    private SqliteStatement? setNextPosition;
    private SqliteStatement? setCheckpoint;
    private SqliteStatement? hasTable;

    public void Insert(long id, LogAppend message, long microseconds) =>
        TableOf(LogId.Partition(id)).Insert(id, message, microseconds);

    /// <summary>Inserts the partition's rows that still wait for others.</summary>
    public void FlushInserts(int number) => TableOf(number).FlushInserts();

    /// <summary>Forgets rows that still wait: the transaction is rolled back.</summary>
    public void ForgetInserts()
    {
        foreach (PartitionTable table in tables.Values)
        {
            table.ForgetInserts();
        }
    }

    public bool HoldsMessage(long id, ReadOnlySpan<byte> sought) =>
        TableOf(LogId.Partition(id)).HoldsMessage(id, sought);

    /// <summary>Reads a row; null where it is gone.</summary>
    public LogRow? Read(long id) => TableOf(LogId.Partition(id)).Read(id);

    public ImmutableArray<LogRow> ReadRange(int partitionNumber, long afterPosition, int limit) =>
        HasTable(partitionNumber)
            ? TableOf(partitionNumber).ReadRange(LogId.Of(partitionNumber, afterPosition), limit)
            : [];

    /// <summary>Hands the rows that are in no sorted run to the index.</summary>
    public void ReadUnindexed(KeyHash hash, LogIndex index)
    {
        using SqliteStatement known = connection.PrepareOnce(PartitionsSql);
        while (known.Step())
        {
            int number = known.Int32(0);
            TableOf(number)
                .ReadHeads(
                    LogId.Of(number, known.Int64(2)),
                    (messageId, anchor, at, id) =>
                        index.AddRecent(
                            new MessageEntry(hash.OfMessage(number, messageId), id),
                            new AnchorEntry(hash.OfAnchor(anchor), at, id)
                        )
                );
        }

        index.Publish();
    }

    /// <summary>
    /// Makes the table of each known partition. Stores of before 22 November 2026 have all rows in <c>event_log</c>: a
    /// partition's rows move to its table here, once.
    /// </summary>
    public void CreateTables()
    {
        foreach (int number in ReadPartitionNumbers())
        {
            CreateTable(number);
        }
    }

    public List<int> ReadPartitionNumbers()
    {
        partitions ??= connection.Prepare(PartitionsSql);
        List<int> numbers = [];
        while (partitions.Step())
        {
            numbers.Add(partitions.Int32(0));
        }

        partitions.Reset();
        return numbers;
    }

    public void CreatePartition(int number)
    {
        insertPartition ??= connection.Prepare(InsertPartitionSql);
        insertPartition.Bind(1, number).Run();
        if (!tables.ContainsKey(number))
        {
            CreateTable(number);
        }
    }

    public PartitionHead? ReadPartition(int number)
    {
        partition ??= connection.Prepare(PartitionSql);
        partition.Bind(1, number);
        PartitionHead? head = partition.Step()
            ? new PartitionHead(number, partition.Int64(0), partition.Int64(1))
            : null;
        partition.Reset();
        return head;
    }

    public void SetNextPosition(int number, long nextPosition)
    {
        setNextPosition ??= connection.Prepare(SetNextPositionSql);
        setNextPosition.Bind(1, number).Bind(2, nextPosition).Run();
    }

    public void MoveCheckpoint(int number, long position)
    {
        setCheckpoint ??= connection.Prepare(SetCheckpointSql);
        setCheckpoint.Bind(1, number).Bind(2, position).Run();
    }

    /// <summary>Marks every row as being in a sorted run.</summary>
    public void MarkIndexed() => connection.Execute(SetIndexedSql);

    private PartitionTable TableOf(int number)
    {
        if (!tables.TryGetValue(number, out PartitionTable? table))
        {
            table = new PartitionTable(connection, number);
            tables.Add(number, table);
        }

        return table;
    }

    private bool HasTable(int number)
    {
        if (tables.ContainsKey(number))
        {
            return true;
        }

        hasTable ??= connection.Prepare("select 1 from sqlite_schema where type = 'table' and name = ?1");
        hasTable.Bind(1, PartitionTable.NameOf(number));
        bool has = hasTable.Step();
        hasTable.Reset();
        return has;
    }

    private void CreateTable(int number)
    {
        connection.Execute(PartitionTable.CreateSql(number));
        long from = LogId.Of(number, 0);
        long to = LogId.Of(number + 1, 0) - 1;
        using SqliteStatement legacy = connection.PrepareOnce(LegacyRowsSql);
        if (legacy.Bind(1, from).Bind(2, to).Step())
        {
            legacy.Reset();
            string table = PartitionTable.NameOf(number);
            string rows = string.Create(CultureInfo.InvariantCulture, $"event_log where id > {from} and id <= {to}");
            connection.Execute(
                $"insert into {table} (id, message_id, anchor, occurred_at, payload) select id, message_id, anchor, occurred_at, payload from {rows}"
            );
            connection.Execute($"delete from {rows}");
        }
    }
}
