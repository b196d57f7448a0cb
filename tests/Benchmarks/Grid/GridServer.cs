using Customer360.Benchmarks.Http;

namespace Customer360.Benchmarks.Grid;

/// <summary>The API as it is shipped, in a process of its own, on a folder of its own (or on PostgreSQL).</summary>
internal sealed class GridServer : IAsyncDisposable
{
    public const string Key = "benchmark-key-0123456789abcdef";

    /// <summary>A service's. Each read of an administrator is a record of the audit log, a service's are counted.</summary>
    public const string ReaderKey = "benchmark-service-key";

    private readonly ChildProcess _process;

    private GridServer(ChildProcess process)
    {
        _process = process;
    }

    public int Port => _process.Port;

    public long ResidentBytes => _process.ResidentBytes;

    public TimeSpan ProcessorTime => _process.ProcessorTime;

    /// <param name="folder">The data folder.</param>
    /// <param name="connection">A PostgreSQL connection string, or null for SQLite in the folder.</param>
    /// <param name="settings">More of the environment, name and value.</param>
    public static async Task<GridServer> StartAsync(
        string folder,
        string? connection = null,
        params (string Name, string Value)[] settings
    )
    {
        int port = ChildProcess.FreePort();
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}",
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["CUSTOMER360__DATA"] = folder,
            ["CUSTOMER360__KEYS__0__NAME"] = "benchmark",
            ["CUSTOMER360__KEYS__0__KEY"] = Key,
            ["CUSTOMER360__KEYS__0__ROLES__0"] = "admin",
            ["CUSTOMER360__KEYS__1__NAME"] = "service",
            ["CUSTOMER360__KEYS__1__KEY"] = ReaderKey,
            ["CUSTOMER360__KEYS__1__ROLES__0"] = "read",
        };
        if (connection is not null)
        {
            environment["ConnectionStrings__Customer360"] = connection;
        }

        foreach ((string name, string value) in settings)
        {
            environment[name] = value;
        }

        string api = Path.Combine(AppContext.BaseDirectory, "Customer360.Api.dll");
        return new GridServer(await ChildProcess.StartAsync(port, [api], environment, "/health/ready"));
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
