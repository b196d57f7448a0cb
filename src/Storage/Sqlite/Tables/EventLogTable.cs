using System.Collections.Immutable;
using Customer360.Rules.Ports;
using Customer360.Storage.Sqlite.Blocks;
using Customer360.Storage.Sqlite.Runs;

namespace Customer360.Storage.Sqlite.Tables;

/// <summary>The log and the heads of its partitions, over one connection.</summary>
internal sealed partial class EventLogTable(SqliteConnection connection)
{
    private readonly Dictionary<int, PartitionTable> tables = [];
    private readonly LogBlockWriter gathered = new();
    private readonly LogBlockReader block = new();
    private SqliteStatement? partition;
    private SqliteStatement? partitions;
    private SqliteStatement? insertPartition;
    private SqliteStatement? setNextPosition;
    private SqliteStatement? setCheckpoint;

    /// <summary>Adds a message. It may wait for others: <see cref="FlushInserts"/> behind the last one of a partition.</summary>
    public void Insert(long id, LogAppend message, long microseconds)
    {
        if (!gathered.HasRoomFor(message))
        {
            FlushInserts();
        }

        gathered.Add(id, message, microseconds);
    }

    /// <summary>Writes the messages that still wait for others.</summary>
    public void FlushInserts()
    {
        if (!gathered.IsEmpty)
        {
            TableOf(LogId.Partition(gathered.LastId)).Insert(gathered.LastId, gathered.Pack());
        }
    }

    /// <summary>Forgets what a transaction that is rolled back has written or gathered.</summary>
    public void Rollback()
    {
        gathered.Forget();
        block.Forget();
    }

    public bool HoldsMessage(long id, ReadOnlySpan<byte> sought)
    {
        // A repeat within one append: the message that it repeats may still wait.
        FlushInserts();
        return TableOf(LogId.Partition(id)).TryFind(id, out LogBlockEntry entry)
            && entry.MessageId.SequenceEqual(sought);
    }

    /// <summary>Reads a message; null where it is gone.</summary>
    public LogRow? Read(long id) =>
        TableOf(LogId.Partition(id)).TryFind(id, out LogBlockEntry entry) ? entry.ToRow() : null;

    public ImmutableArray<LogRow> ReadRange(int partitionNumber, long afterPosition, int limit) =>
        HasTable(partitionNumber)
            ? TableOf(partitionNumber).ReadRange(LogId.Of(partitionNumber, afterPosition), limit)
            : [];

    /// <summary>Hands the messages that are in no sorted run to the index.</summary>
    public void ReadUnindexed(KeyHash hash, LogIndex index)
    {
        using SqliteStatement known = connection.PrepareOnce(PartitionsSql);
        while (known.Step())
        {
            int number = known.Int32(0);
            TableOf(number)
                .ReadBehind(
                    LogId.Of(number, known.Int64(2)),
                    entry =>
                    {
                        index.AddRecent(
                            new MessageEntry(hash.OfMessage(number, entry.MessageId), entry.Id),
                            new AnchorEntry(hash.OfAnchor(entry.Anchor), entry.Microseconds, entry.Id)
                        );
                        return true;
                    }
                );
        }

        index.Publish();
    }

    /// <summary>Makes the table of each known partition.</summary>
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
            table = new PartitionTable(connection, number, block);
            tables.Add(number, table);
        }

        return table;
    }

    private bool HasTable(int number) =>
        tables.ContainsKey(number) || connection.HasTable(PartitionTable.NameOf(number));

    private void CreateTable(int number) => connection.Execute(PartitionTable.CreateSql(number));
}
