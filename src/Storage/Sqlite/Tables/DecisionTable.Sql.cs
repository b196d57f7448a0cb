namespace Customer360.Storage.Sqlite.Tables;

internal sealed partial class DecisionTable
{
    private const string InsertSql = """
        insert into decision_log (id, kind, customer_id, other_customer_id, at, payload)
        values (?1, ?2, ?3, ?4, ?5, ?6)
        on conflict do nothing
        """;

    private const string FindSql = """
        select id, kind, customer_id, other_customer_id, at, payload from decision_log where id = ?1
        """;

    private const string PageSql = """
        select id, kind, customer_id, other_customer_id, at, payload, sequence from decision_log
        where sequence > ?1
        order by sequence
        limit ?2
        """;

    private const string DeleteSql = "delete from decision_log where id = ?1";

    private const string UpdateSql = "update decision_log set payload = ?2 where id = ?1";

    private const string ReadSql = """
        select id, kind, customer_id, other_customer_id, at, payload from (
            select * from (
                select * from decision_log where customer_id = ?1 and (at, id) > (?2, ?3) order by at, id limit ?4
            )
            union
            select * from (
                select * from decision_log where other_customer_id = ?1 and (at, id) > (?2, ?3) order by at, id limit ?4
            )
        )
        order by at, id
        limit ?4
        """;
}
