using System.Collections.Immutable;
using Customer360.Rules.Audit;
using Customer360.Storage.Postgres;
using Customer360.Storage.Postgres.Tables;
using Npgsql;

namespace Customer360.Storage.Audit;

/// <summary>The audit log in a PostgreSQL database, which may be in use.</summary>
internal sealed class PostgresAuditSource : AuditSource
{
    private readonly NpgsqlDataSource _source;
    private readonly string _place;

    public PostgresAuditSource(PostgresStorageOptions options)
    {
        options.Validate();
        _place = options.Place;
        _source = options.CreateDataSource(pooled: true);
    }

    public override async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override async Task<AuditHead?> ReadStoredHeadAsync(CancellationToken cancellationToken) =>
        AuditHead.Of(await ReadAsync(AuditTable.ReadHeads(), AuditTable.ReadHead, cancellationToken));

    protected override Task<ImmutableArray<AuditRow>> ReadOnAsync(
        long after,
        int limit,
        CancellationToken cancellationToken
    ) => ReadAsync(AuditTable.ReadOn(after, limit), AuditTable.ReadRow, cancellationToken);

    private async Task<ImmutableArray<TRow>> ReadAsync<TRow>(
        NpgsqlBatchCommand command,
        Func<NpgsqlDataReader, TRow> readRow,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await using NpgsqlConnection connection = await _source.OpenConnectionAsync(cancellationToken);
            await using NpgsqlBatch batch = new(connection);
            batch.BatchCommands.Add(command);
            await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
            var rows = ImmutableArray.CreateBuilder<TRow>();
            while (await reader.ReadAsync(cancellationToken))
            {
                rows.Add(readRow(reader));
            }

            return rows.DrainToImmutable();
        }
        catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            throw new AuditUnreadableException(
                $"The {_place} has no audit log: it was written by an older release, or somebody removed the table.",
                failure
            );
        }
        catch (NpgsqlException failure)
        {
            throw new AuditUnreadableException(
                $"The {_place} can't be read ({PostgresFailures.Classify(failure).Code}).",
                failure
            );
        }
    }
}
