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
    private PostgresServer? server;
    private string connectionString = "";
    private NpgsqlConnection? bare;

    public string Name => "PostgreSQL";

    public async Task PrepareAsync()
    {
        server = await PostgresServer.StartAsync(durable: true, privately: true);
        connectionString = await server.CreateDatabaseAsync();
        bare = new NpgsqlConnection(connectionString);
        await bare.OpenAsync();
        await using NpgsqlCommand create = new(
            "create table bare (id bigint generated always as identity, payload json not null)",
            bare
        );
        await create.ExecuteNonQueryAsync();
    }

    /// <summary>A further database on the same server.</summary>
    public async Task<string?> MakeDatabaseAsync() => await server!.CreateDatabaseAsync();

    public async Task<GridStorage> OpenAsync()
    {
        GridStorage storage = PostgresStorage.Create(
            new PostgresStorageOptions { ConnectionString = connectionString },
            TimeProvider.System,
            NullLogger.Instance
        );
        await storage.InitializeAsync(CancellationToken.None);
        return storage;
    }

    public async Task InsertBareAsync(ImmutableArray<LogAppend> batch)
    {
        await using NpgsqlCommand insert = new("insert into bare (payload) select * from unnest($1)", bare);
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
        if (bare is not null)
        {
            await bare.DisposeAsync();
        }

        if (server is not null)
        {
            await server.DisposeAsync();
        }
    }
}
