namespace Customer360.Storage.Sqlite.Tables;

internal sealed partial class AudienceTable
{
    // Who stays a member keeps her row, and her place among the changes: most writes that change one audience leave the others.
    private const string UpsertSql = """
        insert into audience_member (audience, customer_id, since, is_held_out, changed)
        values (?1, ?2, ?3, ?4, ?5)
        on conflict (audience, customer_id) do update set
            since = excluded.since,
            is_held_out = excluded.is_held_out,
            changed = iif(left_at is null, changed, excluded.changed),
            left_at = null
        where (since, is_held_out, left_at) is not (excluded.since, excluded.is_held_out, null)
        """;

    // One connection writes, so places rise in the order in which they can be read.
    private const string NextSql = "select coalesce(max(changed), 0) + 1 from audience_member";

    private const string NamesSql = "select audience from audience_member where customer_id = ?1 and left_at is null";

    private const string LeaveSql = """
        update audience_member set changed = ?3, left_at = cast(unixepoch('subsec') * 1000000 as integer)
        where customer_id = ?1 and audience = ?2
        """;

    // Whoever leaves takes a few along that have left long ago: so no job is needed, and no more stay than leave in a week.
    private const string ForgetSql = """
        delete from audience_member where (audience, customer_id) in (
            select audience, customer_id from audience_member
            where left_at < cast(unixepoch('subsec') * 1000000 as integer) - ?1
            order by left_at
            limit 4
        )
        """;

    private const string ReadSql = """
        select audience, customer_id, since, is_held_out from audience_member
        where audience = ?1 and customer_id > ?2 and left_at is null
        order by customer_id
        limit ?3
        """;

    private const string SizesSql = """
        select audience, count(*), sum(is_held_out) from audience_member
        where left_at is null
        group by audience
        order by audience
        """;

    private const string BothSql = """
        select count(*) from audience_member as one
        join audience_member as other
            on other.customer_id = one.customer_id and other.audience = ?2 and other.left_at is null
        where one.audience = ?1 and one.left_at is null
        """;

    private const string ChangesSql = """
        select changed, customer_id, since, is_held_out, left_at from audience_member
        where audience = ?1 and changed > 0 and (changed, customer_id) > (?2, ?3)
        order by changed, customer_id
        limit ?4
        """;

    private const string LastChangeSql = "select coalesce(max(changed), 0) from audience_member";
}
