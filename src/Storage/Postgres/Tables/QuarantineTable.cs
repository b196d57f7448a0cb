using Customer360.Rules.Ports;
using Customer360.Storage.Work;
using Npgsql;

namespace Customer360.Storage.Postgres.Tables;

/// <summary>The messages set aside.</summary>
internal static class QuarantineTable
{
    private const string InsertSql = """
        insert into quarantine (partition, position, reason, at) values ($1, $2, $3, $4)
        on conflict (partition, position) do nothing
        returning 1
        """;

    private const string DeleteSql = "delete from quarantine where partition = $1 and position = $2 returning 1";

    private const string ReadSql = """
        select partition, position, reason, at from quarantine
        where (partition, position) > ($1, $2)
        order by partition, position
        limit $3
        """;

    public static NpgsqlBatchCommand Read(QuarantineCursor? after, int limit)
    {
        NpgsqlBatchCommand command = new(ReadSql);
        command.Parameters.AddInteger(after?.Partition ?? -1);
        command.Parameters.AddBigint(after?.Position ?? 0);
        command.Parameters.AddInteger(limit);
        return command;
    }

    public static QuarantinedMessage ReadRow(NpgsqlDataReader reader) =>
        new(reader.GetInt32(0), reader.GetInt64(1), reader.GetString(2), PostgresTime.Read(reader.GetDateTime(3)));

    public sealed class InsertStep(QuarantineAddWork work) : PostgresStep(InsertSql)
    {
        public override Task ReadAsync(NpgsqlDataReader reader) => Task.CompletedTask;

        protected override void AddParameters(NpgsqlParameterCollection parameters)
        {
            parameters.AddInteger(work.Message.Partition);
            parameters.AddBigint(work.Message.Position);
            parameters.AddText(work.Message.Reason);
            parameters.AddTime(PostgresTime.Store(work.Message.At));
        }
    }

    public sealed class DeleteStep(QuarantineRemoveWork work) : PostgresStep(DeleteSql)
    {
        public override async Task ReadAsync(NpgsqlDataReader reader) => work.Result = await reader.ReadAsync();

        protected override void AddParameters(NpgsqlParameterCollection parameters)
        {
            parameters.AddInteger(work.Partition);
            parameters.AddBigint(work.Position);
        }
    }
}
