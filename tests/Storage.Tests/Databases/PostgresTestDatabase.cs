using System.Globalization;
using Customer360.Storage.Postgres;
using Customer360.Tests.Support;

namespace Customer360.Storage.Tests.Databases;

/// <summary>A database of its own on the server that the tests of this process share.</summary>
public class PostgresTestDatabase : TestDatabase
{
    private int _poisons;

    public string ConnectionString { get; private set; } = "";

    public override async Task InitializeAsync()
    {
        // Without a server the tests are skipped, but the fixture is made all the same.
        if (PostgresServer.SkipReason is null)
        {
            PostgresServer server = await StartServerAsync();
            ConnectionString = await server.CreateDatabaseAsync();
            await base.InitializeAsync();
        }
    }

    /// <summary>Writes a state that is no JSON, which only the database notices.</summary>
    public override Task FailUnexpectedlyAsync()
    {
        string key = string.Create(CultureInfo.InvariantCulture, $"poison-{Interlocked.Increment(ref _poisons)}");
        return Storage.States.WriteAsync("customer", key, "secret, no JSON"u8.ToArray(), 0, CancellationToken.None);
    }

    protected virtual Task<PostgresServer> StartServerAsync() => PostgresServer.SharedAsync();

    internal override GridStorage Create(TimeSpan? startTimeout = null) =>
        PostgresStorage.Create(
            new PostgresStorageOptions
            {
                ConnectionString = ConnectionString,
                StartTimeout = startTimeout ?? TimeSpan.FromSeconds(20),
            },
            TimeProvider.System,
            Logger
        );
}
