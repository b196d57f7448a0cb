using Customer360.Storage.Work;
using Npgsql;

namespace Customer360.Storage.Postgres.Tables;

/// <summary>The health check's write.</summary>
internal sealed class ProbeStep(ProbeWork work) : PostgresStep(Sql)
{
    private const string Sql = """
        insert into storage_probe (id, probed_at) values (1, $1)
        on conflict (id) do update set probed_at = excluded.probed_at
        returning 1
        """;

    public override Task ReadAsync(NpgsqlDataReader reader) => Task.CompletedTask;

    protected override void AddParameters(NpgsqlParameterCollection parameters) =>
        parameters.AddTime(PostgresTime.Store(work.At));
}
