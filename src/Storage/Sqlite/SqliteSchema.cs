using System.Collections.Immutable;
using Customer360.Storage.Schema;

namespace Customer360.Storage.Sqlite;

/// <summary>Brings a database file to the newest schema, each step in a transaction of its own.</summary>
internal static class SqliteSchema
{
    private const string CreateTableSql = """
        create table if not exists schema_migration (
            number integer primary key,
            name text not null,
            checksum text not null,
            -- Microseconds since 1970, UTC.
            applied_at integer not null
        ) strict
        """;

    private const string AppliedSql = "select number, checksum from schema_migration order by number";

    private const string InsertSql = """
        insert into schema_migration (number, name, checksum, applied_at) values (?1, ?2, ?3, ?4)
        """;

    /// <exception cref="SchemaMismatchException">The schema is newer than known, or was tampered with.</exception>
    public static void Migrate(SqliteConnection connection, ImmutableArray<Migration> known, TimeProvider time)
    {
        connection.Execute(CreateTableSql);
        foreach (Migration migration in MigrationSet.Pending(known, ReadApplied(connection)))
        {
            connection.Execute("begin immediate");
            try
            {
                connection.Execute(migration.Sql);
                using (SqliteStatement insert = connection.PrepareOnce(InsertSql))
                {
                    insert
                        .Bind(1, migration.Number)
                        .Bind(2, migration.Name)
                        .Bind(3, migration.Checksum)
                        .Bind(4, StorageTime.ToMicroseconds(time.GetUtcNow()))
                        .Run();
                }

                connection.Execute("commit");
            }
            catch
            {
                connection.RollbackIfNeeded();
                throw;
            }
        }
    }

    private static List<AppliedMigration> ReadApplied(SqliteConnection connection)
    {
        using SqliteStatement read = connection.PrepareOnce(AppliedSql);
        List<AppliedMigration> applied = [];
        while (read.Step())
        {
            applied.Add(new AppliedMigration(read.Int32(0), read.Text(1)));
        }

        return applied;
    }
}
