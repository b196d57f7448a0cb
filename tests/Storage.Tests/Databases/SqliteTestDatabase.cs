using Customer360.Storage.Sqlite;

namespace Customer360.Storage.Tests.Databases;

/// <summary>SQLite in a folder of its own. It keeps few rows in memory, so that small tests too meet runs and merges.</summary>
public sealed class SqliteTestDatabase : TestDatabase
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("c360-storage-").FullName;

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    public override async Task FailUnexpectedlyAsync() =>
        await Storage.Commits.SubmitAsync(new PoisonWork(), CancellationToken.None);

    internal override GridStorage Create(TimeSpan? startTimeout = null) =>
        SqliteStorage.Create(
            new SqliteStorageOptions
            {
                DataFolder = Folder,
                RecentRowsMax = 64,
                StartTimeout = startTimeout ?? TimeSpan.FromSeconds(10),
            },
            TimeProvider.System,
            Logger
        );

    /// <summary>Violates a constraint.</summary>
    private sealed class PoisonWork : SqliteWork<bool>
    {
        public override void Execute(SqliteWriter writer) =>
            writer.Connection.Execute("insert into storage_probe (id, probed_at) values (2, 0)");
    }
}
