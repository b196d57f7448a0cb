namespace Customer360.Storage.Sqlite.Tables;

internal sealed partial class EventLogTable
{
    private const string InsertSql = """
        insert into event_log (id, message_id, anchor, occurred_at, payload) values (?1, ?2, ?3, ?4, ?5)
        """;

    private const string MessageIdSql = "select message_id from event_log where id = ?1";

    private const string RowSql = "select message_id, anchor, occurred_at, payload, id from event_log where id = ?1";

    private const string RangeSql = """
        select message_id, anchor, occurred_at, payload, id from event_log
        where id > ?1 and id <= ?2
        order by id
        limit ?3
        """;

    private const string UnindexedSql = """
        select message_id, anchor, occurred_at, id from event_log where id > ?1 and id <= ?2 order by id
        """;

    private const string InsertPartitionSql = """
        insert into log_partition ("partition", next_position) values (?1, 1) on conflict do nothing
        """;

    private const string PartitionSql = """
        select next_position, checkpoint from log_partition where "partition" = ?1
        """;

    private const string PartitionsSql = """
        select "partition", next_position, indexed_to from log_partition
        """;

    private const string SetNextPositionSql = """
        update log_partition set next_position = ?2 where "partition" = ?1
        """;

    private const string SetCheckpointSql = """
        update log_partition set checkpoint = max(checkpoint, ?2) where "partition" = ?1
        """;

    private const string SetIndexedSql = "update log_partition set indexed_to = next_position - 1";
}
