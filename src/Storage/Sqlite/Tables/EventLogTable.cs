using System.Collections.Immutable;
using Customer360.Rules.Ports;
using Customer360.Storage.Sqlite.Blocks;
using Customer360.Storage.Sqlite.Runs;

namespace Customer360.Storage.Sqlite.Tables;

/// <summary>The log and the heads of its partitions, over one connection.</summary>
internal sealed partial class EventLogTable(SqliteConnection connection)
{
    private readonly Dictionary<int, PartitionTable> _tables = [];
    private readonly LogBlockWriter _gathered = new();
    private readonly LogBlockReader _block = new();
    private SqliteStatement? _partition;
    private SqliteStatement? _partitions;
    private SqliteStatement? _insertPartition;
    private SqliteStatement? _setNextPosition;
    private SqliteStatement? _setCheckpoint;

    /// <summary>Adds a message. It may wait for others, so <see cref="FlushInserts"/> must follow the last one of a partition.</summary>
    public void Insert(long id, LogAppend message, long microseconds)
    {
        if (!_gathered.HasRoomFor(message))
        {
            FlushInserts();
        }

        _gathered.Add(id, message, microseconds);
    }

    /// <summary>Writes the messages that still wait for others.</summary>
    public void FlushInserts()
    {
        if (!_gathered.IsEmpty)
        {
            TableOf(LogId.Partition(_gathered.LastId)).Insert(_gathered.LastId, _gathered.Pack());
        }
    }

    /// <summary>Forgets what a transaction that is rolled back has written or gathered.</summary>
    public void Rollback()
    {
        _gathered.Forget();
        _block.Forget();
    }

    public bool HoldsMessage(long id, ReadOnlySpan<byte> sought, KeyHash hash)
    {
        // It may repeat a message of the same append, which may still wait.
        FlushInserts();
        if (!TableOf(LogId.Partition(id)).TryFind(id, out LogBlockEntry entry))
        {
            return false;
        }

        if (!entry.IsRemoved)
        {
            return entry.MessageId.SequenceEqual(sought);
        }

        Span<byte> removed = stackalloc byte[KeyHash.RemovedBytes];
        hash.OfRemoved(sought, removed);
        return entry.RemovedHash.SequenceEqual(removed);
    }

    /// <summary>Reads a message; null where it is gone.</summary>
    public LogRow? Read(long id) =>
        TableOf(LogId.Partition(id)).TryFind(id, out LogBlockEntry entry) && !entry.IsRemoved ? entry.ToRow() : null;

    /// <summary>True where a message is stored under the id, and was not removed.</summary>
    public bool Holds(long id) => TableOf(LogId.Partition(id)).TryFind(id, out LogBlockEntry entry) && !entry.IsRemoved;

    /// <summary>Copies the next blocks of a partition as they are packed.</summary>
    public List<(long LastId, byte[] Content)> ReadBlocks(int partitionNumber, long afterId, int limit) =>
        HasTable(partitionNumber) ? TableOf(partitionNumber).ReadBlocks(afterId, limit) : [];

    /// <summary>Puts another content in the place of a block's.</summary>
    public void Update(long lastId, ReadOnlySpan<byte> content)
    {
        _block.Forget();
        TableOf(LogId.Partition(lastId)).Update(lastId, content);
    }

    /// <summary>Forgets the block that is held: what stands in it may have been changed.</summary>
    public void ForgetBlock() => _block.Forget();

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
                        if (entry.IsRemoved)
                        {
                            index.AddRemoved(new MessageEntry(entry.IndexHash, entry.Id));
                            return true;
                        }

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
        _partitions ??= connection.Prepare(PartitionsSql);
        List<int> numbers = [];
        while (_partitions.Step())
        {
            numbers.Add(_partitions.Int32(0));
        }

        _partitions.Reset();
        return numbers;
    }

    public void CreatePartition(int number)
    {
        _insertPartition ??= connection.Prepare(InsertPartitionSql);
        _insertPartition.Bind(1, number).Run();
        if (!_tables.ContainsKey(number))
        {
            CreateTable(number);
        }
    }

    public PartitionHead? ReadPartition(int number)
    {
        _partition ??= connection.Prepare(PartitionSql);
        _partition.Bind(1, number);
        PartitionHead? head = _partition.Step()
            ? new PartitionHead(number, _partition.Int64(0), _partition.Int64(1))
            : null;
        _partition.Reset();
        return head;
    }

    public void SetNextPosition(int number, long nextPosition)
    {
        _setNextPosition ??= connection.Prepare(SetNextPositionSql);
        _setNextPosition.Bind(1, number).Bind(2, nextPosition).Run();
    }

    public void MoveCheckpoint(int number, long position)
    {
        _setCheckpoint ??= connection.Prepare(SetCheckpointSql);
        _setCheckpoint.Bind(1, number).Bind(2, position).Run();
    }

    /// <summary>Marks every row as being in a sorted run.</summary>
    public void MarkIndexed() => connection.Execute(SetIndexedSql);

    private PartitionTable TableOf(int number)
    {
        if (!_tables.TryGetValue(number, out PartitionTable? table))
        {
            table = new PartitionTable(connection, number, _block);
            _tables.Add(number, table);
        }

        return table;
    }

    private bool HasTable(int number) =>
        _tables.ContainsKey(number) || connection.HasTable(PartitionTable.NameOf(number));

    private void CreateTable(int number) => connection.Execute(PartitionTable.CreateSql(number));
}
