using Customer360.Rules.Ports;
using Customer360.Storage.Work;
using Npgsql;

namespace Customer360.Storage.Postgres.Tables;

/// <summary>The reminders.</summary>
internal static class ReminderTable
{
    private const string UpsertSql = """
        insert into reminder as r (grain_type, grain_key, name, start_at, period, version)
        values ($1, $2, $3, $4, $5, 1)
        on conflict (grain_type, grain_key, name)
        do update set start_at = excluded.start_at, period = excluded.period, version = r.version + 1
        returning version
        """;

    private const string DeleteSql = """
        delete from reminder where grain_type = $1 and grain_key = $2 and name = $3 and version = $4 returning 1
        """;

    private const string ReadAllSql = """
        select grain_type, grain_key, name, start_at, period, version from reminder
        """;

    private const string ReadGrainSql = ReadAllSql + " where grain_type = $1 and grain_key = $2";

    private const string ReadOneSql = ReadGrainSql + " and name = $3";

    public static NpgsqlBatchCommand Read(ReminderFilter filter)
    {
        NpgsqlBatchCommand command = new(
            filter switch
            {
                { GrainType: null } => ReadAllSql,
                { Name: null } => ReadGrainSql,
                _ => ReadOneSql,
            }
        );
        foreach (string? value in (string?[])[filter.GrainType, filter.GrainKey, filter.Name])
        {
            if (value is not null)
            {
                command.Parameters.AddText(value);
            }
        }

        return command;
    }

    public static StoredReminder ReadRow(NpgsqlDataReader reader) =>
        new(
            reader.GetString(0),
            reader.GetString(1),
            reader.GetString(2),
            PostgresTime.Read(reader.GetDateTime(3)),
            TimeSpan.FromTicks(reader.GetInt64(4)),
            reader.GetInt64(5)
        );

    public sealed class UpsertStep(ReminderUpsertWork work) : PostgresStep(UpsertSql)
    {
        public override async Task ReadAsync(NpgsqlDataReader reader)
        {
            await reader.ReadAsync();
            work.Result = reader.GetInt64(0);
        }

        protected override void AddParameters(NpgsqlParameterCollection parameters)
        {
            parameters.AddText(work.Reminder.GrainType);
            parameters.AddText(work.Reminder.GrainKey);
            parameters.AddText(work.Reminder.Name);
            parameters.AddTime(PostgresTime.Store(work.Reminder.StartAt));
            parameters.AddBigint(work.Reminder.Period.Ticks);
        }
    }

    public sealed class DeleteStep(ReminderRemoveWork work) : PostgresStep(DeleteSql)
    {
        public override async Task ReadAsync(NpgsqlDataReader reader) => work.Result = await reader.ReadAsync();

        protected override void AddParameters(NpgsqlParameterCollection parameters)
        {
            parameters.AddText(work.GrainType);
            parameters.AddText(work.GrainKey);
            parameters.AddText(work.Name);
            parameters.AddBigint(work.ExpectedVersion);
        }
    }
}
