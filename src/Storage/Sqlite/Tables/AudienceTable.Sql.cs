namespace Customer360.Storage.Sqlite.Tables;

internal sealed partial class AudienceTable
{
    // Who stays a member keeps her row: most writes that change one audience leave the others.
    private const string UpsertSql = """
        insert into audience_member (audience, customer_id, since, is_held_out)
        values (?1, ?2, ?3, ?4)
        on conflict (audience, customer_id) do update set since = excluded.since, is_held_out = excluded.is_held_out
        where (since, is_held_out) is not (excluded.since, excluded.is_held_out)
        """;

    private const string NamesSql = "select audience from audience_member where customer_id = ?1";

    private const string DeleteSql = "delete from audience_member where customer_id = ?1 and audience = ?2";

    private const string ReadSql = """
        select audience, customer_id, since, is_held_out from audience_member
        where audience = ?1 and customer_id > ?2
        order by customer_id
        limit ?3
        """;

    private const string SizesSql = """
        select audience, count(*), sum(is_held_out) from audience_member group by audience order by audience
        """;

    private const string BothSql = """
        select count(*) from audience_member as one
        join audience_member as other on other.customer_id = one.customer_id and other.audience = ?2
        where one.audience = ?1
        """;
}
