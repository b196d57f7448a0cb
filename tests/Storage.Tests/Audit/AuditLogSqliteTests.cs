using System.Collections.Immutable;
using System.Text;
using Customer360.Rules.Audit;
using Customer360.Storage.Audit;
using Customer360.Storage.Sqlite;
using Customer360.Storage.Tests.Databases;

namespace Customer360.Storage.Tests.Audit;

public sealed class AuditLogSqliteTests(SqliteTestDatabase database)
    : AuditLogTests(database),
        IClassFixture<SqliteTestDatabase>
{
    protected override AuditSource OpenSource() => AuditSource.OfSqlite(database.Folder);

    protected override Task<string> ReadRawAsync()
    {
        using SqliteConnection connection = SqliteConnection.Open(
            Path.Combine(database.Folder, "customer360.db"),
            readOnly: true
        );
        using SqliteStatement read = connection.PrepareOnce(
            "select number || chain || seq || hex(hash) || record from audit"
        );
        StringBuilder raw = new();
        while (read.Step())
        {
            raw.AppendLine(read.Text(0));
        }

        return Task.FromResult(raw.ToString());
    }
}

/// <summary>Somebody who holds the file changes it while nobody looks.</summary>
public sealed class TamperedSqliteTests : IAsyncLifetime
{
    private readonly SqliteTestDatabase _database = new();
    private ImmutableArray<AuditRow> _rows;

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        _rows = await TamperedLog.FillAsync(_database.Storage);
        await _database.Storage.DisposeAsync();
    }

    public Task DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public Task Verify_OfALogThatWasTamperedWith_NamesEachWay() =>
        new TamperedLog(
            () => AuditSource.OfSqlite(_database.Folder),
            Execute,
            static text => text,
            static digits => $"x'{digits}'"
        ).CheckAsync(_rows);

    [Fact]
    public async Task Verify_WhenThereIsNoStore_CannotRead()
    {
        await using var source = AuditSource.OfSqlite(Path.Combine(_database.Folder, "nowhere"));

        await Assert.ThrowsAsync<AuditUnreadableException>(() => source.VerifyAsync(null, CancellationToken.None));
    }

    [Fact]
    public async Task Verify_WhenTheTableIsGone_CannotRead()
    {
        await Execute("drop table audit");
        await using var source = AuditSource.OfSqlite(_database.Folder);

        await Assert.ThrowsAsync<AuditUnreadableException>(() => source.VerifyAsync(null, CancellationToken.None));
    }

    [Fact]
    public async Task Verify_WhenTheFileIsNoDatabase_CannotRead()
    {
        await File.WriteAllTextAsync(Path.Combine(_database.Folder, "customer360.db"), new string('x', 100_000));
        await using var source = AuditSource.OfSqlite(_database.Folder);

        await Assert.ThrowsAsync<AuditUnreadableException>(() => source.VerifyAsync(null, CancellationToken.None));
    }

    private Task Execute(string sql)
    {
        using SqliteConnection connection = SqliteConnection.Open(
            Path.Combine(_database.Folder, "customer360.db"),
            readOnly: false
        );
        connection.Execute(sql);
        return Task.CompletedTask;
    }
}
