using System.Collections.Immutable;
using Customer360.Rules.Destinations;
using Customer360.Rules.Ports;
using Customer360.Storage.Outboxes;
using Customer360.Storage.Work;

namespace Customer360.Storage.Sqlite.Tables;

/// <summary>The outbox and what became of it, over one connection.</summary>
internal sealed partial class OutboxTable(SqliteConnection connection)
{
    private readonly Dictionary<string, SqliteStatement> _prepared = new(StringComparer.Ordinal);

    /// <summary>Writes rows, in order; those whose effect is known, or said by one that waits, are left out.</summary>
    public void Insert(ImmutableArray<OutboxWrite> rows)
    {
        foreach (OutboxWrite row in rows)
        {
            string destination = row.Row.Destination;
            if (
                !Is(Statement(IsKnownSql).Bind(1, destination).Bind(2, row.Effect.Id))
                && !(row.Coalesces && IsWaiting(destination, row.Effect))
            )
            {
                Add(destination, row.Effect, row.DueAt);
                if (row.Passes is { } passes)
                {
                    // A merge passes it on once more when it is told: by then what was under way has come back.
                    bool isSplit = row.Effect.Kind == EffectKind.CustomerSplit;
                    Pass(destination, passes.From, passes.To, isSplit ? row.DueAt : null);
                }
            }
        }
    }

    public ImmutableArray<OutboxItem> Take(OutboxTakeWork work)
    {
        SqliteStatement due = Statement(DueSql)
            .Bind(1, work.Destination)
            .Bind(2, StorageTime.ToMicroseconds(work.Now))
            .Bind(3, work.Limit);
        List<(string Subject, int Tries, long? TriedAt, bool HasGap, bool WasSent, bool WasTaken)> subjects = [];
        while (due.Step())
        {
            subjects.Add(
                (
                    due.Text(0),
                    due.Int32(1),
                    due.IsNull(2) ? null : due.Int64(2),
                    due.Int32(3) == 1,
                    due.Int32(4) == 1,
                    due.Int32(5) == 1
                )
            );
        }

        due.Reset();
        var items = ImmutableArray.CreateBuilder<OutboxItem>(subjects.Count);
        foreach ((string subject, int tries, long? triedAt, bool hasGap, bool wasSent, bool wasTaken) in subjects)
        {
            if (ReadFirst(work.Destination, subject) is not { } first)
            {
                Statement(ForgetDueSql).Bind(1, work.Destination).Bind(2, subject).Run();
                continue;
            }

            long now = StorageTime.ToMicroseconds(work.Now);
            // Whoever took it is gone without a word. A correction alone tells nothing of a person who was never sent.
            bool mayHaveArrived = wasTaken && !EffectKinds.IsCorrection(first.Effect.Kind);
            Statement(TakeSql)
                .Bind(1, work.Destination)
                .Bind(2, subject)
                .Bind(3, work.Lease.Id)
                .Bind(4, first.Sequence)
                .Bind(5, StorageTime.ToMicroseconds(work.Lease.Until))
                .Bind(6, now)
                .Bind(7, mayHaveArrived ? 1 : 0)
                .Run();
            items.Add(
                new OutboxItem(
                    first.Effect,
                    first.Sequence,
                    tries,
                    StorageTime.FromMicroseconds(triedAt ?? now),
                    wasSent || mayHaveArrived,
                    hasGap
                )
            );
        }

        return items.DrainToImmutable();
    }

    public int Settle(OutboxSettleWork work)
    {
        int settled = 0;
        foreach (DeliveryResult result in work.Results)
        {
            settled +=
                result.Outcome == DeliveryOutcome.Retry ? Retry(work, result)
                : Finish(work, result) ? 1
                : 0;
        }

        foreach ((string from, string to) in work.Passes)
        {
            Pass(work.Destination, from, to, underWayAt: null);
        }

        return settled;
    }

    public int Replay(OutboxReplayWork work)
    {
        List<long> ids = [];
        using (SqliteStatement find = connection.PrepareOnce(DeliveryPageSql.IdsOf(work.Query, '?')))
        {
            Bind(find, work.Query);
            while (find.Step())
            {
                ids.Add(find.Int64(0));
            }
        }

        foreach (long id in ids)
        {
            SqliteStatement read = Statement(ReadDeliverySql).Bind(1, id);
            read.Step();
            Effect effect = ReadEffect(read, subject: 0, first: 1);
            read.Reset();
            Statement(DeleteDeliverySql).Bind(1, id).Run();
            if (!EffectKinds.Coalesces(effect.Kind) || !IsWaiting(work.Destination, effect))
            {
                Add(work.Destination, effect, work.Now);
            }
        }

        return ids.Count;
    }

    public int Trim(OutboxTrimWork work) =>
        Statement(TrimSql)
            .Bind(1, work.Destination)
            .Bind(2, (long)work.Outcome)
            .Bind(3, StorageTime.ToMicroseconds(work.Before))
            .Bind(4, work.Limit)
            .Run();

    public (DateTimeOffset? OldestAt, DateTimeOffset? NextAt) ReadNext(string destination)
    {
        SqliteStatement read = Statement(NextSql).Bind(1, destination);
        read.Step();
        (DateTimeOffset?, DateTimeOffset?) next = (TimeOf(read, 0), TimeOf(read, 1));
        read.Reset();
        return next;
    }

    public OutboxStanding ReadStanding(string destination)
    {
        (DateTimeOffset? oldest, DateTimeOffset? next) = ReadNext(destination);
        return new OutboxStanding(
            Count(Statement(WaitingSql).Bind(1, destination)),
            oldest,
            next,
            CountDone(DeliveryOutcome.Sent),
            CountDone(DeliveryOutcome.Withheld),
            CountDone(DeliveryOutcome.Failed)
        );

        long CountDone(DeliveryOutcome outcome) =>
            Count(Statement(DoneCountSql).Bind(1, destination).Bind(2, (long)outcome));
    }

    public ImmutableArray<DeliveryRow> Read(DeliveryQuery query)
    {
        using SqliteStatement read = connection.PrepareOnce(DeliveryPageSql.Of(query, '?'));
        Bind(read, query);
        var rows = ImmutableArray.CreateBuilder<DeliveryRow>();
        while (read.Step())
        {
            rows.Add(
                new DeliveryRow(
                    read.Int64(0),
                    ReadEffect(read),
                    read.Int32(9) == 0 ? null : (DeliveryOutcome)read.Int32(9),
                    read.Text(10),
                    read.Int32(11),
                    read.Int32(12),
                    TimeOf(read, 13) ?? DateTimeOffset.UnixEpoch,
                    read.IsNull(14) ? null : read.Text(14)
                )
            );
        }

        return rows.DrainToImmutable();
    }

    private static void Bind(SqliteStatement statement, DeliveryQuery query)
    {
        statement
            .Bind(DeliveryPageSql.Destination, query.Destination)
            .Bind(DeliveryPageSql.Outcome, query.Outcome is { } outcome ? (long)outcome : 0)
            .Bind(DeliveryPageSql.Reason, query.Reason)
            .Bind(DeliveryPageSql.Customer, query.CustomerId)
            .Bind(DeliveryPageSql.From, StorageTime.ToMicrosecondsUp(query.From ?? DateTimeOffset.UnixEpoch))
            .Bind(DeliveryPageSql.To, StorageTime.ToMicrosecondsUp(query.To ?? DateTimeOffset.UnixEpoch))
            .Bind(DeliveryPageSql.AfterCustomer, query.After?.CustomerId)
            .Bind(DeliveryPageSql.AfterNumber, query.After?.Number ?? 0)
            .Bind(DeliveryPageSql.Limit, query.Limit);
        if (query is { DoneBefore: { } before, IsWaiting: false })
        {
            statement.Bind(DeliveryPageSql.DoneBefore, StorageTime.ToMicrosecondsUp(before));
        }
    }

    private static Effect ReadEffect(SqliteStatement row) =>
        EffectOf(row, row.Text(1), row.Text(2), row.Text(3), row.Text(4), row.Text(5), at: 6);

    private static Effect ReadEffect(SqliteStatement row, int subject, int first) =>
        EffectOf(
            row,
            row.Text(first),
            row.Text(first + 1),
            row.Text(subject),
            row.Text(first + 2),
            row.Text(first + 3),
            first + 4
        );

    /// <param name="at">The column of the time; the other customer and the detail follow.</param>
    private static Effect EffectOf(
        SqliteStatement row,
        string id,
        string kind,
        string subject,
        string name,
        string cause,
        int at
    ) =>
        new(id, EffectKinds.KindOf(kind)!.Value, subject, name, cause, StorageTime.FromMicroseconds(row.Int64(at)))
        {
            OtherId = row.IsNull(at + 1) ? null : row.Text(at + 1),
            Identifiers = OutboxWrite.IdentifiersOf(row.IsNull(at + 2) ? null : row.Text(at + 2)),
        };

    private static DateTimeOffset? TimeOf(SqliteStatement row, int column) =>
        row.IsNull(column) ? null : StorageTime.FromMicroseconds(row.Int64(column));

    private static bool Is(SqliteStatement statement) => Count(statement) == 1;

    private static long Count(SqliteStatement statement)
    {
        statement.Step();
        long count = statement.Int64(0);
        statement.Reset();
        return count;
    }

    private SqliteStatement Statement(string sql)
    {
        if (!_prepared.TryGetValue(sql, out SqliteStatement? statement))
        {
            _prepared.Add(sql, statement = connection.Prepare(sql));
        }

        return statement;
    }

    private bool IsWaiting(string destination, Effect effect) =>
        Is(
            Statement(IsWaitingSql)
                .Bind(1, destination)
                .Bind(2, effect.CustomerId)
                .Bind(3, EffectKinds.WordOf(effect.Kind))
                .Bind(4, effect.Name)
        );

    private void Add(string destination, Effect effect, DateTimeOffset dueAt)
    {
        long sequence = Count(
            Statement(CountSql)
                .Bind(1, destination)
                .Bind(2, effect.CustomerId)
                .Bind(3, StorageTime.ToMicroseconds(dueAt))
        );
        Statement(InsertSql)
            .Bind(1, destination)
            .Bind(2, effect.CustomerId)
            .Bind(3, sequence)
            .Bind(4, effect.Id)
            .Bind(5, EffectKinds.WordOf(effect.Kind))
            .Bind(6, effect.Name)
            .Bind(7, effect.Cause)
            .Bind(8, effect.OtherId)
            .Bind(9, OutboxWrite.DetailOf(effect))
            .Bind(10, StorageTime.ToMicroseconds(effect.At))
            .Run();
    }

    private void Pass(string destination, string from, string to, DateTimeOffset? underWayAt)
    {
        SqliteStatement pass = Statement(PassSql).Bind(1, destination).Bind(2, from).Bind(3, to);
        (underWayAt is { } at ? pass.Bind(4, StorageTime.ToMicroseconds(at)) : pass.Bind(4, (string?)null)).Run();
    }

    private (Effect Effect, long Sequence)? ReadFirst(string destination, string subject)
    {
        SqliteStatement read = Statement(FirstSql).Bind(1, destination).Bind(2, subject);
        if (!read.Step())
        {
            read.Reset();
            return null;
        }

        Effect effect = EffectOf(read, read.Text(1), read.Text(2), subject, read.Text(3), read.Text(4), at: 5);
        long sequence = read.Int64(0);
        read.Reset();
        return (effect, sequence);
    }

    private int Retry(OutboxSettleWork work, DeliveryResult result) =>
        Statement(RetrySql)
            .Bind(1, work.Destination)
            .Bind(2, result.Item.Effect.CustomerId)
            .Bind(3, work.LeaseId)
            .Bind(4, result.Item.Sequence)
            .Bind(5, StorageTime.ToMicroseconds(result.RetryAt!.Value))
            .Bind(6, result.IsNoTry ? 1 : 0)
            .Bind(7, result.Reason)
            .Bind(8, result.Status)
            .Bind(9, result.MayHaveArrived ? 1 : 0)
            .Bind(10, StorageTime.ToMicroseconds(work.Now))
            .Run();

    private bool Finish(OutboxSettleWork work, DeliveryResult result)
    {
        Effect effect = result.Item.Effect;
        bool isErased = effect.Kind == EffectKind.PersonErased;
        int changed = Statement(DoneSql)
            .Bind(1, work.Destination)
            .Bind(2, effect.CustomerId)
            .Bind(3, work.LeaseId)
            .Bind(4, result.Item.Sequence)
            .Bind(5, StorageTime.ToMicroseconds(work.Now))
            .Bind(6, (long)result.Outcome)
            .Bind(7, result.IsForgotten ? 1 : 0)
            .Bind(8, result.MayHaveArrived ? 1 : 0)
            .Run();
        if (changed == 0)
        {
            return false;
        }

        Statement(DeleteSql).Bind(1, work.Destination).Bind(2, effect.CustomerId).Bind(3, result.Item.Sequence).Run();
        if (isErased)
        {
            Statement(ForgetDeliveriesSql).Bind(1, work.Destination).Bind(2, effect.CustomerId).Run();
        }

        WriteDelivery(work, result);
        return true;
    }

    /// <summary>The identifiers of an erasure go with it, unless it did not happen.</summary>
    private void WriteDelivery(OutboxSettleWork work, DeliveryResult result)
    {
        Effect effect = result.Item.Effect;
        Statement(WriteDeliverySql)
            .Bind(1, work.Destination)
            .Bind(2, effect.CustomerId)
            .Bind(3, effect.Id)
            .Bind(4, EffectKinds.WordOf(effect.Kind))
            .Bind(5, effect.Name)
            .Bind(6, effect.Cause)
            .Bind(7, effect.OtherId)
            .Bind(8, result.IsForgotten ? null : OutboxWrite.DetailOf(effect))
            .Bind(9, StorageTime.ToMicroseconds(effect.At))
            .Bind(10, (long)result.Outcome)
            .Bind(11, result.Reason)
            .Bind(12, result.Status)
            .Bind(13, result.Item.Tries + (result.IsNoTry ? 0 : 1))
            .Bind(14, StorageTime.ToMicroseconds(work.Now))
            .Bind(15, result.Note)
            .Run();
    }
}
