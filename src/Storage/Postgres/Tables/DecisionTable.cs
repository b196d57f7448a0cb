using Customer360.Rules.Ports;
using Customer360.Storage.Work;
using Npgsql;

namespace Customer360.Storage.Postgres.Tables;

/// <summary>The decision log.</summary>
internal static class DecisionTable
{
    private const string InsertSql = """
        with stored as (
            insert into decision_log (id, kind, customer_id, other_customer_id, at, payload)
            select * from unnest($1, $2, $3, $4, $5, $6)
            on conflict (id) do nothing
            returning 1
        )
        select count(*) from stored
        """;

    private const string ReadSql = """
        select id, kind, customer_id, other_customer_id, at, payload from (
            (
                select * from decision_log
                where customer_id = $1 and (at, id) > ($2, $3) order by at, id limit $4
            )
            union all
            (
                select * from decision_log
                where other_customer_id = $1 and customer_id <> $1 and (at, id) > ($2, $3) order by at, id limit $4
            )
        ) as both_sides
        order by at, id
        limit $4
        """;

    private const string FindSql = """
        select id, kind, customer_id, other_customer_id, at, payload from decision_log where id = $1
        """;

    public static NpgsqlBatchCommand Find(string id)
    {
        NpgsqlBatchCommand command = new(FindSql);
        command.Parameters.AddText(id);
        return command;
    }

    public static NpgsqlBatchCommand Read(string customerId, DecisionCursor? after, int limit)
    {
        NpgsqlBatchCommand command = new(ReadSql);
        command.Parameters.AddText(customerId);
        command.Parameters.AddTime(
            after is null ? DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc) : PostgresTime.Store(after.At)
        );
        command.Parameters.AddText(after?.Id ?? "");
        command.Parameters.AddInteger(limit);
        return command;
    }

    public static DecisionRecord ReadRow(NpgsqlDataReader reader) =>
        new(
            reader.GetString(0),
            reader.GetString(1),
            reader.GetString(2),
            reader.IsDBNull(3) ? null : reader.GetString(3),
            PostgresTime.Read(reader.GetDateTime(4)),
            reader.GetFieldValue<byte[]>(5)
        );

    public sealed class InsertStep(List<DecisionsWork> works) : PostgresStep(InsertSql)
    {
        public override Task ReadAsync(NpgsqlDataReader reader) => Task.CompletedTask;

        protected override void AddParameters(NpgsqlParameterCollection parameters)
        {
            DecisionRecord[] decisions = [.. works.SelectMany(work => work.Decisions)];
            parameters.AddTexts([.. decisions.Select(decision => decision.Id)]);
            parameters.AddTexts([.. decisions.Select(decision => decision.Kind)]);
            parameters.AddTexts([.. decisions.Select(decision => decision.CustomerId)]);
            parameters.AddTexts([.. decisions.Select(decision => decision.OtherCustomerId)]);
            parameters.AddTimes([.. decisions.Select(decision => PostgresTime.Store(decision.At))]);
            parameters.AddJsons([.. decisions.Select(decision => decision.Payload)]);
        }
    }
}
