namespace Customer360.Storage.Sqlite.Tables;

internal sealed partial class EventLogTable
{
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
