using System.Collections.Immutable;
using System.Globalization;
using Customer360.Rules.Ports;
using Customer360.Storage.Sqlite.Blocks;

namespace Customer360.Storage.Sqlite.Tables;

/// <summary>
/// The log of one partition, over one connection: a table of their own, whose rows hold a block of messages each
/// (<see cref="LogBlockFormat"/>) under the id of its last one.
/// </summary>
/// <remarks>
/// One tree for all partitions would grow at as many places as there are partitions, and in the middle of a tree SQLite
/// splits pages and shuffles their neighbours; at a tree's end it only begins a new page.
/// </remarks>
internal sealed class PartitionTable(SqliteConnection connection, int number, LogBlockReader block)
{
    private readonly string table = NameOf(number);
    private SqliteStatement? insert;
    private SqliteStatement? find;
    private SqliteStatement? behind;

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
        insert ??= connection.Prepare($"insert into {table} (id, content) values (?1, ?2)");
        insert.Bind(1, lastId).BindBlob(2, content).Run();

        // There may be thousands of partitions, each with a statement that would keep its last block.
        insert.ClearBindings();
    }

    /// <summary>Finds a message; false where it is gone.</summary>
    public bool TryFind(long id, out LogBlockEntry entry)
    {
        if (block.Covers(id))
        {
            return block.TryFind(id, out entry);
        }

        find ??= connection.Prepare($"select id, content from {table} where id >= ?1 order by id limit 1");
        find.Bind(1, id);
        bool found = find.Step();
        if (found)
        {
            block.Load(find.Int64(0), find.Bytes(1));
        }

        find.Reset();
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
                rows.Add(entry.ToRow());
                return rows.Count < limit;
            }
        );
        return rows.DrainToImmutable();
    }

    /// <summary>Goes through the messages behind an id, until it is told to stop.</summary>
    public void ReadBehind(long afterId, Func<LogBlockEntry, bool> take)
    {
        behind ??= connection.Prepare($"select id, content from {table} where id > ?1 order by id");
        behind.Bind(1, afterId);
        try
        {
            while (behind.Step())
            {
                block.Load(behind.Int64(0), behind.Bytes(1));
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
            behind.Reset();
        }
    }
}
