using Microsoft.Extensions.Logging;

namespace Customer360.Storage.Sqlite;

/// <summary>Makes a storage in a SQLite file, for programs that compose without a container.</summary>
public static class SqliteStorage
{
    /// <summary>The storage must be initialized before its ports are used, and disposed at the end.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static GridStorage Create(SqliteStorageOptions options, TimeProvider time, ILogger logger) =>
        new(options, commits => new SqliteBackend(options, commits, time, logger), time, logger);
}
