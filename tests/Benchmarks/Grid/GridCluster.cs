using System.Globalization;
using Customer360.Benchmarks.Http;

namespace Customer360.Benchmarks.Grid;

/// <summary>Silos and an API that is their client, each a process of its own, on one PostgreSQL database.</summary>
internal sealed class GridCluster : IAsyncDisposable
{
    private readonly List<ChildProcess> _silos = [];
    private GridServer? _api;

    /// <summary>The port on which the API answers.</summary>
    public int Port => _api!.Port;

    /// <summary>Processor time of the API so far, of all cores.</summary>
    public TimeSpan ApiProcessorTime => _api!.ProcessorTime;

    /// <summary>Processor time of all silos so far, of all cores.</summary>
    public TimeSpan SiloProcessorTime =>
        _silos.Aggregate(TimeSpan.Zero, static (sum, silo) => sum + silo.ProcessorTime);

    /// <summary>Starts the cluster; it is ready to serve when this returns.</summary>
    /// <param name="silos">How many silos.</param>
    /// <param name="connection">An empty database of its own.</param>
    /// <param name="folder">Where processes may keep files.</param>
    public static async Task<GridCluster> StartAsync(int silos, string connection, string folder)
    {
        var cluster = new GridCluster();
        try
        {
            for (int number = 1; number <= silos; number++)
            {
                cluster._silos.Add(await StartSilo(number, connection, folder));
            }

            cluster._api = await GridServer.StartAsync(folder, connection, ("CUSTOMER360__CLUSTER__COHOST", "false"));
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_api is not null)
        {
            await _api.DisposeAsync();
        }

        foreach (ChildProcess silo in _silos)
        {
            await silo.DisposeAsync();
        }
    }

    private static Task<ChildProcess> StartSilo(int number, string connection, string folder) =>
        ChildProcess.StartAsync(
            port: 0,
            [Path.Combine(AppContext.BaseDirectory, "Customer360.Silo.dll")],
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["DOTNET_ENVIRONMENT"] = "Production",
                // What the API's project file sets for the API, so that both run under the same collector.
                ["DOTNET_gcServer"] = "1",
                ["CUSTOMER360__DATA"] = Path.Combine(
                    folder,
                    string.Create(CultureInfo.InvariantCulture, $"silo-{number}")
                ),
                ["ConnectionStrings__Customer360"] = connection,
            },
            ready: null
        );
}
