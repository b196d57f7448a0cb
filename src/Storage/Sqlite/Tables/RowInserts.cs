using Customer360.Rules.Ports;

namespace Customer360.Storage.Sqlite.Tables;

/// <summary>
/// Gathers a partition's new rows and inserts them in statements of 32, of 8 and of 1: what a statement costs besides its rows
/// is a fifth of what a row costs. Used by one thread, within one transaction; <see cref="Flush"/> before anybody reads.
/// </summary>
internal sealed class RowInserts(SqliteConnection connection, string table)
{
    private const int Columns = 5;
    private static readonly int[] s_sizes = [32, 8, 1];

    private readonly SqliteStatement?[] statements = new SqliteStatement?[s_sizes.Length];
    private readonly (long Id, LogAppend Message, long Microseconds)[] waiting = new (long, LogAppend, long)[
        s_sizes[0]
    ];
    private int count;

    public void Add(long id, LogAppend message, long microseconds)
    {
        waiting[count++] = (id, message, microseconds);
        if (count == waiting.Length)
        {
            Flush();
        }
    }

    /// <summary>Inserts what is gathered.</summary>
    public void Flush()
    {
        int from = 0;
        for (int size = 0; size < s_sizes.Length; size++)
        {
            for (; count - from >= s_sizes[size]; from += s_sizes[size])
            {
                Insert(size, from);
            }
        }

        Forget();
    }

    /// <summary>Forgets what is gathered: its transaction is rolled back.</summary>
    public void Forget()
    {
        Array.Clear(waiting, 0, count);
        count = 0;
    }

    private void Insert(int size, int from)
    {
        SqliteStatement insert = statements[size] ??= connection.Prepare(Sql(s_sizes[size]));
        int parameter = 1;
        foreach ((long id, LogAppend message, long microseconds) in waiting.AsSpan(from, s_sizes[size]))
        {
            insert
                .Bind(parameter++, id)
                .Bind(parameter++, message.MessageId)
                .Bind(parameter++, message.Anchor)
                .Bind(parameter++, microseconds)
                .BindText(parameter++, message.Payload.Span);
        }

        insert.Run();

        // There may be thousands of partitions, each with a statement that would keep 32 payloads.
        insert.ClearBindings();
    }

    private string Sql(int rows)
    {
        string row = "(" + string.Join(',', Enumerable.Repeat('?', Columns)) + ")";
        return $"insert into {table} (id, message_id, anchor, occurred_at, payload) values "
            + string.Join(',', Enumerable.Repeat(row, rows));
    }
}
