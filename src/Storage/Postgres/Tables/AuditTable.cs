using Customer360.Rules.Audit;
using Customer360.Storage.Work;
using Npgsql;

namespace Customer360.Storage.Postgres.Tables;

/// <summary>The audit log. The database itself chains the records, so that it takes no round trip of its own.</summary>
internal static partial class AuditTable
{
    /// <summary>How many parameters <see cref="AddRecords"/> adds.</summary>
    public const int RecordParameters = 4;

    public static NpgsqlBatchCommand ReadBack(int? chain, long before, int limit)
    {
        NpgsqlBatchCommand command = new(chain is null ? ReadBackSql : ReadChainBackSql);
        command.Parameters.AddBigint(before);
        command.Parameters.AddInteger(limit);
        if (chain is { } one)
        {
            command.Parameters.AddInteger(one);
        }

        return command;
    }

    public static NpgsqlBatchCommand ReadOn(long after, int limit)
    {
        NpgsqlBatchCommand command = new(ReadOnSql);
        command.Parameters.AddBigint(after);
        command.Parameters.AddInteger(limit);
        return command;
    }

    public static NpgsqlBatchCommand ReadHeads() => new(HeadsSql);

    public static NpgsqlBatchCommand ReadKey() => new(KeySql);

    public static AuditRow ReadRow(NpgsqlDataReader reader) =>
        new(
            reader.GetInt64(0),
            reader.GetInt32(1),
            reader.GetInt64(2),
            [.. reader.GetFieldValue<byte[]>(3)],
            reader.GetFieldValue<byte[]>(4)
        );

    public static AuditChainHead ReadHead(NpgsqlDataReader reader) =>
        new(reader.GetInt32(0), reader.GetInt64(1), [.. reader.GetFieldValue<byte[]>(2)]);

    /// <summary>The parameters of <see cref="ChainedSql"/>.</summary>
    public static void AddRecords(NpgsqlParameterCollection parameters, IReadOnlyCollection<AuditWrite> writes)
    {
        parameters.AddIntegers([.. writes.Select(write => write.Chain)]);
        parameters.AddTexts([.. writes.Select(write => write.Id)]);
        parameters.AddBooleans([.. writes.Select(write => write.IsOfDecision)]);
        parameters.AddJsons([.. writes.Select(write => (ReadOnlyMemory<byte>)write.Record)]);
    }

    /// <summary>
    /// Takes the chains that a transaction adds to, in a fixed order and before it takes anything else, so that two never wait for
    /// each other crosswise. The statements behind it see what the transactions before it have added.
    /// </summary>
    public sealed class LockStep(IEnumerable<AuditWrite> writes) : PostgresStep(LockSql)
    {
        public override Task ReadAsync(NpgsqlDataReader reader) => Task.CompletedTask;

        protected override void AddParameters(NpgsqlParameterCollection parameters) =>
            parameters.AddIntegers([.. writes.Select(write => write.Chain).Distinct()]);
    }

    /// <summary>Records that speak of nothing else in the transaction.</summary>
    public sealed class AppendStep(List<AuditWork> works) : PostgresStep(s_appendSql)
    {
        public override Task ReadAsync(NpgsqlDataReader reader) => Task.CompletedTask;

        protected override void AddParameters(NpgsqlParameterCollection parameters) =>
            AddRecords(
                parameters,
                [.. works.SelectMany(work => work.Audit).DistinctBy(write => write.Id, StringComparer.Ordinal)]
            );
    }
}
