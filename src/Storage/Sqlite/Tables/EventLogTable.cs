using System.Collections.Immutable;
using Customer360.Rules.Ports;
using Customer360.Storage.Sqlite.Runs;

namespace Customer360.Storage.Sqlite.Tables;

/// <summary>The log and the heads of its partitions, over one connection.</summary>
internal sealed partial class EventLogTable(SqliteConnection connection)
{
    private SqliteStatement? insert;
    private SqliteStatement? messageId;
    private SqliteStatement? row;
    private SqliteStatement? range;
    private SqliteStatement? partition;
    private SqliteStatement? partitions;
    private SqliteStatement? insertPartition;
    private SqliteStatement? setNextPosition;
    private SqliteStatement? setCheckpoint;

    public void Insert(long id, LogAppend message, long microseconds)
    {
        insert ??= connection.Prepare(InsertSql);
        insert
            .Bind(1, id)
            .Bind(2, message.MessageId)
            .Bind(3, message.Anchor)
            .Bind(4, microseconds)
            .BindText(5, message.Payload.Span)
            .Run();
    }

    public bool HoldsMessage(long id, ReadOnlySpan<byte> sought)
    {
        messageId ??= connection.Prepare(MessageIdSql);
        messageId.Bind(1, id);
        bool holds = messageId.Step() && messageId.Bytes(0).SequenceEqual(sought);
        messageId.Reset();
        return holds;
    }

    /// <summary>Reads a row; null where it is gone.</summary>
    public LogRow? Read(long id)
    {
        row ??= connection.Prepare(RowSql);
        row.Bind(1, id);
        LogRow? found = row.Step() ? ReadRow(row) : null;
        row.Reset();
        return found;
    }

    public ImmutableArray<LogRow> ReadRange(int partitionNumber, long afterPosition, int limit)
    {
        range ??= connection.Prepare(RangeSql);
        range.Bind(1, LogId.Of(partitionNumber, afterPosition)).Bind(2, LogId.Of(partitionNumber + 1, 0) - 1);
        range.Bind(3, limit);
        ImmutableArray<LogRow>.Builder rows = ImmutableArray.CreateBuilder<LogRow>();
        while (range.Step())
        {
            rows.Add(ReadRow(range));
        }

        range.Reset();
        return rows.DrainToImmutable();
    }

    /// <summary>Hands the rows that are in no sorted run to the index.</summary>
    public void ReadUnindexed(KeyHash hash, LogIndex index)
    {
        using SqliteStatement known = connection.PrepareOnce(PartitionsSql);
        using SqliteStatement rows = connection.PrepareOnce(UnindexedSql);
        while (known.Step())
        {
            int number = known.Int32(0);
            rows.Bind(1, LogId.Of(number, known.Int64(2))).Bind(2, LogId.Of(number, known.Int64(1)));
            while (rows.Step())
            {
                long id = rows.Int64(3);
                long anchor = hash.OfAnchor(rows.Text(1));
                index.AddRecent(
                    new MessageEntry(hash.OfMessage(number, rows.Text(0)), id),
                    new AnchorEntry(anchor, rows.Int64(2), id)
                );
            }

            rows.Reset();
        }

        index.Publish();
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
