using Customer360.Storage.Pipelines;
using Npgsql;

namespace Customer360.Storage.Postgres;

/// <summary>Says what kind of trouble an exception of PostgreSQL is, by its SQLSTATE alone.</summary>
internal static class PostgresFailures
{
    public static StorageFailure Classify(Exception exception) =>
        exception switch
        {
            PostgresException failure => OfState(failure.SqlState),
            NpgsqlException or TimeoutException or IOException or UnknownOutcomeException => new(
                FailureKind.Outage,
                exception.GetType().Name,
                "PostgreSQL does not answer: see whether it runs and can be reached."
            ),
            _ => new(FailureKind.Refused, exception.GetType().Name),
        };

    private static StorageFailure OfState(string state)
    {
        string code = $"SQLSTATE {state}";
        return state switch
        {
            PostgresErrorCodes.SerializationFailure
            or PostgresErrorCodes.DeadlockDetected
            or PostgresErrorCodes.LockNotAvailable => new(
                FailureKind.Conflict,
                code,
                "Other transactions of PostgreSQL were in the way."
            ),
            PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted => new(
                FailureKind.Damage,
                code,
                "A part of the PostgreSQL database is damaged. Waiting does not help: see the server's log, mend it (reindex) or "
                    + "restore it from a backup, and start the program again."
            ),
            PostgresErrorCodes.DiskFull => Outage(
                "The disk of PostgreSQL is full: free some space on it, and the grid goes on by itself."
            ),
            PostgresErrorCodes.TooManyConnections => Outage(
                "PostgreSQL has no connection left: raise max_connections, or run fewer processes."
            ),
            PostgresErrorCodes.OutOfMemory => Outage("PostgreSQL has no memory left."),
            PostgresErrorCodes.ReadOnlySqlTransaction => Outage(
                "PostgreSQL only reads: it is a standby, or default_transaction_read_only is on. Name the primary."
            ),
            PostgresErrorCodes.QueryCanceled => Outage("A statement of PostgreSQL took too long, or was cancelled."),
            PostgresErrorCodes.InvalidCatalogName => Outage(
                "The database of the connection string is not there any more."
            ),
            ['2', '8', ..] => Outage(
                "PostgreSQL does not let the program in any more: its user, password or rights were changed."
            ),
            ['5', '7', ..] => Outage("PostgreSQL is being stopped or started."),
            ['5', '8', ..] => Outage("PostgreSQL can't read or write its files: see the server's log."),
            ['0', '8', ..] or ['5', '3', ..] or ['3', 'D', ..] => Outage(
                "PostgreSQL can't serve now: see the server's log."
            ),
            _ => new(FailureKind.Refused, code),
        };

        StorageFailure Outage(string cause) => new(FailureKind.Outage, code, cause);
    }
}

/// <summary>A transaction may have gone through, but its answer was lost: nobody may try it again.</summary>
internal sealed class UnknownOutcomeException() : Exception("The answer of a transaction was lost.");
