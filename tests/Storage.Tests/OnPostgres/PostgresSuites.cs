using Customer360.Storage.Tests.Databases;
using Customer360.Tests.Support;
using Npgsql;

namespace Customer360.Storage.Tests.OnPostgres;

[NeedsPostgres]
public sealed class RetentionPostgresTests(PostgresTestDatabase database)
    : RetentionTests(database),
        IClassFixture<PostgresTestDatabase>;

[NeedsPostgres]
public sealed class EventLogPostgresTests(PostgresTestDatabase database)
    : EventLogTests(database),
        IClassFixture<PostgresTestDatabase>;

[NeedsPostgres]
public sealed class TimelinePostgresTests(PostgresTestDatabase database)
    : TimelineTests(database),
        IClassFixture<PostgresTestDatabase>;

[NeedsPostgres]
public sealed class FindMessagePostgresTests(PostgresTestDatabase database)
    : FindMessageTests(database),
        IClassFixture<PostgresTestDatabase>;

[NeedsPostgres]
public sealed class GrainStateStorePostgresTests(PostgresTestDatabase database)
    : GrainStateStoreTests(database),
        IClassFixture<PostgresTestDatabase>;

[NeedsPostgres]
public sealed class DecisionLogPostgresTests(PostgresTestDatabase database)
    : DecisionLogTests(database),
        IClassFixture<PostgresTestDatabase>;

[NeedsPostgres]
public sealed class ReminderStorePostgresTests(PostgresTestDatabase database)
    : ReminderStoreTests(database),
        IClassFixture<PostgresTestDatabase>;

[NeedsPostgres]
public sealed class StateScanPostgresTests(PostgresTestDatabase database)
    : StateScanTests(database),
        IClassFixture<PostgresTestDatabase>;

[NeedsPostgres]
public sealed class QuarantinePostgresTests(PostgresTestDatabase database)
    : QuarantineTests(database),
        IClassFixture<PostgresTestDatabase>;

[NeedsPostgres]
public sealed class AudienceListPostgresTests(PostgresTestDatabase database)
    : AudienceListTests(database),
        IClassFixture<PostgresTestDatabase>;

[NeedsPostgres]
public sealed class NameListPostgresTests(PostgresTestDatabase database)
    : NameListTests(database),
        IClassFixture<PostgresTestDatabase>;

[NeedsPostgres]
public sealed class LeadListPostgresTests(PostgresTestDatabase database)
    : LeadListTests(database),
        IClassFixture<PostgresTestDatabase>;

[NeedsPostgres]
public sealed class OutboxPostgresTests(PostgresTestDatabase database)
    : OutboxTests(database),
        IClassFixture<PostgresTestDatabase>;

[NeedsPostgres]
public sealed class OutboxPersonPostgresTests(PostgresTestDatabase database)
    : OutboxPersonTests(database),
        IClassFixture<PostgresTestDatabase>;

[NeedsPostgres]
public sealed class DeliveryListPostgresTests(PostgresTestDatabase database)
    : DeliveryListTests(database),
        IClassFixture<PostgresTestDatabase>;

[NeedsPostgres]
public sealed class LeadListModelPostgresTests(PostgresTestDatabase database)
    : LeadListModelTests(database),
        IClassFixture<PostgresTestDatabase>;

[NeedsPostgres]
public sealed class ErasureStorePostgresTests(PostgresTestDatabase database)
    : ErasureStoreTests(database),
        IClassFixture<PostgresTestDatabase>;

[NeedsPostgres]
public sealed class LifecyclePostgresTests(PostgresTestDatabase database)
    : LifecycleTests(database),
        IClassFixture<PostgresTestDatabase>
{
    protected override string DatabaseName => "Postgres";

    protected override string Now => "now()";

    protected override async Task ExecuteAsync(string sql)
    {
        await using NpgsqlConnection connection = new(database.ConnectionString);
        await connection.OpenAsync();
        await using NpgsqlCommand command = new(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
