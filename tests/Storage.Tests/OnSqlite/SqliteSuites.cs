using Customer360.Storage.Sqlite;
using Customer360.Storage.Tests.Databases;

namespace Customer360.Storage.Tests.OnSqlite;

public sealed class EventLogSqliteTests(SqliteTestDatabase database)
    : EventLogTests(database),
        IClassFixture<SqliteTestDatabase>;

public sealed class TimelineSqliteTests(SqliteTestDatabase database)
    : TimelineTests(database),
        IClassFixture<SqliteTestDatabase>;

public sealed class FindMessageSqliteTests(SqliteTestDatabase database)
    : FindMessageTests(database),
        IClassFixture<SqliteTestDatabase>;

public sealed class GrainStateStoreSqliteTests(SqliteTestDatabase database)
    : GrainStateStoreTests(database),
        IClassFixture<SqliteTestDatabase>;

public sealed class DecisionLogSqliteTests(SqliteTestDatabase database)
    : DecisionLogTests(database),
        IClassFixture<SqliteTestDatabase>;

public sealed class ReminderStoreSqliteTests(SqliteTestDatabase database)
    : ReminderStoreTests(database),
        IClassFixture<SqliteTestDatabase>;

public sealed class StateScanSqliteTests(SqliteTestDatabase database)
    : StateScanTests(database),
        IClassFixture<SqliteTestDatabase>;

public sealed class QuarantineSqliteTests(SqliteTestDatabase database)
    : QuarantineTests(database),
        IClassFixture<SqliteTestDatabase>;

public sealed class AudienceListSqliteTests(SqliteTestDatabase database)
    : AudienceListTests(database),
        IClassFixture<SqliteTestDatabase>;

public sealed class NameListSqliteTests(SqliteTestDatabase database)
    : NameListTests(database),
        IClassFixture<SqliteTestDatabase>;

public sealed class LeadListSqliteTests(SqliteTestDatabase database)
    : LeadListTests(database),
        IClassFixture<SqliteTestDatabase>;

public sealed class OutboxSqliteTests(SqliteTestDatabase database)
    : OutboxTests(database),
        IClassFixture<SqliteTestDatabase>;

public sealed class OutboxPersonSqliteTests(SqliteTestDatabase database)
    : OutboxPersonTests(database),
        IClassFixture<SqliteTestDatabase>;

public sealed class DeliveryListSqliteTests(SqliteTestDatabase database)
    : DeliveryListTests(database),
        IClassFixture<SqliteTestDatabase>;

public sealed class LeadListModelSqliteTests(SqliteTestDatabase database)
    : LeadListModelTests(database),
        IClassFixture<SqliteTestDatabase>;

public sealed class ErasureStoreSqliteTests(SqliteTestDatabase database)
    : ErasureStoreTests(database),
        IClassFixture<SqliteTestDatabase>;

public sealed class RetentionSqliteTests(SqliteTestDatabase database)
    : RetentionTests(database),
        IClassFixture<SqliteTestDatabase>;

public sealed class LifecycleSqliteTests(SqliteTestDatabase database)
    : LifecycleTests(database),
        IClassFixture<SqliteTestDatabase>
{
    protected override string DatabaseName => "Sqlite";

    protected override string Now => "0";

    protected override Task ExecuteAsync(string sql)
    {
        using SqliteConnection connection = SqliteConnection.Open(
            Path.Combine(database.Folder, "customer360.db"),
            readOnly: false
        );
        connection.Execute(sql);
        return Task.CompletedTask;
    }
}
