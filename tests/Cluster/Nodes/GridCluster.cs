using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Customer360.Tests.Support;

namespace Customer360.ClusterRuns.Nodes;

/// <summary>PostgreSQL with fsync, silos, and an API that is a client of theirs, all as processes of this machine.</summary>
public sealed class GridCluster : IAsyncDisposable
{
    public const int Partitions = 8;
    public const string Key = "cluster-key-0123456789";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(120);
    private readonly Lock _gate = new();
    private readonly List<NodeProcess> _silos = [];
    private readonly string _folder;
    private readonly bool _keepsLogs;
    private int _silosStarted;

    private GridCluster(PostgresServer server, string connection, string programs, string? folder)
    {
        Server = server;
        Connection = connection;
        Programs = programs;
        _keepsLogs = folder is not null;
        _folder = folder ?? Directory.CreateTempSubdirectory("c360-cluster-").FullName;
        Directory.CreateDirectory(_folder);
        Address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Ports.Next()}"));
        Http = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(60) };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
    }

    public PostgresServer Server { get; }

    /// <summary>The connection string to the grid's database.</summary>
    public string Connection { get; }

    /// <summary>Where the programs lie that the next nodes are started from.</summary>
    public string Programs { get; set; }

    public Uri Address { get; }

    /// <summary>Sends a key that may do everything.</summary>
    public HttpClient Http { get; }

    /// <summary>The silos that were not forgotten, the oldest first.</summary>
    public IReadOnlyList<NodeProcess> Silos
    {
        get
        {
            lock (_gate)
            {
                return [.. _silos];
            }
        }
    }

    public NodeProcess? Api { get; private set; }

    /// <param name="silos">How many silos.</param>
    /// <param name="programs">Where the programs lie; by default beside this one.</param>
    /// <param name="logFolder">Keeps the nodes' logs; by default they go with the cluster.</param>
    public static async Task<GridCluster> StartAsync(int silos, string? programs = null, string? logFolder = null)
    {
        PostgresServer server = await PostgresServer.StartAsync(durable: true, privately: true);
        var cluster = new GridCluster(
            server,
            await server.CreateDatabaseAsync(),
            programs ?? AppContext.BaseDirectory,
            logFolder
        );
        try
        {
            for (int number = 0; number < silos; number++)
            {
                cluster.StartSilo();
            }

            await cluster.WaitAsync(
                async () => (await cluster.ActiveSilosInTable()) == silos,
                "the silos to be active"
            );
            cluster.StartApi();
            await cluster.WaitUntilReadyAsync();
            return cluster;
        }
        catch
        {
            // Its processes must not outlive a run that has failed.
            await cluster.DisposeAsync();
            throw;
        }
    }

    public NodeProcess StartSilo()
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"silo-{Interlocked.Increment(ref _silosStarted)}");
        var silo = NodeProcess.Start(
            name,
            Path.Combine(Programs, "Customer360.Silo.dll"),
            Path.Combine(_folder, $"{name}.log"),
            [
                .. Shared(),
                new("DOTNET_ENVIRONMENT", "Production"),
                new("CUSTOMER360__CLUSTER__NAME", name),
                new("CUSTOMER360__CLUSTER__ADDRESS", "127.0.0.1"),
                new("CUSTOMER360__CLUSTER__SILOPORT", Ports.Next().ToString(CultureInfo.InvariantCulture)),
                new("CUSTOMER360__CLUSTER__GATEWAYPORT", Ports.Next().ToString(CultureInfo.InvariantCulture)),
            ]
        );
        lock (_gate)
        {
            _silos.Add(silo);
        }

        return silo;
    }

    public void StartApi() =>
        Api = NodeProcess.Start(
            "api",
            Path.Combine(Programs, "Customer360.Api.dll"),
            Path.Combine(_folder, "api.log"),
            [
                .. Shared(),
                new("ASPNETCORE_ENVIRONMENT", "Production"),
                new("ASPNETCORE_URLS", Address.GetLeftPart(UriPartial.Authority)),
                new("CUSTOMER360__CLUSTER__COHOST", "false"),
                new("CUSTOMER360__KEYS__0__NAME", "operator"),
                new("CUSTOMER360__KEYS__0__KEY", Key),
                new("CUSTOMER360__KEYS__0__ROLES__0", "admin"),
            ]
        );

    /// <summary>Forgets a silo that has ended or that the caller will end: it does not belong to the cluster any more.</summary>
    /// <returns>False where it was forgotten before.</returns>
    public bool Forget(NodeProcess silo)
    {
        lock (_gate)
        {
            return _silos.Remove(silo);
        }
    }

    public Task WaitUntilReadyAsync() =>
        WaitAsync(
            async () =>
            {
                using HttpResponseMessage response = await Http.GetAsync(new Uri("/health/ready", UriKind.Relative));
                return response.StatusCode == HttpStatusCode.OK;
            },
            "the API to be ready"
        );

    /// <summary>What <c>GET /v1/cluster</c> says.</summary>
    public async Task<JsonElement> DescribeAsync()
    {
        using HttpResponseMessage response = await Http.GetAsync(new Uri("/v1/cluster", UriKind.Relative));
        response.EnsureSuccessStatusCode();
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return document.RootElement.Clone();
    }

    /// <summary>
    /// Waits until there are so many active silos, each partition answers from one of them, and they have equally many, one more at the
    /// most.
    /// </summary>
    public Task WaitUntilEvenAsync(int silos) =>
        WaitAsync(async () => IsEven(await DescribeAsync(), silos), $"the partitions to be even over {silos} silos");

    /// <summary>Polls until the condition holds.</summary>
    /// <exception cref="InvalidOperationException">It does not within two minutes, or the API has ended.</exception>
    public async Task WaitAsync(Func<Task<bool>> condition, string what)
    {
        long began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < s_patience && Api is not { HasExited: true })
        {
            try
            {
                if (await condition())
                {
                    return;
                }
            }
            catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
            {
                // It does not listen yet, or does not answer.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }

        throw new InvalidOperationException($"Waited in vain for {what}; the logs:\n{LastLines()}");
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (Api is not null)
        {
            await Api.DisposeAsync();
        }

        foreach (NodeProcess silo in Silos)
        {
            await silo.DisposeAsync();
        }

        await Server.DisposeAsync();
        if (!_keepsLogs)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private static bool IsEven(JsonElement cluster, int silos)
    {
        string?[] active =
        [
            .. cluster
                .GetProperty("silos")
                .EnumerateArray()
                .Where(silo => silo.GetProperty("status").GetString() == "active")
                .Select(silo => silo.GetProperty("name").GetString()),
        ];
        JsonElement[] partitions = [.. cluster.GetProperty("partitions").EnumerateArray()];
        int[] counts =
        [
            .. active.Select(name => partitions.Count(partition => partition.GetProperty("silo").GetString() == name)),
        ];
        return active.Length == silos
            && partitions.All(partition => partition.GetProperty("answers").GetBoolean())
            && counts.Sum() == partitions.Length
            && counts.Max() - counts.Min() <= 1;
    }

    private async Task<int> ActiveSilosInTable()
    {
        if (Silos.FirstOrDefault(silo => silo.HasExited) is { } ended)
        {
            throw new InvalidOperationException($"{ended.Name} has ended with {ended.ExitCode}:\n{LastLines()}");
        }

        return
            await Database.CountAsync(
                Connection,
                "select count(*) from information_schema.tables where table_name = 'orleansmembershiptable'"
            ) == 0
            ? 0
            : (int)
                await Database.CountAsync(Connection, "select count(*) from orleansmembershiptable where status = 3");
    }

    private IEnumerable<KeyValuePair<string, string>> Shared() =>
        [
            new("ConnectionStrings__Customer360", Connection),
            new("CUSTOMER360__GRID__PARTITIONS", Partitions.ToString(CultureInfo.InvariantCulture)),
            new("Logging__LogLevel__Default", "Warning"),
            new("Logging__LogLevel__Customer360", "Information"),
        ];

    private string LastLines() =>
        string.Join(
            '\n',
            Directory
                .GetFiles(_folder, "*.log")
                .Order(StringComparer.Ordinal)
                .SelectMany(file =>
                {
                    using StreamReader reader = new(
                        new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite)
                    );
                    return reader
                        .ReadToEnd()
                        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                        .TakeLast(15)
                        .Select(line => $"{Path.GetFileName(file)}: {line}");
                })
        );
}
