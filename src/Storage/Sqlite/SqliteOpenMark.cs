using System.Globalization;

namespace Customer360.Storage.Sqlite;

/// <summary>
/// Remembers in the file itself that a process has it open. While one has, the newest commits stand in the write-ahead log
/// beside it, so a copy of the file alone is a grid of some time ago, or an empty one, and must not be taken for the whole.
/// </summary>
/// <remarks>
/// The mark is the file's schema version. A copy by SQLite itself (<c>.backup</c>, <c>vacuum into</c>) is whole, and is told
/// from a copy of the bytes by that version, which it counts from its own beginning, or by its form, which has no log.
/// </remarks>
internal static class SqliteOpenMark
{
    /// <summary>Where a copy by SQLite begins to count is below this.</summary>
    private const long VersionMin = 1_000;

    // Of the file's head: 2 means that there is a write-ahead log.
    private const int ReadVersionPlace = 19;
    private const byte HasLog = 2;

    private const string WriteSql = """
        insert into storage_setting (name, value) values ('open', ?1)
        on conflict (name) do update set value = excluded.value
        """;

    /// <summary>The log that lies beside a database.</summary>
    public static string LogOf(string databasePath) => $"{databasePath}-wal";

    /// <summary>True where the file is a copy that misses its log. Asked before the file is opened: opening makes a log.</summary>
    public static bool IsWithoutLog(string databasePath)
    {
        if (!File.Exists(databasePath) || File.Exists(LogOf(databasePath)) || !IsOfALog(databasePath))
        {
            return false;
        }

        using var connection = SqliteConnection.Open(databasePath, readOnly: false);
        if (!connection.HasTable("storage_setting"))
        {
            return false;
        }

        using SqliteStatement read = connection.PrepareOnce("select value from storage_setting where name = 'open'");
        return read.Step() && read.Int64(0) is > 0 and var mark && SchemaVersion(connection) >= mark;
    }

    /// <summary>Says in the file that it is open. The first thing after the migrations; nobody else uses it yet.</summary>
    public static void Set(SqliteConnection connection)
    {
        long version = SchemaVersion(connection);
        if (version < VersionMin)
        {
            version += VersionMin;
            connection.Execute(string.Create(CultureInfo.InvariantCulture, $"pragma schema_version = {version}"));
        }

        Write(connection, version);
    }

    /// <summary>The last thing before the file is closed: from now on it is whole without its log.</summary>
    public static void Clear(SqliteConnection connection) => Write(connection, 0);

    private static void Write(SqliteConnection connection, long value)
    {
        using (SqliteStatement write = connection.PrepareOnce(WriteSql))
        {
            write.Bind(1, value).Run();
        }

        // Into the file, where a copy of it finds it.
        connection.Execute("pragma wal_checkpoint(truncate)");
    }

    private static long SchemaVersion(SqliteConnection connection)
    {
        using SqliteStatement read = connection.PrepareOnce("pragma schema_version");
        read.Step();
        return read.Int64(0);
    }

    private static bool IsOfALog(string databasePath)
    {
        Span<byte> head = stackalloc byte[ReadVersionPlace + 1];
        using FileStream file = new(databasePath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length && head[^1] == HasLog;
    }
}
