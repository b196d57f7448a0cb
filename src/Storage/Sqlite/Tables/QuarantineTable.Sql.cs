namespace Customer360.Storage.Sqlite.Tables;

internal sealed partial class QuarantineTable
{
    private const string InsertSql = """
        insert into quarantine ("partition", position, reason, at) values (?1, ?2, ?3, ?4) on conflict do nothing
        """;

    private const string DeleteSql = """
        delete from quarantine where "partition" = ?1 and position = ?2
        """;

    private const string ReadSql = """
        select "partition", position, reason, at from quarantine
        where ("partition", position) > (?1, ?2)
        order by "partition", position
        limit ?3
        """;
}
