using System.Collections.Immutable;
using Customer360.Storage.Schema;
using Npgsql;

namespace Customer360.Storage.Postgres;

/// <summary>Brings a database to the newest schema; several processes may start at once.</summary>
internal static class PostgresSchema
{
    // The lock may have any number that nothing else in the database uses; this is "c360" in ASCII.
    private const string LockSql = "select pg_advisory_xact_lock(1664300592)";

    private const string CreateTableSql = """
        create table if not exists schema_migration (
            number integer primary key,
            name text not null,
            checksum text not null,
            applied_at timestamptz not null
        )
        """;

    private const string AppliedSql = "select number, checksum from schema_migration order by number";

    private const string InsertSql = """
        insert into schema_migration (number, name, checksum, applied_at) values ($1, $2, $3, $4)
        """;

    /// <exception cref="SchemaMismatchException">The schema is newer than known, or was tampered with.</exception>
    public static async Task MigrateAsync(
        NpgsqlDataSource source,
        ImmutableArray<Migration> known,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        // One transaction does all: PostgreSQL's schema changes are transactional, and the lock ends with it.
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(cancellationToken);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, LockSql, cancellationToken);
        await ExecuteAsync(connection, CreateTableSql, cancellationToken);
        List<AppliedMigration> applied = await ReadAppliedAsync(connection, cancellationToken);
        foreach (Migration migration in MigrationSet.Pending(known, applied))
        {
            await ExecuteAsync(connection, migration.Sql, cancellationToken);
            await using NpgsqlCommand insert = new(InsertSql, connection);
            insert.Parameters.Add(new NpgsqlParameter<int> { TypedValue = migration.Number });
            insert.Parameters.Add(new NpgsqlParameter<string> { TypedValue = migration.Name });
            insert.Parameters.Add(new NpgsqlParameter<string> { TypedValue = migration.Checksum });
            insert.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = time.GetUtcNow().UtcDateTime });
            await insert.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        // The text is an embedded file of this project, never a value.
#pragma warning disable CA2100
        await using NpgsqlCommand command = new(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<List<AppliedMigration>> ReadAppliedAsync(
        NpgsqlConnection connection,
        CancellationToken cancellationToken
    )
    {
        await using NpgsqlCommand command = new(AppliedSql, connection);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        List<AppliedMigration> applied = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            applied.Add(new AppliedMigration(reader.GetInt32(0), reader.GetString(1)));
        }

        return applied;
    }
}
