using System.Collections.Immutable;
using Customer360.Rules.Ports;
using Customer360.Storage;
using Customer360.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Customer360.Benchmarks.Storage;

/// <summary>SQLite in a temporary folder on the disk of the temporary files.</summary>
public sealed class SqliteBench : IStorageBench
{
    private readonly string folder = Directory.CreateTempSubdirectory("c360-bench-").FullName;
    private SqliteConnection? bare;
    private SqliteStatement? insert;

    public string Name => "SQLite";

    public Task PrepareAsync()
    {
        bare = SqliteConnection.Open(Path.Combine(folder, "bare.db"), readOnly: false);
        bare.Execute("pragma journal_mode = wal; pragma synchronous = full; pragma cache_size = -65536");
        bare.Execute("create table bare (id integer primary key, payload text not null)");
        insert = bare.Prepare("insert into bare (payload) values " + string.Join(',', Enumerable.Repeat("(?)", 100)));
        return Task.CompletedTask;
    }

    public async Task<GridStorage> OpenAsync()
    {
        GridStorage storage = SqliteStorage.Create(
            new SqliteStorageOptions { DataFolder = folder },
            TimeProvider.System,
            NullLogger.Instance
        );
        await storage.InitializeAsync(CancellationToken.None);
        return storage;
    }

    public Task InsertBareAsync(ImmutableArray<LogAppend> batch)
    {
        for (int index = 0; index < batch.Length; index++)
        {
            insert!.BindText(index + 1, batch[index].Payload.Span);
        }

        insert!.Run();
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        bare?.Dispose();
        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
