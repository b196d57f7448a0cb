namespace Customer360.Storage.Sqlite.Runs;

internal sealed partial class RunTables
{
    private const string InsertRunSql = """
        insert into log_run (run, level, state, entries)
        values ((select coalesce(max(run), 0) + 1 from log_run), ?1, ?2, ?3)
        returning run
        """;

    private const string SetRunStateSql = "update log_run set state = ?2 where run = ?1";

    private const string DeleteRunSql = "delete from log_run where run = ?1";

    private const string AbandonUnfinishedSql = "update log_run set state = 2 where state = 0";

    private const string RunsSql = "select run, level, entries from log_run where state = ?1 order by run";

    private const string InsertMessageBlockSql =
        "insert into log_run_message (id, first_hash, entries) values (?1, ?2, ?3)";

    private const string InsertAnchorBlockSql =
        "insert into log_run_anchor (id, first_hash, first_time, entries) values (?1, ?2, ?3, ?4)";

    private const string InsertFilterPieceSql = "insert into log_run_filter (id, bits) values (?1, ?2)";

    private const string FilterPiecesSql = "select bits from log_run_filter where id >= ?1 and id < ?2 order by id";

    // This is the last block that begins before the hash, since entries with the hash may start in its tail.
    private const string MessageBlockBeforeSql = """
        select id from log_run_message where run = ?1 and first_hash < ?2 order by first_hash desc limit 1
        """;

    private const string MessageBlocksSql =
        "select first_hash, entries from log_run_message where id >= ?1 and id < ?2 order by id";

    private const string MessageBlockPageSql =
        "select id, entries from log_run_message where id >= ?1 and id < ?2 order by id limit ?3";

    private const string AnchorBlockBeforeSql = """
        select id from log_run_anchor
        where run = ?1 and (first_hash, first_time) < (?2, ?3)
        order by first_hash desc, first_time desc
        limit 1
        """;

    private const string AnchorBlockAtOrBeforeSql = """
        select id from log_run_anchor
        where run = ?1 and (first_hash, first_time) <= (?2, ?3)
        order by first_hash desc, first_time desc, id desc
        limit 1
        """;

    private const string AnchorBlocksSql = "select entries from log_run_anchor where id >= ?1 and id < ?2 order by id";

    private const string AnchorBlocksDescendingSql =
        "select entries from log_run_anchor where id >= ?1 and id <= ?2 order by id desc";

    private const string AnchorBlockPageSql =
        "select id, entries from log_run_anchor where id >= ?1 and id < ?2 order by id limit ?3";

    private static readonly string[] s_removeBlocksSql =
    [
        "delete from log_run_message where id in (select id from log_run_message where id >= ?1 and id < ?2 limit ?3)",
        "delete from log_run_anchor where id in (select id from log_run_anchor where id >= ?1 and id < ?2 limit ?3)",
        "delete from log_run_filter where id in (select id from log_run_filter where id >= ?1 and id < ?2 limit ?3)",
    ];
}
