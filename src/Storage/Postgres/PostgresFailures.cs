using Customer360.Storage.Pipelines;
using Npgsql;

namespace Customer360.Storage.Postgres;

/// <summary>Says what kind of trouble an exception of PostgreSQL is, by its SQLSTATE alone.</summary>
internal static class PostgresFailures
{
    public static StorageFailure Classify(Exception exception) =>
        exception switch
        {
            PostgresException failure => new(ClassifyState(failure.SqlState), $"SQLSTATE {failure.SqlState}"),
            NpgsqlException or TimeoutException or IOException or UnknownOutcomeException => new(
                FailureKind.Outage,
                exception.GetType().Name
            ),
            _ => new(FailureKind.Refused, exception.GetType().Name),
        };

    private static FailureKind ClassifyState(string state)
    {
        // Serialization failure, deadlock, lock not available.
        if (state is "40001" or "40P01" or "55P03")
        {
            return FailureKind.Conflict;
        }

        // Connection, authorization, no such database, resources (disk full), operator (shutdown, starting up), system,
        // and a server that only reads (a standby).
        return state[..2] is "08" or "28" or "3D" or "53" or "57" or "58" || state is "25006"
            ? FailureKind.Outage
            : FailureKind.Refused;
    }
}

/// <summary>A transaction may have gone through, but its answer was lost: nobody may try it again.</summary>
internal sealed class UnknownOutcomeException() : Exception("The answer of a transaction was lost.");
