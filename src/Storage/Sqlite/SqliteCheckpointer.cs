namespace Customer360.Storage.Sqlite;

/// <summary>
/// Copies the write-ahead log into the file. The bulk goes on a thread of its own beside the commits; only what they
/// added meanwhile is copied between two of them, so that the log can begin anew and stays small.
/// </summary>
internal sealed class SqliteCheckpointer(Func<SqliteConnection> open, int pagesMax) : IDisposable
{
    /// <summary>At this many times the normal size the thread doesn't keep up, and the writer copies everything itself.</summary>
    private const int OverdueFactor = 4;

    private const int Idle = 0;
    private const int Copying = 1;
    private const int Copied = 2;

    private readonly SqliteThread _thread = new("sqlite-checkpoint");
    private SqliteConnection? _connection;
    private long _pagesAtLastFinish;
    private int _state = Idle;

    /// <summary>Called by the writer, outside a transaction. A failure costs nothing but time, since the log only grows.</summary>
    public void BeforeCommit(SqliteConnection writer)
    {
        long pages = writer.PagesWritten - _pagesAtLastFinish;
        if (Volatile.Read(ref _state) == Copied || pages >= (long)pagesMax * OverdueFactor)
        {
            writer.TryCheckpoint(restart: true);
            _pagesAtLastFinish = writer.PagesWritten;
            Interlocked.CompareExchange(ref _state, Idle, Copied);
        }
        else if (pages >= pagesMax && Interlocked.CompareExchange(ref _state, Copying, Idle) == Idle)
        {
            _ = _thread.RunInlineAsync(Copy);
        }
    }

    /// <summary>A new writing connection counts its pages anew.</summary>
    public void Reset() => _pagesAtLastFinish = 0;

    public void Dispose()
    {
        _thread.Dispose();
        _connection?.Dispose();
    }

    private void Copy()
    {
        try
        {
            _connection ??= open();
            _connection.TryCheckpoint(restart: false);
        }
        catch (SqliteFailureException)
        {
            // When opening fails, the writer meets the same trouble itself and reports it.
        }

        Volatile.Write(ref _state, Copied);
    }
}
