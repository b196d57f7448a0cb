using System.Collections.Immutable;
using System.Globalization;
using Customer360.Rules.Ports;
using Customer360.Storage.Sqlite.Blocks;

namespace Customer360.Storage.Sqlite.Tables;

/// <summary>
/// The log of one partition, over one connection. It has a table of its own, whose rows hold a block of messages each
/// (<see cref="LogBlockFormat"/>) under the id of its last one.
/// </summary>
/// <remarks>
/// One tree for all partitions would grow at as many places as there are partitions, and in the middle of a tree SQLite
/// splits pages and shuffles their neighbours; at a tree's end it only begins a new page.
/// </remarks>
internal sealed class PartitionTable(SqliteConnection connection, int number, LogBlockReader block)
{
    private readonly string _table = NameOf(number);
    private SqliteStatement? _insert;
    private SqliteStatement? _find;
    private SqliteStatement? _behind;
    private SqliteStatement? _blocks;
    private SqliteStatement? _update;

    public static string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"log_block_{number}");

    public static string CreateSql(int number) =>
        $"""
            create table if not exists {NameOf(number)} (
                id integer primary key,
                content blob not null
            ) strict
            """;

    /// <summary>Adds a block.</summary>
    public void Insert(long lastId, ReadOnlySpan<byte> content)
    {
        _insert ??= connection.Prepare($"insert into {_table} (id, content) values (?1, ?2)");
        _insert.Bind(1, lastId).BindBlob(2, content).Run();

        // The block is let go of, because there may be thousands of partitions, each with a statement that would keep its last one.
        _insert.ClearBindings();
    }

    /// <summary>Puts another content in the place of a block's.</summary>
    public void Update(long lastId, ReadOnlySpan<byte> content)
    {
        _update ??= connection.Prepare($"update {_table} set content = ?2 where id = ?1");
        _update.Bind(1, lastId).BindBlob(2, content).Run();
        _update.ClearBindings();
    }

    /// <summary>Copies the next blocks as they are packed, with their ids.</summary>
    public List<(long LastId, byte[] Content)> ReadBlocks(long afterId, int limit)
    {
        _blocks ??= connection.Prepare($"select id, content from {_table} where id > ?1 order by id limit ?2");
        _blocks.Bind(1, afterId).Bind(2, limit);
        List<(long, byte[])> read = new(limit);
        while (_blocks.Step())
        {
            read.Add((_blocks.Int64(0), _blocks.Bytes(1).ToArray()));
        }

        _blocks.Reset();
        return read;
    }

    /// <summary>Finds a message, or what is left of a removed one; false where nothing was ever stored there.</summary>
    public bool TryFind(long id, out LogBlockEntry entry)
    {
        if (block.Covers(id))
        {
            return block.TryFind(id, out entry);
        }

        _find ??= connection.Prepare($"select id, content from {_table} where id >= ?1 order by id limit 1");
        _find.Bind(1, id);
        bool found = _find.Step();
        if (found)
        {
            block.Load(_find.Int64(0), _find.Bytes(1));
        }

        _find.Reset();
        entry = default;
        return found && block.TryFind(id, out entry);
    }

    public ImmutableArray<LogRow> ReadRange(long afterId, int limit)
    {
        ImmutableArray<LogRow>.Builder rows = ImmutableArray.CreateBuilder<LogRow>();
        ReadBehind(
            afterId,
            entry =>
            {
                if (!entry.IsRemoved)
                {
                    rows.Add(entry.ToRow());
                }

                return rows.Count < limit;
            }
        );
        return rows.DrainToImmutable();
    }

    /// <summary>Goes through the messages behind an id, also what is left of removed ones, until it is told to stop.</summary>
    public void ReadBehind(long afterId, Func<LogBlockEntry, bool> take)
    {
        _behind ??= connection.Prepare($"select id, content from {_table} where id > ?1 order by id");
        _behind.Bind(1, afterId);
        try
        {
            while (_behind.Step())
            {
                block.Load(_behind.Int64(0), _behind.Bytes(1));
                while (block.TryRead(out LogBlockEntry entry))
                {
                    if (entry.Id > afterId && !take(entry))
                    {
                        return;
                    }
                }
            }
        }
        finally
        {
            _behind.Reset();
        }
    }
}
