using System.Collections.Immutable;
using Customer360.Rules.Ports;
using Customer360.Storage;
using Customer360.Storage.Postgres;
using Customer360.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using NpgsqlTypes;

namespace Customer360.Benchmarks.Storage;

/// <summary>A private PostgreSQL server on this machine, with fsync on.</summary>
public sealed class PostgresBench : IStorageBench
{
    private PostgresServer? _server;
    private string _connectionString = "";
    private NpgsqlConnection? _bare;

    public string Name => "PostgreSQL";

    public async Task PrepareAsync()
    {
        _server = await PostgresServer.StartAsync(durable: true, privately: true);
        _connectionString = await _server.CreateDatabaseAsync();
        _bare = new NpgsqlConnection(_connectionString);
        await _bare.OpenAsync();
        await using NpgsqlCommand create = new(
            "create table bare (id bigint generated always as identity, payload json not null)",
            _bare
        );
        await create.ExecuteNonQueryAsync();
    }

    /// <summary>A further database on the same server.</summary>
    public Task<string> MakeDatabaseAsync() => _server!.CreateDatabaseAsync();

    public async Task<GridStorage> OpenAsync()
    {
        GridStorage storage = PostgresStorage.Create(
            new PostgresStorageOptions { ConnectionString = _connectionString },
            TimeProvider.System,
            NullLogger.Instance
        );
        await storage.InitializeAsync(CancellationToken.None);
        return storage;
    }

    public async Task InsertBareAsync(ImmutableArray<LogAppend> batch)
    {
        await using NpgsqlCommand insert = new("insert into bare (payload) select * from unnest($1)", _bare);
        insert.Parameters.Add(
            new NpgsqlParameter<ReadOnlyMemory<byte>[]>
            {
                TypedValue = [.. batch.Select(message => message.Payload)],
                NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Json,
            }
        );
        await insert.PrepareAsync();
        await insert.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_bare is not null)
        {
            await _bare.DisposeAsync();
        }

        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}
