using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Customer360.Tests.Support;

/// <summary>
/// A PostgreSQL server for tests: a private one (own folder, free port on 127.0.0.1), or the one that the environment
/// variable <c>CUSTOMER360_TEST_POSTGRES</c> names by its connection string.
/// </summary>
/// <remarks>
/// A private server ends with the test process, however that ends: a small shell waits for the end of a pipe that only
/// the test process holds open, then stops the server and removes its folder.
/// </remarks>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string ServerVariable = "CUSTOMER360_TEST_POSTGRES";
    private const int StartAttempts = 3;
    private static readonly Lazy<Task<PostgresServer>> s_common = new(() => StartAsync());
    private static readonly Lazy<string?> s_missing = new(FindWhatIsMissing);
    private static int s_databases;

    private readonly string? _folder;
    private readonly Process? _guard;
    private readonly int _port;

    private PostgresServer(string connectionString, string? folder, Process? guard, int port)
    {
        ConnectionString = connectionString;
        this._folder = folder;
        this._guard = guard;
        this._port = port;
    }

    /// <summary>The connection string to the maintenance database <c>postgres</c>.</summary>
    public string ConnectionString { get; }

    /// <summary>Why there is no server for tests on this machine; null where there is one.</summary>
    public static string? SkipReason => s_missing.Value;

    /// <summary>True where the server is a private one, which a test may stop and start.</summary>
    public bool IsPrivate => _folder is not null;

    /// <summary>The server that all tests of this process share, each with a database of its own.</summary>
    public static Task<PostgresServer> SharedAsync() => s_common.Value;

    /// <summary>Starts a private server.</summary>
    /// <param name="durable">True for fsync, which benchmarks and claims about durability need.</param>
    /// <param name="privately">True to start one even where the environment names a server.</param>
    public static async Task<PostgresServer> StartAsync(bool durable = false, bool privately = false)
    {
        string? given = Environment.GetEnvironmentVariable(ServerVariable);
        if (!privately && !string.IsNullOrEmpty(given))
        {
            return new PostgresServer(given, folder: null, guard: null, port: 0);
        }

        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await StartPrivateAsync(durable);
            }
            catch (InvalidOperationException) when (attempt < StartAttempts)
            {
                // Another process may have taken the port between our look and the start.
            }
        }
    }

    /// <summary>Makes an empty database and answers the connection string to it.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        int number = Interlocked.Increment(ref s_databases);
        string name = string.Create(CultureInfo.InvariantCulture, $"c360_{Environment.ProcessId}_{number}");
        await using NpgsqlConnection connection = new(ConnectionString);
        await connection.OpenAsync();
        await using NpgsqlCommand command = new($"drop database if exists {name}", connection);
        await command.ExecuteNonQueryAsync();
        command.CommandText = $"create database {name}";
        await command.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(ConnectionString) { Database = name }.ConnectionString;
    }

    /// <summary>Stops a private server at once, as a crash of its machine would.</summary>
    public Task StopAsync() => ControlAsync(_folder!, "-m immediate -w stop");

    /// <summary>Starts a stopped private server again, on the same port.</summary>
    public Task RestartAsync() => ControlAsync(_folder!, StartArguments(_folder!, _port));

    public async ValueTask DisposeAsync()
    {
        if (_guard is not null)
        {
            _guard.StandardInput.Close();
            await _guard.WaitForExitAsync();
            _guard.Dispose();
        }
    }

    private static async Task<PostgresServer> StartPrivateAsync(bool durable)
    {
        string dataFolder = Directory.CreateTempSubdirectory("c360-postgres-").FullName;
        if (IsRoot)
        {
            await RunAsync("chown", ["postgres", dataFolder]);
        }

        int freePort = FindFreePort();
        string initialize =
            $"initdb -D {dataFolder}/data -A trust -U postgres --no-sync -E UTF8 --locale=C.UTF-8 >/dev/null";
        await RunAsync("/bin/sh", ["-c", AsPostgres + initialize]);
        string durability = durable ? "" : "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n";
        await File.AppendAllTextAsync(
            $"{dataFolder}/data/postgresql.conf",
            $"{durability}max_connections = 200\nshared_buffers = 256MB\nmax_wal_size = 4GB\n"
        );
        Process watcher = StartGuard(dataFolder);
        try
        {
            await ControlAsync(dataFolder, StartArguments(dataFolder, freePort));
        }
        catch
        {
            watcher.StandardInput.Close();
            throw;
        }

        string connectionString = string.Create(
            CultureInfo.InvariantCulture,
            $"Host=127.0.0.1;Port={freePort};Username=postgres;Database=postgres"
        );
        return new PostgresServer(connectionString, dataFolder, watcher, freePort);
    }

    private static string StartArguments(string folder, int port) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"-w -l {folder}/log start -o \"-k {folder} -h 127.0.0.1 -p {port}\""
        );

    private static Process StartGuard(string folder)
    {
        string script =
            $"trap '' INT TERM; cat >/dev/null; {AsPostgres}pg_ctl -D {folder}/data -m immediate -w stop >/dev/null 2>&1; rm -rf {folder}";
        ProcessStartInfo start = new("/bin/sh") { RedirectStandardInput = true, UseShellExecute = false };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(script);
        return Process.Start(start)!;
    }

    private static Task ControlAsync(string folder, string arguments) =>
        RunAsync("/bin/sh", ["-c", $"{AsPostgres}pg_ctl -D {folder}/data {arguments} >/dev/null 2>&1 </dev/null"]);

    private static async Task RunAsync(string program, string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments))!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}.");
        }
    }

    private static bool IsRoot => Environment.IsPrivilegedProcess;

    // PostgreSQL refuses to run as root.
    private static string AsPostgres => IsRoot ? "runuser -u postgres -- " : "";

    private static int FindFreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string? FindWhatIsMissing()
    {
        if (!string.IsNullOrEmpty(Environment.GetEnvironmentVariable(ServerVariable)))
        {
            return null;
        }

        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        string[] needed = IsRoot ? ["initdb", "pg_ctl", "runuser"] : ["initdb", "pg_ctl"];
        string? missing = Array.Find(
            needed,
            name => !Array.Exists(folders, folder => File.Exists(Path.Combine(folder, name)))
        );
        return missing is null
            ? null
            : $"PostgreSQL is not installed ({missing} is not on the path), and {ServerVariable} names no server.";
    }
}
