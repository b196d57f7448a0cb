using SQLitePCL;

namespace Customer360.Storage.Sqlite;

/// <summary>
/// One connection, used by one thread at a time. A thin layer over SQLite's own calls: the hot paths need prepared
/// statements over UTF-8 bytes without a copy into strings.
/// </summary>
internal sealed class SqliteConnection : IDisposable
{
    // This is SQLITE_DBSTATUS_CACHE_WRITE.
    private const int CacheWriteStatus = 9;

    // This is SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE.
    private const int NoCheckpointOnClose = 1006;

    // This is SQLITE_CONFIG_MEMSTATUS.
    private const int MemoryStatusOption = 9;

    private readonly sqlite3 _handle;
    private readonly List<SqliteStatement> _statements = [];

    static SqliteConnection()
    {
        Batteries_V2.Init();

        // Otherwise SQLite counts its memory at each allocation, under one lock for all threads; nobody asks for the sum.
        _ = raw.sqlite3_config(MemoryStatusOption, 0);
    }

    private SqliteConnection(sqlite3 handle) => this._handle = handle;

    public bool IsInTransaction => raw.sqlite3_get_autocommit(_handle) == 0;

    /// <summary>Rows that the last insert, update or delete changed.</summary>
    public int Changes => raw.sqlite3_changes(_handle);

    /// <summary>Pages that this connection has written to the write-ahead log.</summary>
    public long PagesWritten
    {
        get
        {
            Check(raw.sqlite3_db_status(_handle, CacheWriteStatus, out int pages, out _, 0));
            return pages;
        }
    }

    /// <exception cref="SqliteFailureException">The file can't be opened.</exception>
    public static SqliteConnection Open(string path, bool readOnly)
    {
        int access = readOnly ? raw.SQLITE_OPEN_READONLY : raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE;
        int code = raw.sqlite3_open_v2(path, out sqlite3 handle, access | raw.SQLITE_OPEN_NOMUTEX, null);
        if (code != raw.SQLITE_OK)
        {
            handle.Dispose();
            throw new SqliteFailureException(code);
        }

        raw.sqlite3_extended_result_codes(handle, 1);
        return new SqliteConnection(handle);
    }

    /// <summary>Prepares a statement that lives as long as the connection.</summary>
    public SqliteStatement Prepare(string sql)
    {
        Check(raw.sqlite3_prepare_v2(_handle, sql, out sqlite3_stmt statement));
        SqliteStatement prepared = new(this, statement);
        _statements.Add(prepared);
        return prepared;
    }

    /// <summary>Prepares a statement that its user disposes.</summary>
    public SqliteStatement PrepareOnce(string sql)
    {
        Check(raw.sqlite3_prepare_v2(_handle, sql, out sqlite3_stmt statement));
        return new SqliteStatement(this, statement);
    }

    /// <summary>Runs one or more statements without parameters or results.</summary>
    public void Execute(string sql) => Check(raw.sqlite3_exec(_handle, sql));

    public bool HasTable(string name)
    {
        using SqliteStatement find = PrepareOnce("select 1 from sqlite_schema where type = 'table' and name = ?1");
        return find.Bind(1, name).Step();
    }

    /// <summary>Copies the write-ahead log into the file, as far as it can; false where something is in the way.</summary>
    /// <param name="restart">True where it also waits for the readers of the log, so that the next write begins it anew.</param>
    public bool TryCheckpoint(bool restart)
    {
        int mode = restart ? raw.SQLITE_CHECKPOINT_RESTART : raw.SQLITE_CHECKPOINT_PASSIVE;
        return raw.sqlite3_wal_checkpoint_v2(_handle, null, mode, out _, out _) == raw.SQLITE_OK;
    }

    /// <summary>Copies the write-ahead log into the file and empties it; false where a reader is in the way.</summary>
    public bool TryTruncateLog() =>
        raw.sqlite3_wal_checkpoint_v2(_handle, null, raw.SQLITE_CHECKPOINT_TRUNCATE, out _, out _) == raw.SQLITE_OK;

    /// <summary>The last connection that is closed would copy the write-ahead log and remove it: this one does not.</summary>
    public void KeepLogOnClose() => Check(raw.sqlite3_db_config(_handle, NoCheckpointOnClose, 1, out _));

    /// <summary>Ends the transaction under way, if there still is one (some errors end it by themselves).</summary>
    public void RollbackIfNeeded()
    {
        foreach (SqliteStatement statement in _statements)
        {
            statement.Reset();
        }

        if (IsInTransaction)
        {
            Execute("rollback");
        }
    }

    public static void Check(int code)
    {
        if (code is not (raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE))
        {
            throw new SqliteFailureException(code);
        }
    }

    public void Dispose()
    {
        foreach (SqliteStatement statement in _statements)
        {
            statement.Dispose();
        }

        _handle.Dispose();
    }
}
