using SQLitePCL;

namespace Customer360.Storage.Sqlite;

/// <summary>SQLite answered with an error. Only its code is told: its texts may hold stored values.</summary>
internal sealed class SqliteFailureException(int extendedCode) : Exception($"SQLite error {extendedCode}.")
{
    /// <summary>The extended result code.</summary>
    public int ExtendedCode => extendedCode;

    /// <summary>The primary result code.</summary>
    public int Code => extendedCode & 0xFF;

    /// <summary>True: the database is at fault (disk, lock, memory), not the statement.</summary>
    public bool IsOutage =>
        Code
            is raw.SQLITE_FULL
                or raw.SQLITE_IOERR
                or raw.SQLITE_BUSY
                or raw.SQLITE_LOCKED
                or raw.SQLITE_READONLY
                or raw.SQLITE_CANTOPEN
                or raw.SQLITE_NOMEM
                or raw.SQLITE_PROTOCOL
                or raw.SQLITE_CORRUPT
                or raw.SQLITE_NOTADB
                or raw.SQLITE_INTERRUPT;
}
