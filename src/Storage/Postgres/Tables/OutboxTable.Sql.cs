using System.Globalization;

namespace Customer360.Storage.Postgres.Tables;

internal static partial class OutboxTable
{
    /// <summary>How many parameters <see cref="AddRows"/> adds.</summary>
    public const int RowParameters = 13;

    // In a fixed order, so that two transactions never wait for each other crosswise: first what is not there yet, then all.
    private const string MakeSubjectsSql = """
        insert into outbox_subject (destination, subject, last_sequence)
        select destination, subject, 0 from unnest($1, $2) as s (destination, subject)
        order by destination, subject
        on conflict (destination, subject) do nothing
        returning 1
        """;

    private const string LockSubjectsSql = """
        select 1 from outbox_subject
        where (destination, subject) in (select * from unnest($1, $2))
        order by destination, subject
        for no key update
        """;

    private const string TakeSql = """
        with due as (
            select subject, tries, tried_at, has_gap, sent_at, lease from outbox_subject
            where destination = $1 and due_at <= $2
            order by due_at
            limit $3
            for no key update skip locked
        ), first as (
            select o.*,
                -- Whoever took it is gone without a word. A correction alone tells nothing of a person who was never sent.
                d.lease is not null and o.kind <> all ($6) as may_have_arrived
            from due as d cross join lateral (
                select * from outbox as w
                where w.destination = $1 and w.subject = d.subject
                order by w.sequence
                limit 1
            ) as o
        ), took as (
            update outbox_subject as s set
                lease = $4, taken = f.sequence, due_at = $5, tries = s.tries + 1, tried_at = coalesce(s.tried_at, $2),
                sent_at = case when f.may_have_arrived then coalesce(s.sent_at, $2) else s.sent_at end
            from first as f
            where s.destination = $1 and s.subject = f.subject
        )
        select f.sequence, f.effect_id, f.kind, f.subject, f.name, f.cause, f.at, f.other, f.detail,
            d.tries, coalesce(d.tried_at, $2), d.sent_at is not null or f.may_have_arrived, d.has_gap
        from first as f join due as d on d.subject = f.subject
        """;

    // What was sent closes a gap, what was given up makes one; what was withheld changes nothing.
    private const string SettleSql = """
        with result as (
            select * from unnest($4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21) as r (
                subject, sequence, outcome, retry_at, is_no_try, effect_id, kind, name, cause, other, detail, at,
                reason, status, tries, note, may_have_arrived, is_forgotten
            )
        ), settled as (
            update outbox_subject as s set
                due_at = case
                    when r.outcome = 4 then r.retry_at
                    when s.last_sequence > r.sequence then $3
                end,
                lease = null, taken = null,
                tries = case when r.outcome <> 4 then 0 when r.is_no_try then s.tries - 1 else s.tries end,
                -- Where no try has counted yet, none has begun: what waits while a destination is paused does not grow old by that.
                tried_at = case when r.outcome = 4 and (s.tries > 1 or not r.is_no_try) then s.tried_at end,
                reason = case when r.outcome = 4 then r.reason end,
                status = case when r.outcome = 4 then r.status end,
                has_gap = case r.outcome when 1 then false when 3 then true else s.has_gap end,
                sent_at = case
                    when r.is_forgotten then null
                    when r.outcome = 1 or r.may_have_arrived then coalesce(s.sent_at, $3)
                    else s.sent_at
                end
            from result as r
            where s.destination = $1 and s.subject = r.subject and s.lease = $2 and s.taken = r.sequence
            returning s.subject
        ), done as (
            select r.* from result as r join settled as s on s.subject = r.subject where r.outcome <> 4
        ), removed as (
            delete from outbox as o using done as d
            where o.destination = $1 and o.subject = d.subject and o.sequence = d.sequence
        ), forgotten as (
            delete from delivery as o using done as d
            where d.kind = 'person.erased' and o.destination = $1 and o.subject = d.subject
        ), written as (
            insert into delivery (
                destination, subject, effect_id, kind, name, cause, other, detail, at, outcome, reason, status, tries,
                done_at, note
            )
            select $1, subject, effect_id, kind, name, cause, other, detail, at, outcome, reason, status, tries, $3, note
            from done
            on conflict (destination, effect_id) do nothing
        )
        select count(*) from settled
        """;

    // A later step of the same transaction: one statement can't change a row twice.
    private const string PassSql = """
        insert into outbox_subject as s (destination, subject, last_sequence, sent_at)
        select $1, m.other, 0, min(f.sent_at)
        from unnest($2, $3) as m (subject, other)
        join outbox_subject as f on f.destination = $1 and f.subject = m.subject and f.sent_at is not null
        group by m.other
        order by m.other
        on conflict (destination, subject) do update set sent_at = coalesce(s.sent_at, excluded.sent_at)
        returning 1
        """;

    private const string NextSql = """
        select (select min(at) from outbox where destination = $1),
            (select min(due_at) from outbox_subject where destination = $1 and due_at is not null)
        """;

    private const string StandingSql = """
        select (select count(*) from (select 1 from outbox where destination = $1 limit 1000000) as w),
            (select min(at) from outbox where destination = $1),
            (select min(due_at) from outbox_subject where destination = $1 and due_at is not null),
            (select count(*) from (select 1 from delivery where destination = $1 and outcome = 1 limit 1000000) as s),
            (select count(*) from (select 1 from delivery where destination = $1 and outcome = 2 limit 1000000) as h),
            (select count(*) from (select 1 from delivery where destination = $1 and outcome = 3 limit 1000000) as f)
        """;

    private const string TrimSql = """
        with old as (
            select id, done_at from delivery where destination = $1 and outcome = $2 order by id limit $4
        ), trimmed as (
            delete from delivery as d using old as o where d.id = o.id and o.done_at < $3 returning 1
        )
        select count(*) from trimmed
        """;

    /// <summary>
    /// What writes the rows of a state that was written, as parts of a <c>with</c> behind <c>written</c>. Those whose effect is known, or
    /// said by one that waits, are left out; one that is being sent may have been read before the change, and says nothing of it.
    /// </summary>
    /// <param name="first">The number of the first of the rows' parameters (<see cref="AddRows"/>).</param>
    public static string WrittenSql(int first)
    {
        string arrays = string.Join(
            ", ",
            Enumerable
                .Range(first, RowParameters - 1)
                .Select(number => string.Create(CultureInfo.InvariantCulture, $"${number}"))
        );
        string due = string.Create(CultureInfo.InvariantCulture, $"${first + RowParameters - 1}");
        return $"""
            effect as (
                select e.* from unnest({arrays}) with ordinality as e (
                    destination, subject, effect_id, kind, name, cause, other, detail, at, coalesces, passes_from,
                    passes_to, place
                )
                where exists (select from written)
                    and not exists (
                        select from outbox as o where o.destination = e.destination and o.effect_id = e.effect_id
                    )
                    and not exists (
                        select from delivery as d where d.destination = e.destination and d.effect_id = e.effect_id
                    )
                    and not (e.coalesces and exists (
                        select from outbox as o
                        join outbox_subject as s on s.destination = o.destination and s.subject = o.subject
                        where o.destination = e.destination and o.subject = e.subject and o.kind = e.kind
                            and o.name = e.name and o.sequence > coalesce(s.taken, 0)
                    ))
            ), counted as (
                insert into outbox_subject as s (destination, subject, last_sequence, due_at, sent_at)
                select e.destination, e.subject, count(*), {due},
                    -- Of a split the part may just be told with the whole, where that is under way.
                    min(coalesce(f.sent_at, case when f.lease is not null then {due} end))
                from effect as e
                left join outbox_subject as f
                    on f.destination = e.destination and f.subject = e.passes_from and e.passes_to = e.subject
                group by e.destination, e.subject
                order by e.destination, e.subject
                on conflict (destination, subject) do update set
                    last_sequence = s.last_sequence + excluded.last_sequence,
                    due_at = coalesce(s.due_at, excluded.due_at),
                    sent_at = coalesce(s.sent_at, excluded.sent_at)
                returning s.destination, s.subject, s.last_sequence
            ), put as (
                insert into outbox (destination, subject, sequence, effect_id, kind, name, cause, other, detail, at)
                select e.destination, e.subject,
                    c.last_sequence - count(*) over (partition by e.destination, e.subject)
                        + row_number() over (partition by e.destination, e.subject order by e.place),
                    e.effect_id, e.kind, e.name, e.cause, e.other, e.detail, e.at
                from effect as e join counted as c on c.destination = e.destination and c.subject = e.subject
            ), passed as (
                insert into outbox_subject as s (destination, subject, last_sequence, sent_at)
                select e.destination, e.passes_to, 0, min(f.sent_at)
                from effect as e
                join outbox_subject as f
                    on f.destination = e.destination and f.subject = e.passes_from and f.sent_at is not null
                where e.passes_to <> e.subject
                group by e.destination, e.passes_to
                order by e.destination, e.passes_to
                on conflict (destination, subject) do update set sent_at = coalesce(s.sent_at, excluded.sent_at)
            )
            """;
    }

    /// <param name="idsSql">What answers the ids of what is to be replayed.</param>
    private static string ReplaySql(string idsSql) =>
        $"""
            with chosen as (
                {idsSql}
            ), taken as (
                delete from delivery as d using chosen as c where d.id = c.id returning d.*
            ), effect as (
                select t.* from taken as t
                where not (t.kind = 'profile.changed' and exists (
                    select from outbox as o
                    join outbox_subject as s on s.destination = o.destination and s.subject = o.subject
                    where o.destination = t.destination and o.subject = t.subject and o.kind = t.kind
                        and o.name = t.name and o.sequence > coalesce(s.taken, 0)
                ))
            ), counted as (
                insert into outbox_subject as s (destination, subject, last_sequence, due_at)
                select destination, subject, count(*), $11 from effect
                group by destination, subject
                order by destination, subject
                on conflict (destination, subject) do update set
                    last_sequence = s.last_sequence + excluded.last_sequence,
                    due_at = coalesce(s.due_at, excluded.due_at)
                returning s.destination, s.subject, s.last_sequence
            ), put as (
                insert into outbox (destination, subject, sequence, effect_id, kind, name, cause, other, detail, at)
                select e.destination, e.subject,
                    c.last_sequence - count(*) over (partition by e.subject)
                        + row_number() over (partition by e.subject order by e.id),
                    e.effect_id, e.kind, e.name, e.cause, e.other, e.detail, e.at
                from effect as e join counted as c on c.subject = e.subject
            )
            select count(*) from taken
            """;
}
