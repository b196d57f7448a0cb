using System.Collections.Immutable;
using Customer360.Rules.Destinations;
using Customer360.Rules.Ports;
using Customer360.Storage.Outboxes;
using Customer360.Storage.Work;
using Npgsql;

namespace Customer360.Storage.Postgres.Tables;

/// <summary>The outbox and what became of it. Its rows are written by the steps of their states (<see cref="StateTable"/>).</summary>
internal static partial class OutboxTable
{
    private static readonly string[] s_corrections =
    [
        .. Enum.GetValues<EffectKind>().Where(EffectKinds.IsCorrection).Select(EffectKinds.WordOf),
    ];

    public static NpgsqlBatchCommand ReadNext(string destination) => OfDestination(NextSql, destination);

    public static (DateTimeOffset? OldestAt, DateTimeOffset? NextAt) ReadNextRow(NpgsqlDataReader reader) =>
        (TimeOf(reader, 0), TimeOf(reader, 1));

    public static NpgsqlBatchCommand ReadStanding(string destination) => OfDestination(StandingSql, destination);

    public static OutboxStanding ReadStandingRow(NpgsqlDataReader reader) =>
        new(
            reader.GetInt64(0),
            TimeOf(reader, 1),
            TimeOf(reader, 2),
            reader.GetInt64(3),
            reader.GetInt64(4),
            reader.GetInt64(5)
        );

    public static NpgsqlBatchCommand Read(DeliveryQuery query)
    {
        NpgsqlBatchCommand command = new(DeliveryPageSql.Of(query, '$'));
        AddQuery(command.Parameters, query);
        return command;
    }

    public static DeliveryRow ReadRow(NpgsqlDataReader reader) =>
        new(
            reader.GetInt64(0),
            ReadEffect(reader),
            reader.GetInt32(9) == 0 ? null : (DeliveryOutcome)reader.GetInt32(9),
            reader.GetString(10),
            reader.GetInt32(11),
            reader.GetInt32(12),
            TimeOf(reader, 13) ?? DateTimeOffset.UnixEpoch,
            reader.IsDBNull(14) ? null : reader.GetString(14)
        );

    /// <summary>The parameters of <see cref="WrittenSql"/>.</summary>
    public static void AddRows(NpgsqlParameterCollection parameters, ImmutableArray<OutboxWrite> rows)
    {
        parameters.AddTexts([.. rows.Select(row => row.Row.Destination)]);
        parameters.AddTexts([.. rows.Select(row => row.Effect.CustomerId)]);
        AddEffects(parameters, [.. rows.Select(row => row.Effect)], _ => true);
        parameters.AddBooleans([.. rows.Select(row => row.Coalesces)]);
        parameters.AddTexts([.. rows.Select(row => row.Passes?.From)]);
        parameters.AddTexts([.. rows.Select(row => row.Passes?.To)]);
        parameters.AddTime(PostgresTime.Store(rows[0].DueAt));
    }

    /// <summary>The subjects that a transaction writes to, as far as they are known before.</summary>
    public static List<(string Destination, string Subject)> SubjectsOf(IEnumerable<Pipelines.PipelineWork> batch) =>
        [
            .. batch
                .SelectMany(work =>
                    work switch
                    {
                        StateWriteWork { Outbox: var rows } => rows.SelectMany(row =>
                            SubjectsOf(row.Row.Destination, row.Effect)
                        ),
                        OutboxSettleWork settle => settle.Results.SelectMany(result =>
                            SubjectsOf(settle.Destination, result.Item.Effect)
                        ),
                        _ => [],
                    }
                )
                .Distinct(),
        ];

    private static IEnumerable<(string Destination, string Subject)> SubjectsOf(string destination, Effect effect) =>
        effect.OtherId is { } other
            ? [(destination, effect.CustomerId), (destination, other)]
            : [(destination, effect.CustomerId)];

    private static NpgsqlBatchCommand OfDestination(string sql, string destination)
    {
        NpgsqlBatchCommand command = new(sql);
        command.Parameters.AddText(destination);
        return command;
    }

    // A parameter that the statement does not have is sent all the same, so that the numbers stay.
    private static void AddQuery(NpgsqlParameterCollection parameters, DeliveryQuery query)
    {
        parameters.AddText(query.Destination);
        parameters.AddInteger(query.Outcome is { } outcome ? (int)outcome : 0);
        parameters.AddText(query.Reason ?? "");
        parameters.AddText(query.CustomerId ?? "");
        parameters.AddTime(PostgresTime.Bound(query.From ?? DateTimeOffset.UnixEpoch));
        parameters.AddTime(PostgresTime.Bound(query.To ?? DateTimeOffset.UnixEpoch));
        parameters.AddText(query.After?.CustomerId ?? "");
        parameters.AddBigint(query.After?.Number ?? 0);
        parameters.AddInteger(query.Limit);
        parameters.AddTime(PostgresTime.Bound(query.DoneBefore ?? DateTimeOffset.UnixEpoch));
    }

    /// <summary>Ids, kinds, names, causes, others, details and times.</summary>
    private static void AddEffects(
        NpgsqlParameterCollection parameters,
        ImmutableArray<Effect> effects,
        Func<int, bool> keepsDetail
    )
    {
        parameters.AddTexts([.. effects.Select(effect => effect.Id)]);
        parameters.AddTexts([.. effects.Select(effect => EffectKinds.WordOf(effect.Kind))]);
        parameters.AddTexts([.. effects.Select(effect => effect.Name)]);
        parameters.AddTexts([.. effects.Select(effect => effect.Cause)]);
        parameters.AddTexts([.. effects.Select(effect => effect.OtherId)]);
        parameters.AddTexts([
            .. effects.Select((effect, place) => keepsDetail(place) ? OutboxWrite.DetailOf(effect) : null),
        ]);
        parameters.AddTimes([.. effects.Select(effect => PostgresTime.Store(effect.At))]);
    }

    private static Effect ReadEffect(NpgsqlDataReader reader) =>
        new(
            reader.GetString(1),
            EffectKinds.KindOf(reader.GetString(2))!.Value,
            reader.GetString(3),
            reader.GetString(4),
            reader.GetString(5),
            PostgresTime.Read(reader.GetDateTime(6))
        )
        {
            OtherId = reader.IsDBNull(7) ? null : reader.GetString(7),
            Identifiers = OutboxWrite.IdentifiersOf(reader.IsDBNull(8) ? null : reader.GetString(8)),
        };

    private static DateTimeOffset? TimeOf(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : PostgresTime.Read(reader.GetDateTime(column));

    /// <summary>Makes or locks subjects, before anything else of the outbox.</summary>
    public sealed class SubjectsStep(List<(string Destination, string Subject)> subjects, bool isLock)
        : PostgresStep(isLock ? LockSubjectsSql : MakeSubjectsSql)
    {
        public override Task ReadAsync(NpgsqlDataReader reader) => Task.CompletedTask;

        protected override void AddParameters(NpgsqlParameterCollection parameters)
        {
            parameters.AddTexts([.. subjects.Select(one => one.Destination)]);
            parameters.AddTexts([.. subjects.Select(one => one.Subject)]);
        }
    }

    public sealed class TakeStep(OutboxTakeWork work) : PostgresStep(TakeSql)
    {
        public override async Task ReadAsync(NpgsqlDataReader reader)
        {
            var items = ImmutableArray.CreateBuilder<OutboxItem>();
            while (await reader.ReadAsync())
            {
                items.Add(
                    new OutboxItem(
                        ReadEffect(reader),
                        reader.GetInt64(0),
                        reader.GetInt32(9),
                        PostgresTime.Read(reader.GetDateTime(10)),
                        reader.GetBoolean(11),
                        reader.GetBoolean(12)
                    )
                );
            }

            work.Result = items.DrainToImmutable();
        }

        protected override void AddParameters(NpgsqlParameterCollection parameters)
        {
            parameters.AddText(work.Destination);
            parameters.AddTime(PostgresTime.Store(work.Now));
            parameters.AddInteger(work.Limit);
            parameters.AddText(work.Lease.Id);
            parameters.AddTime(PostgresTime.Store(work.Lease.Until));
            parameters.AddTexts(s_corrections);
        }
    }

    public sealed class SettleStep(OutboxSettleWork work) : PostgresStep(SettleSql)
    {
        public override async Task ReadAsync(NpgsqlDataReader reader)
        {
            await reader.ReadAsync();
            work.Result = (int)reader.GetInt64(0);
        }

        protected override void AddParameters(NpgsqlParameterCollection parameters)
        {
            ImmutableArray<DeliveryResult> results = work.Results;
            parameters.AddText(work.Destination);
            parameters.AddText(work.LeaseId);
            parameters.AddTime(PostgresTime.Store(work.Now));
            parameters.AddTexts([.. results.Select(one => one.Item.Effect.CustomerId)]);
            parameters.AddBigints([.. results.Select(one => one.Item.Sequence)]);
            parameters.AddIntegers([.. results.Select(one => (int)one.Outcome)]);
            parameters.AddTimes([.. results.Select(one => PostgresTime.Store(one.RetryAt ?? work.Now))]);
            parameters.AddBooleans([.. results.Select(one => one.IsNoTry)]);
            // The identifiers of an erasure go with it, unless it did not happen.
            AddEffects(parameters, [.. results.Select(one => one.Item.Effect)], place => !results[place].IsForgotten);
            parameters.AddTexts([.. results.Select(one => one.Reason)]);
            parameters.AddIntegers([.. results.Select(one => one.Status)]);
            parameters.AddIntegers([.. results.Select(one => one.Item.Tries + (one.IsNoTry ? 0 : 1))]);
            parameters.AddTexts([.. results.Select(one => one.Note)]);
            parameters.AddBooleans([.. results.Select(one => one.MayHaveArrived)]);
            parameters.AddBooleans([.. results.Select(one => one.IsForgotten)]);
        }
    }

    /// <inheritdoc cref="OutboxSettleWork.Passes"/>
    public sealed class PassStep(OutboxSettleWork work) : PostgresStep(PassSql)
    {
        public static bool IsNeeded(OutboxSettleWork work) => !work.Passes.IsEmpty;

        public override Task ReadAsync(NpgsqlDataReader reader) => Task.CompletedTask;

        protected override void AddParameters(NpgsqlParameterCollection parameters)
        {
            parameters.AddText(work.Destination);
            parameters.AddTexts([.. work.Passes.Select(pass => pass.From)]);
            parameters.AddTexts([.. work.Passes.Select(pass => pass.To)]);
        }
    }

    public sealed class ReplayStep(OutboxReplayWork work)
        : PostgresStep(ReplaySql(DeliveryPageSql.IdsOf(work.Query, '$')))
    {
        public override async Task ReadAsync(NpgsqlDataReader reader)
        {
            await reader.ReadAsync();
            work.Result = (int)reader.GetInt64(0);
        }

        protected override void AddParameters(NpgsqlParameterCollection parameters)
        {
            AddQuery(parameters, work.Query);
            parameters.AddTime(PostgresTime.Store(work.Now));
        }
    }

    public sealed class TrimStep(OutboxTrimWork work) : PostgresStep(TrimSql)
    {
        public override async Task ReadAsync(NpgsqlDataReader reader)
        {
            await reader.ReadAsync();
            work.Result = (int)reader.GetInt64(0);
        }

        protected override void AddParameters(NpgsqlParameterCollection parameters)
        {
            parameters.AddText(work.Destination);
            parameters.AddInteger((int)work.Outcome);
            parameters.AddTime(PostgresTime.Store(work.Before));
            parameters.AddInteger(work.Limit);
        }
    }
}
