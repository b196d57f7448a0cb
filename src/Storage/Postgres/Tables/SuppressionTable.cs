using Customer360.Rules.Privacy;
using Customer360.Storage.Work;
using Npgsql;

namespace Customer360.Storage.Postgres.Tables;

/// <summary>The list of suppressed identifiers.</summary>
internal static class SuppressionTable
{
    // Another writer that was faster has the same sequence, and the whole statement is refused by the key: so it is asked first, and
    // the key stands behind it.
    private const string InsertSql = """
        with stored as (
            insert into suppression (sequence, hash, change, at, request_id, by)
            select e.* from unnest($1, $2, $3, $4, $5, $6) as e (sequence, hash, change, at, request_id, by)
            where (select coalesce(max(sequence), 0) from suppression) = $7
            on conflict (sequence) do nothing
            returning 1
        )
        select count(*) from stored
        """;

    private const string ReadSql = """
        select sequence, hash, change, at, request_id, by from suppression
        where sequence > $1
        order by sequence
        limit $2
        """;

    public static NpgsqlBatchCommand Read(long afterSequence, int limit)
    {
        NpgsqlBatchCommand command = new(ReadSql);
        command.Parameters.AddBigint(afterSequence);
        command.Parameters.AddInteger(limit);
        return command;
    }

    public static SuppressionEntry ReadRow(NpgsqlDataReader reader) =>
        new(
            reader.GetInt64(0),
            SuppressionHash.Parse(reader.GetString(1)),
            (SuppressionChange)reader.GetInt16(2),
            PostgresTime.Read(reader.GetDateTime(3)),
            reader.GetString(4),
            reader.GetString(5)
        );

    public sealed class InsertStep(SuppressWork work) : PostgresStep(InsertSql)
    {
        public override async Task ReadAsync(NpgsqlDataReader reader)
        {
            await reader.ReadAsync();
            work.Result = reader.GetInt64(0) == work.Entries.Length;
        }

        protected override void AddParameters(NpgsqlParameterCollection parameters)
        {
            parameters.AddBigints([.. work.Entries.Select(entry => entry.Sequence)]);
            parameters.AddTexts([.. work.Entries.Select(entry => entry.Hash.ToString())]);
            parameters.AddIntegers([.. work.Entries.Select(entry => (int)entry.Change)]);
            parameters.AddTimes([.. work.Entries.Select(entry => PostgresTime.Store(entry.At))]);
            parameters.AddTexts([.. work.Entries.Select(entry => entry.RequestId)]);
            parameters.AddTexts([.. work.Entries.Select(entry => entry.By)]);
            parameters.AddBigint(work.Entries[0].Sequence - 1);
        }
    }
}
