using Customer360.Rules.Ports;
using Customer360.Storage.Work;
using Npgsql;

namespace Customer360.Storage.Postgres.Tables;

/// <summary>The decision log.</summary>
internal static class DecisionTable
{
    // A decision and its audit record are one statement: there is never one without the other. "is true" keeps the planner from
    // making a join of the look into the stored ids, which would be a loop in a loop.
    private static readonly string s_insertSql = $"""
        with stored as (
            insert into decision_log (id, kind, customer_id, other_customer_id, at, payload)
            select * from unnest($1, $2, $3, $4, $5, $6)
            on conflict (id) do nothing
            returning id
        ),
        {AuditTable.ChainedSql(
            7,
            $"(e.id in (select id from stored)) is true and {AuditTable.IsNewSql}"
        )}
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

    private const string PageSql = """
        select id, kind, customer_id, other_customer_id, at, payload from decision_log
        where id > $1
        order by id
        limit $2
        """;

    private const string DeleteSql = """
        with gone as (delete from decision_log where id = any($1) returning 1) select count(*) from gone
        """;

    private const string ReplaceSql = """
        with replaced as (
            update decision_log as d set payload = r.payload from unnest($1, $2) as r (id, payload)
            where d.id = r.id
            returning 1
        )
        select count(*) from replaced
        """;

    private const string FindSql = """
        select id, kind, customer_id, other_customer_id, at, payload from decision_log where id = $1
        """;

    /// <summary>A page of all decisions by id.</summary>
    public static NpgsqlBatchCommand ReadPage(string afterId, int limit)
    {
        NpgsqlBatchCommand command = new(PageSql);
        command.Parameters.AddText(afterId);
        command.Parameters.AddInteger(limit);
        return command;
    }

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

    public sealed class InsertStep(List<DecisionsWork> works) : PostgresStep(s_insertSql)
    {
        public override Task ReadAsync(NpgsqlDataReader reader) => Task.CompletedTask;

        protected override void AddParameters(NpgsqlParameterCollection parameters)
        {
            // One decision may come twice in one transaction; the first counts.
            (DecisionRecord Decision, AuditWrite Audit)[] once =
            [
                .. works
                    .SelectMany(work => work.Decisions.Zip(work.Audit))
                    .DistinctBy(one => one.First.Id, StringComparer.Ordinal),
            ];
            DecisionRecord[] decisions = [.. once.Select(one => one.Decision)];
            parameters.AddTexts([.. decisions.Select(decision => decision.Id)]);
            parameters.AddTexts([.. decisions.Select(decision => decision.Kind)]);
            parameters.AddTexts([.. decisions.Select(decision => decision.CustomerId)]);
            parameters.AddTexts([.. decisions.Select(decision => decision.OtherCustomerId)]);
            parameters.AddTimes([.. decisions.Select(decision => PostgresTime.Store(decision.At))]);
            parameters.AddJsons([.. decisions.Select(decision => decision.Payload)]);
            AuditTable.AddRecords(parameters, [.. once.Select(one => one.Audit)]);
        }
    }

    public sealed class DeleteStep(DecisionErasureWork work) : PostgresStep(DeleteSql)
    {
        public override Task ReadAsync(NpgsqlDataReader reader) => Task.CompletedTask;

        protected override void AddParameters(NpgsqlParameterCollection parameters) =>
            parameters.AddTexts([.. work.Removed]);
    }

    public sealed class ReplaceStep(DecisionErasureWork work) : PostgresStep(ReplaceSql)
    {
        public override Task ReadAsync(NpgsqlDataReader reader) => Task.CompletedTask;

        protected override void AddParameters(NpgsqlParameterCollection parameters)
        {
            parameters.AddTexts([.. work.Replaced.Select(decision => decision.Id)]);
            parameters.AddJsons([.. work.Replaced.Select(decision => decision.Payload)]);
        }
    }
}
