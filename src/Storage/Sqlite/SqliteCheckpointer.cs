namespace Customer360.Storage.Sqlite;

/// <summary>
/// Copies the write-ahead log into the file. The bulk goes on a thread of its own beside the commits; only what they
/// added meanwhile is copied between two of them, so that the log can begin anew and stays small.
/// </summary>
internal sealed class SqliteCheckpointer(Func<SqliteConnection> open, int pagesMax) : IDisposable
{
    /// <summary>So many times the normal size, and the writer copies all by itself: the thread doesn't keep up.</summary>
    private const int OverdueFactor = 4;

    private const int Idle = 0;
    private const int Copying = 1;
    private const int Copied = 2;

    private readonly SqliteThread thread = new("sqlite-checkpoint");
    private SqliteConnection? connection;
    private long pagesAtLastFinish;
    private int state = Idle;

    /// <summary>Called by the writer, outside a transaction. A failure costs nothing but time: the log just grows.</summary>
    public void BeforeCommit(SqliteConnection writer)
    {
        long pages = writer.PagesWritten - pagesAtLastFinish;
        if (Volatile.Read(ref state) == Copied || pages >= (long)pagesMax * OverdueFactor)
        {
            writer.TryCheckpoint(restart: true);
            pagesAtLastFinish = writer.PagesWritten;
            Interlocked.CompareExchange(ref state, Idle, Copied);
        }
        else if (pages >= pagesMax && Interlocked.CompareExchange(ref state, Copying, Idle) == Idle)
        {
            _ = thread.RunInlineAsync(Copy);
        }
    }

    /// <summary>A new writing connection counts its pages anew.</summary>
    public void Reset() => pagesAtLastFinish = 0;

    public void Dispose()
    {
        thread.Dispose();
        connection?.Dispose();
    }

    private void Copy()
    {
        try
        {
            connection ??= open();
            connection.TryCheckpoint(restart: false);
        }
        catch (SqliteFailureException)
        {
            // Opening failed: the writer meets the same trouble itself and reports it.
        }

        Volatile.Write(ref state, Copied);
    }
}
