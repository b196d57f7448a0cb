namespace Customer360.Storage.Sqlite.Tables;

internal sealed partial class SuppressionTable
{
    private const string LastSql = "select coalesce(max(sequence), 0) from suppression";

    private const string InsertSql = """
        insert into suppression (sequence, hash, change, at, request_id, by) values (?1, ?2, ?3, ?4, ?5, ?6)
        """;

    private const string ReadSql = """
        select sequence, hash, change, at, request_id, by from suppression
        where sequence > ?1
        order by sequence
        limit ?2
        """;
}
