using System.Collections.Immutable;
using Customer360.Rules.Audit;
using Customer360.Storage.Sqlite;
using Customer360.Storage.Sqlite.Tables;

namespace Customer360.Storage.Audit;

/// <summary>The audit log in a SQLite file, which may be in use.</summary>
internal sealed class SqliteAuditSource(string folder) : AuditSource
{
    private readonly string _path = new SqliteStorageOptions { DataFolder = folder }.DatabasePath;
    private SqliteConnection? _connection;
    private AuditTable? _table;

    public override ValueTask DisposeAsync()
    {
        _connection?.Dispose();
        return base.DisposeAsync();
    }

    /// <summary>SQLite has one writer, which reads the chains' ends from the log itself.</summary>
    protected override Task<AuditHead?> ReadStoredHeadAsync(CancellationToken cancellationToken) =>
        Task.FromResult<AuditHead?>(null);

    protected override Task<ImmutableArray<AuditRow>> ReadOnAsync(
        long after,
        int limit,
        CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return Task.FromResult((_table ??= Open()).ReadOn(after, limit));
        }
        catch (SqliteFailureException failure)
        {
            throw new AuditUnreadableException($"'{_path}' can't be read ({failure.Text}).", failure);
        }
    }

    private AuditTable Open()
    {
        if (!File.Exists(_path))
        {
            throw new AuditUnreadableException($"There is no database '{_path}'.");
        }

        if (SqliteOpenMark.IsWithoutLog(_path))
        {
            throw new AuditUnreadableException(
                $"'{_path}' was copied without the file '{Path.GetFileName(SqliteOpenMark.LogOf(_path))}' beside it, which holds the "
                    + "newest records. Copy that one, too."
            );
        }

        _connection = SqliteConnection.Open(_path, readOnly: true);
        _connection.Execute("pragma busy_timeout = 5000");
        return _connection.HasTable(AuditTable.Name)
            ? new AuditTable(_connection)
            : throw new AuditUnreadableException(
                $"'{_path}' has no audit log: it was written by an older release, or somebody removed the table."
            );
    }
}
