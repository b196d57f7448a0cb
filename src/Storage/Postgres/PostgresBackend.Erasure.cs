using System.Collections.Immutable;
using System.Globalization;
using Customer360.Rules.Ports;
using Customer360.Rules.Privacy;
using Customer360.Storage.Erasure;
using Customer360.Storage.Postgres.Tables;
using Customer360.Storage.Work;
using Npgsql;

namespace Customer360.Storage.Postgres;

/// <summary>Takes rows out.</summary>
internal sealed partial class PostgresBackend
{
    private const int RowsPerPiece = 2_000;

    /// <summary>Tables that hold something of people. PostgreSQL keeps deleted rows until it is told to vacuum.</summary>
    private static readonly string[] s_vacuumed =
    [
        "event_log",
        "customer",
        "identifier",
        "account",
        "grain_state",
        "decision_log",
        "reminder",
        "quarantine",
        "lead",
    ];

    public Task<ImmutableArray<SuppressionEntry>> ReadSuppressionsAsync(
        long afterSequence,
        int limit,
        CancellationToken cancellationToken
    ) => ScanAsync(() => SuppressionTable.Read(afterSequence, limit), SuppressionTable.ReadRow, cancellationToken);

    public async Task<ErasurePiece> EraseLogAsync(
        int partition,
        string after,
        ILogJudge judge,
        CancellationToken cancellationToken
    )
    {
        long afterPosition = after.Length > 0 ? long.Parse(after, NumberStyles.None, CultureInfo.InvariantCulture) : 0;
        ImmutableArray<LogRow> rows = await ReadPartitionAsync(
            partition,
            afterPosition,
            RowsPerPiece,
            cancellationToken
        );
        var work = new LogErasureWork(partition);
        foreach (LogRow row in rows)
        {
            LogVerdict verdict = judge.Judge(row.Anchor, row.Timestamp, row.Payload.Span);
            if (verdict.Fate == LogFate.Remove)
            {
                work.Removed.Add((row.Position, _removed!.Of(row.MessageId)));
            }
            else if (verdict.Fate == LogFate.Replace)
            {
                work.Replaced.Add((row.Position, verdict.Payload));
            }
        }

        if (work.Rows > 0)
        {
            await _commits.Pipeline.SubmitAsync(work, cancellationToken);
        }

        return new ErasurePiece(
            rows.Length == RowsPerPiece ? rows[^1].Position.ToString(CultureInfo.InvariantCulture) : null,
            rows.Length,
            work.Removed.Count,
            work.Replaced.Count,
            Rewritten: 0
        );
    }

    public async Task<ErasurePiece> EraseDecisionsAsync(
        string after,
        IDecisionJudge judge,
        CancellationToken cancellationToken
    )
    {
        ImmutableArray<DecisionRecord> page = await ScanAsync(
            () => DecisionTable.ReadPage(after, RowsPerPiece),
            DecisionTable.ReadRow,
            cancellationToken
        );
        DecisionErasureWork? work = JudgedDecisions.Of(page, judge);
        if (work is not null)
        {
            await _commits.Pipeline.SubmitAsync(work, cancellationToken);
        }

        return new ErasurePiece(
            page.Length == RowsPerPiece ? page[^1].Id : null,
            page.Length,
            work?.Removed.Length ?? 0,
            work?.Replaced.Length ?? 0,
            Rewritten: 0
        );
    }

    /// <remarks>
    /// After this no table's file holds the rows. The server's write-ahead log, its archive and its replicas keep them for as long
    /// as they keep anything: that is the operator's to bound.
    /// </remarks>
    public async Task SealAsync(ImmutableArray<ReadOnlyMemory<byte>> texts, CancellationToken cancellationToken)
    {
        RequireOpened();
        await using NpgsqlConnection connection = await _scans.OpenConnectionAsync(cancellationToken);
        foreach (string table in s_vacuumed)
        {
            await using NpgsqlCommand vacuum = connection.CreateCommand();
#pragma warning disable CA2100 // The names are the constants above.
            vacuum.CommandText = $"vacuum {table}";
#pragma warning restore CA2100
            vacuum.CommandTimeout = 0;
            await vacuum.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private async Task<string> ReadSaltAsync(CancellationToken cancellationToken)
    {
        await using NpgsqlCommand read = _scans.CreateCommand(EventLogTable.SaltSql);
        return (string)(await read.ExecuteScalarAsync(cancellationToken))!;
    }
}
