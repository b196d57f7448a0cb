using System.Collections.Immutable;
using Customer360.Rules.Audit;
using Customer360.Storage.Postgres;

namespace Customer360.Storage.Audit;

/// <summary>Reads the audit log of a store from outside: of a running grid's, or of a copy. It changes nothing.</summary>
public abstract class AuditSource : IAsyncDisposable
{
    private const int PageRows = 2_000;

    /// <summary>Of a store in a SQLite file.</summary>
    /// <param name="folder">The data folder, or a copy of it.</param>
    public static AuditSource OfSqlite(string folder) => new SqliteAuditSource(folder);

    /// <summary>Of a PostgreSQL database.</summary>
    /// <exception cref="ArgumentException">The connection string can't be used.</exception>
    public static AuditSource OfPostgres(PostgresStorageOptions options) => new PostgresAuditSource(options);

    /// <summary>Reads and checks every record.</summary>
    /// <param name="given">A head that was kept elsewhere; null: none.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="AuditUnreadableException">The log can't be read; the message says why.</exception>
    public async Task<AuditReport> VerifyAsync(AuditHead? given, CancellationToken cancellationToken)
    {
        // Read first: a grid that goes on writing only makes the log longer than that.
        AuditHead? stored = await ReadStoredHeadAsync(cancellationToken);
        var verifier = new AuditVerifier([.. new[] { given, stored }.OfType<AuditHead>()]);
        long after = long.MinValue;
        ImmutableArray<AuditRow> page;
        do
        {
            page = await ReadOnAsync(after, PageRows, cancellationToken);
            foreach (AuditRow row in page)
            {
                verifier.Add(row);
                after = row.Number;
            }
        } while (page.Length == PageRows);

        return verifier.Finish();
    }

    /// <summary>The head that the store keeps beside the log; null where it keeps none.</summary>
    /// <exception cref="AuditUnreadableException">The log can't be read.</exception>
    protected abstract Task<AuditHead?> ReadStoredHeadAsync(CancellationToken cancellationToken);

    /// <summary>Records behind a number, by number.</summary>
    /// <exception cref="AuditUnreadableException">The log can't be read.</exception>
    protected abstract Task<ImmutableArray<AuditRow>> ReadOnAsync(
        long after,
        int limit,
        CancellationToken cancellationToken
    );

    /// <inheritdoc/>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
