using System.Globalization;
using Customer360.Storage.Pipelines;
using SQLitePCL;

namespace Customer360.Storage.Sqlite;

/// <summary>SQLite answered with an error. Only its code is told: its texts may hold stored values.</summary>
internal sealed class SqliteFailureException(int extendedCode) : Exception($"SQLite error {extendedCode}.")
{
    // Extended codes: the file is not where it was opened; the file system has found itself damaged; a checksum does not fit.
    private const int FileMoved = raw.SQLITE_READONLY | (4 << 8);
    private const int FileSystemDamaged = raw.SQLITE_IOERR | (33 << 8);
    private const int DataDamaged = raw.SQLITE_IOERR | (32 << 8);

    /// <summary>The extended result code.</summary>
    public int ExtendedCode => extendedCode;

    /// <summary>The primary result code.</summary>
    public int Code => extendedCode & 0xFF;

    /// <summary>SQLite's own words for the code, and the code. They are constants of the library: no stored value is in them.</summary>
    public string Text =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{raw.sqlite3_errstr(extendedCode).utf8_to_string()}, SQLite {extendedCode}"
        );

    /// <summary>True: the database is at fault (disk, lock, memory, damage), not the statement: the connection is made anew.</summary>
    public bool IsOfDatabase => Classified.Kind is FailureKind.Outage or FailureKind.Damage;

    /// <summary>What kind of trouble it is, and what an operator does about it.</summary>
    public StorageFailure Classified =>
        extendedCode switch
        {
            FileMoved => Damage(
                "The database file was moved or removed while the program runs. Stop the program, put the file back or restore "
                    + "the data folder from a backup, and start it again."
            ),
            FileSystemDamaged or DataDamaged => Damaged,
            _ => OfPrimary(),
        };

    private StorageFailure Damaged =>
        Damage(
            "A part of the database is damaged. Waiting does not help: stop the program, and restore the data folder from a "
                + "backup, or save what can be read by sqlite3's command .recover."
        );

    private string ShortCode => string.Create(CultureInfo.InvariantCulture, $"SQLite {extendedCode}");

    private StorageFailure OfPrimary() =>
        Code switch
        {
            raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => Damaged,
            raw.SQLITE_FULL => Outage(
                "The disk of the database is full: free some space, and the grid goes on by itself."
            ),
            raw.SQLITE_READONLY => Outage(
                "The database can't be written: its disk was mounted read-only, or the rights of its files were changed."
            ),
            raw.SQLITE_CANTOPEN => Outage(
                "The database file can't be opened: see whether the data folder is still there and the program's own."
            ),
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => Outage("Another program holds the database: end it."),
            raw.SQLITE_NOMEM => Outage("There is no memory left for the database."),
            raw.SQLITE_IOERR => Outage(
                "The disk of the database can't be read or written: see whether it is full, and what the system's log says of it."
            ),
            raw.SQLITE_PROTOCOL or raw.SQLITE_INTERRUPT => Outage("The database could not be reached in time."),
            _ => new StorageFailure(FailureKind.Refused, ShortCode),
        };

    private StorageFailure Outage(string cause) => new(FailureKind.Outage, ShortCode, cause);

    private StorageFailure Damage(string cause) => new(FailureKind.Damage, ShortCode, cause);
}
