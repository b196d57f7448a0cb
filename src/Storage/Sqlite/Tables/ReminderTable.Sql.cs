namespace Customer360.Storage.Sqlite.Tables;

internal sealed partial class ReminderTable
{
    private const string UpsertSql = """
        insert into reminder (grain_type, grain_key, name, start_at, period, version)
        values (?1, ?2, ?3, ?4, ?5, 1)
        on conflict do update set start_at = excluded.start_at, period = excluded.period, version = version + 1
        returning version
        """;

    private const string DeleteSql = """
        delete from reminder where grain_type = ?1 and grain_key = ?2 and name = ?3 and version = ?4
        """;

    private const string ReadAllSql = """
        select grain_type, grain_key, name, start_at, period, version from reminder
        """;

    private const string ReadGrainSql = ReadAllSql + " where grain_type = ?1 and grain_key = ?2";

    private const string ReadOneSql = ReadGrainSql + " and name = ?3";
}
