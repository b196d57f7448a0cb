namespace Customer360.Storage.Postgres.Tables;

internal static partial class EventLogTable
{
    // Each partition that was not fenced gives one row back: how many messages were stored. Known messages are left out by a look
    // and not by "on conflict", which inserts each row twice over (for a trial and for good): the fence's row is locked
    // until the commit, so nobody else can store a message of the partition meanwhile.
    private const string AppendSql = """
        with fence as (
            update log_partition as p set next_position = f.next_position
            from unnest($1, $2, $3) as f (partition, first_position, next_position)
            where p.partition = f.partition and p.next_position = f.first_position
            returning p.partition
        ),
        stored as (
            insert into event_log (partition, position, message_id, anchor, occurred_at, payload)
            select m.partition, m.position, m.message_id, m.anchor, m.occurred_at, m.payload
            from unnest($4, $5, $6, $7, $8, $9, $10)
                as m (partition, position, message_id, anchor, occurred_at, payload, message_hash)
            where m.partition in (select partition from fence)
                and not exists (
                    select from event_log as known
                    where known.partition = m.partition and known.message_id = m.message_id
                )
                and not exists (
                    select from log_removed as removed
                    where removed.partition = m.partition and removed.message_hash = m.message_hash
                )
            returning partition
        )
        select fence.partition, count(stored.partition)::integer
        from fence left join stored on stored.partition = fence.partition
        group by fence.partition
        """;

    private const string PositionsSql = """
        select message_id, position from event_log where partition = $1 and message_id = any($2)
        union all
        select known.message_id, removed.position
        from unnest($2, $3) as known (message_id, message_hash)
        join log_removed as removed on removed.partition = $1 and removed.message_hash = known.message_hash
        """;

    private const string RemoveSql = """
        with gone as (
            delete from event_log as e
            using unnest($2, $3) as r (position, message_hash)
            where e.partition = $1 and e.position = r.position
            returning e.position, r.message_hash
        ),
        kept as (
            insert into log_removed (partition, position, message_hash)
            select $1, position, message_hash from gone
            on conflict do nothing
            returning 1
        )
        select count(*) from kept
        """;

    private const string ReplaceSql = """
        with replaced as (
            update event_log as e set payload = r.payload
            from unnest($2, $3) as r (position, payload)
            where e.partition = $1 and e.position = r.position
            returning 1
        )
        select count(*) from replaced
        """;

    /// <summary>What makes the hashes of removed messages this database's own.</summary>
    public const string SaltSql = "select value from storage_setting where name = 'removed_salt'";

    private const string OpenPartitionSql = """
        insert into log_partition as p (partition, next_position) values ($1, 1)
        on conflict (partition) do update set next_position = p.next_position
        returning next_position, checkpoint
        """;

    private const string CheckpointSql = """
        with moved as (
            update log_partition as p set checkpoint = c.position
            from unnest($1, $2) as c (partition, position)
            where p.partition = c.partition and p.checkpoint < c.position
            returning 1
        )
        select count(*) from moved
        """;

    private const string ReadPartitionSql = """
        select partition, position, message_id, anchor, occurred_at, payload from event_log
        where partition = $1 and position > $2
        order by position
        limit $3
        """;

    // The places come from the index alone; only the page's rows are fetched.
    private const string ReadAnchorsSql = """
        select q.number, e.partition, e.position, e.message_id, e.anchor, e.occurred_at, e.payload
        from unnest($1, $2, $3) with ordinality as q (anchor, after, rows, number)
        cross join lateral (
            select partition, position from event_log
            where anchor = q.anchor and position > q.after
            order by position, partition
            limit q.rows
        ) as place
        join event_log as e on e.partition = place.partition and e.position = place.position
        order by q.number, e.position, e.partition
        """;

    // The limit keeps the planner at one look into the unique index per partition.
    private const string FindMessagesSql = """
        select q.number, e.partition, e.position, e.message_id, e.anchor, e.occurred_at, e.payload
        from unnest($1) with ordinality as q (message_id, number)
        cross join log_partition as p
        cross join lateral (
            select partition, position, message_id, anchor, occurred_at, payload from event_log
            where partition = p.partition and message_id = q.message_id
            limit 1
        ) as e
        order by q.number, e.partition
        """;

    private const string ReadTimelineSql = """
        select e.partition, e.position, e.message_id, e.anchor, e.occurred_at, e.payload
        from (
            select p.* from unnest($1) as a (anchor)
            cross join lateral (
                select occurred_at, partition, position from event_log
                where anchor = a.anchor and occurred_at >= $2 and occurred_at < $3
                    and (occurred_at, partition, position) > ($4, $5, $6)
                order by occurred_at, partition, position
                limit $7
            ) as p
            order by occurred_at, partition, position
            limit $7
        ) as place
        join event_log as e on e.partition = place.partition and e.position = place.position
        order by e.occurred_at, e.partition, e.position
        """;

    private const string ReadTimelineDescendingSql = """
        select e.partition, e.position, e.message_id, e.anchor, e.occurred_at, e.payload
        from (
            select p.* from unnest($1) as a (anchor)
            cross join lateral (
                select occurred_at, partition, position from event_log
                where anchor = a.anchor and occurred_at >= $2 and occurred_at < $3
                    and (occurred_at, partition, position) < ($4, $5, $6)
                order by occurred_at desc, partition desc, position desc
                limit $7
            ) as p
            order by occurred_at desc, partition desc, position desc
            limit $7
        ) as place
        join event_log as e on e.partition = place.partition and e.position = place.position
        order by e.occurred_at desc, e.partition desc, e.position desc
        """;

    private const string ReadTimesSql = """
        select p.* from unnest($1) as a (anchor)
        cross join lateral (
            select occurred_at, partition, position from event_log
            where anchor = a.anchor and occurred_at >= $2 and occurred_at < $3
                and (occurred_at, partition, position) > ($4, $5, $6)
            order by occurred_at, partition, position
            limit $7
        ) as p
        order by occurred_at, partition, position
        limit $7
        """;
}
