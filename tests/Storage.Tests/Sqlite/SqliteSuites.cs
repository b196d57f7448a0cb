using Customer360.Storage.Tests.Databases;

namespace Customer360.Storage.Tests.Sqlite;

public sealed class EventLogSqliteTests(SqliteTestDatabase database)
    : EventLogTests(database),
        IClassFixture<SqliteTestDatabase>;

public sealed class TimelineSqliteTests(SqliteTestDatabase database)
    : TimelineTests(database),
        IClassFixture<SqliteTestDatabase>;
