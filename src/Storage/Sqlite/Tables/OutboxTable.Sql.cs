namespace Customer360.Storage.Sqlite.Tables;

internal sealed partial class OutboxTable
{
    private const string IsKnownSql = """
        select exists (select 1 from outbox where destination = ?1 and effect_id = ?2)
            or exists (select 1 from delivery where destination = ?1 and effect_id = ?2)
        """;

    // The taken row is being sent, and may have been read before the change.
    private const string IsWaitingSql = """
        select exists (
            select 1 from outbox as o
            where o.destination = ?1 and o.subject = ?2 and o.kind = ?3 and o.name = coalesce(?4, '') and o.sequence > coalesce(
                (select taken from outbox_subject as s where s.destination = ?1 and s.subject = ?2), 0
            )
        )
        """;

    private const string CountSql = """
        insert into outbox_subject (destination, subject, last_sequence, due_at) values (?1, ?2, 1, ?3)
        on conflict (destination, subject) do update set
            last_sequence = last_sequence + 1, due_at = coalesce(due_at, excluded.due_at)
        returning last_sequence
        """;

    private const string InsertSql = """
        insert into outbox (destination, subject, sequence, effect_id, kind, name, cause, other, detail, at)
        values (?1, ?2, ?3, ?4, ?5, coalesce(?6, ''), ?7, ?8, ?9, ?10)
        """;

    // With a time, what is under way counts as sent: of a split the part may just be told with the whole.
    private const string PassSql = """
        insert into outbox_subject (destination, subject, last_sequence, sent_at)
        select destination, ?3, 0, coalesce(sent_at, ?4) from outbox_subject
        where destination = ?1 and subject = ?2 and (sent_at is not null or (?4 is not null and lease is not null))
        on conflict (destination, subject) do update set sent_at = coalesce(sent_at, excluded.sent_at)
        """;

    private const string DueSql = """
        select subject, tries, tried_at, has_gap, sent_at is not null, lease is not null from outbox_subject
        where destination = ?1 and due_at <= ?2
        order by due_at
        limit ?3
        """;

    private const string FirstSql = """
        select sequence, effect_id, kind, name, cause, at, other, detail from outbox
        where destination = ?1 and subject = ?2
        order by sequence
        limit 1
        """;

    private const string TakeSql = """
        update outbox_subject
        set lease = ?3, taken = ?4, due_at = ?5, tries = tries + 1, tried_at = coalesce(tried_at, ?6),
            sent_at = case when ?7 then coalesce(sent_at, ?6) else sent_at end
        where destination = ?1 and subject = ?2
        """;

    private const string ForgetDueSql = """
        update outbox_subject set due_at = null where destination = ?1 and subject = ?2
        """;

    // Where no try has counted yet, none has begun: what waits while a destination is paused does not grow old by that.
    private const string RetrySql = """
        update outbox_subject
        set due_at = ?5, lease = null, taken = null, tries = tries - ?6, reason = coalesce(?7, ''), status = ?8,
            tried_at = case when tries > ?6 then tried_at end,
            sent_at = case when ?9 then coalesce(sent_at, ?10) else sent_at end
        where destination = ?1 and subject = ?2 and lease = ?3 and taken = ?4
        """;

    // What was sent closes a gap, what was given up makes one; what was withheld changes nothing.
    private const string DoneSql = """
        update outbox_subject set
            due_at = case when last_sequence > ?4 then ?5 else null end,
            lease = null, taken = null, tries = 0, tried_at = null, reason = null, status = null,
            has_gap = case ?6 when 1 then 0 when 3 then 1 else has_gap end,
            sent_at = case when ?7 then null when ?6 = 1 or ?8 then coalesce(sent_at, ?5) else sent_at end
        where destination = ?1 and subject = ?2 and lease = ?3 and taken = ?4
        """;

    private const string DeleteSql = "delete from outbox where destination = ?1 and subject = ?2 and sequence = ?3";

    private const string WriteDeliverySql = """
        insert into delivery (
            destination, subject, effect_id, kind, name, cause, other, detail, at, outcome, reason, status, tries, done_at, note
        )
        values (?1, ?2, ?3, ?4, coalesce(?5, ''), ?6, ?7, ?8, ?9, ?10, coalesce(?11, ''), ?12, ?13, ?14, ?15)
        """;

    private const string ForgetDeliveriesSql = "delete from delivery where destination = ?1 and subject = ?2";

    private const string ReadDeliverySql =
        "select subject, effect_id, kind, name, cause, at, other, detail from delivery where id = ?1";

    private const string DeleteDeliverySql = "delete from delivery where id = ?1";

    private const string TrimSql = """
        delete from delivery where id in (
            select id from (
                select id, done_at from delivery where destination = ?1 and outcome = ?2 order by id limit ?4
            )
            where done_at < ?3
        )
        """;

    private const string NextSql = """
        select (select min(at) from outbox where destination = ?1),
            (select min(due_at) from outbox_subject where destination = ?1 and due_at is not null)
        """;

    private const string WaitingSql = """
        select count(*) from (select 1 from outbox where destination = ?1 limit 1000000)
        """;

    private const string DoneCountSql = """
        select count(*) from (select 1 from delivery where destination = ?1 and outcome = ?2 limit 1000000)
        """;
}
