using System.Collections.Immutable;
using Customer360.Rules.Ports;
using Customer360.Storage;
using Customer360.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Customer360.Benchmarks.Storage;

/// <summary>SQLite in a temporary folder on the disk of the temporary files.</summary>
public sealed class SqliteBench : IStorageBench
{
    private readonly string _folder = Directory.CreateTempSubdirectory("c360-bench-").FullName;
    private SqliteConnection? _bare;
    private SqliteStatement? _insert;

    public string Name => "SQLite";

    public Task PrepareAsync()
    {
        _bare = SqliteConnection.Open(Path.Combine(_folder, "bare.db"), readOnly: false);
        _bare.Execute("pragma journal_mode = wal; pragma synchronous = full; pragma cache_size = -65536");
        _bare.Execute("create table bare (id integer primary key, payload text not null)");
        _insert = _bare.Prepare("insert into bare (payload) values " + string.Join(',', Enumerable.Repeat("(?)", 100)));
        return Task.CompletedTask;
    }

    public async Task<GridStorage> OpenAsync()
    {
        GridStorage storage = SqliteStorage.Create(
            new SqliteStorageOptions { DataFolder = _folder },
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
            _insert!.BindText(index + 1, batch[index].Payload.Span);
        }

        _insert!.Run();
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _bare?.Dispose();
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
