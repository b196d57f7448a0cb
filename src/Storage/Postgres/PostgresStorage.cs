using Microsoft.Extensions.Logging;

namespace Customer360.Storage.Postgres;

/// <summary>Makes a storage in PostgreSQL, for who composes without a container.</summary>
public static class PostgresStorage
{
    /// <summary>The storage must be initialized before its ports are used, and disposed at the end.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static GridStorage Create(PostgresStorageOptions options, TimeProvider time, ILogger logger)
    {
        options.Validate();
        return new(options, reference => new PostgresBackend(options, reference, time), time, logger);
    }
}
