using Customer360.ClusterRuns.Checks;
using Customer360.ClusterRuns.Load;
using Customer360.ClusterRuns.Nodes;

namespace Customer360.ClusterRuns.Runs;

/// <summary>A cluster with senders on it, which can be broken and is repaired as an orchestrator would.</summary>
public sealed class LoadedCluster : IAsyncDisposable
{
    private const int Senders = 3;
    private const int People = 60;
    private const string Web = "web";
    private const string Sdk = "sdk";
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_selfEnd = TimeSpan.FromSeconds(60);
    private readonly CancellationTokenSource _stop = new();
    private readonly HttpSender _sender;
    private readonly Task _sending;
    private readonly Task _looking;
    private int _ended;
    private readonly SdkSender? _sdk;
    private readonly int _silos;

    private LoadedCluster(GridCluster cluster, int silos, string? sdkFolder)
    {
        Cluster = cluster;
        _silos = silos;
        Probe = new ServiceProbe(cluster.Http, Journal);
        _sender = new HttpSender(cluster.Http, Journal);
        _sending = Task.WhenAll([
            Probe.RunAsync(_stop.Token),
            .. Enumerable.Range(0, Senders).Select(seed => _sender.RunAsync(Web, People, seed, _stop.Token)),
        ]);
        _looking = ReplaceEnded(_stop.Token);
        _sdk = sdkFolder is null ? null : SdkSender.Start(sdkFolder, cluster.Address, Journal, Sdk, People);
    }

    public GridCluster Cluster { get; }

    public Journal Journal { get; } = new();

    /// <summary>How many silos have ended unkilled: starved of processors, they were taken for dead by the others.</summary>
    public int Ended => Volatile.Read(ref _ended);

    public ServiceProbe Probe { get; }

    /// <param name="sdkFolder">Where the SDK is, to send with it too; null for none.</param>
    /// <param name="programs">Where the programs lie; by default beside this one.</param>
    /// <param name="logFolder">Keeps the nodes' logs.</param>
    public static async Task<LoadedCluster> StartAsync(
        int silos,
        string? sdkFolder = null,
        string? programs = null,
        string? logFolder = null
    )
    {
        GridCluster cluster = await GridCluster.StartAsync(silos, programs, logFolder);
        var loaded = new LoadedCluster(cluster, silos, sdkFolder);
        try
        {
            await loaded.Probe.TimeToServiceAsync();
            return loaded;
        }
        catch
        {
            await loaded.DisposeAsync();
            throw;
        }
    }

    /// <summary><c>kill -9</c> of a silo; another takes its place. Answers the time to service.</summary>
    public async Task<TimeSpan> KillSiloAsync(NodeProcess silo)
    {
        Cluster.Forget(silo);
        Task<TimeSpan> service = Probe.TimeToServiceAsync();
        await silo.KillAsync();
        Cluster.StartSilo();
        await silo.DisposeAsync();
        return await service;
    }

    /// <summary><c>kill -9</c> of the API, which is started again.</summary>
    public async Task<TimeSpan> KillApiAsync()
    {
        Task<TimeSpan> service = Probe.TimeToServiceAsync();
        await Cluster.Api!.KillAsync();
        await Cluster.Api.DisposeAsync();
        Cluster.StartApi();
        return await service;
    }

    /// <summary>PostgreSQL dies as with its machine, and comes back.</summary>
    public async Task<TimeSpan> RestartPostgresAsync()
    {
        Task<TimeSpan> service = Probe.TimeToServiceAsync();
        await Cluster.Server.StopAsync();
        await Cluster.Server.RestartAsync();
        return await service;
    }

    /// <summary>
    /// A silo hangs and goes on later, when the others have declared it dead. It finds that out and ends by itself; another takes its
    /// place. <paramref name="served"/> gets the time to service from the moment that it hangs.
    /// </summary>
    public async Task PauseSiloAsync(NodeProcess silo, TimeSpan pause, Action<TimeSpan> served)
    {
        Cluster.Forget(silo);
        Task<TimeSpan> service = Probe.TimeToServiceAsync();
        await silo.PauseAsync();
        Task paused = Task.Delay(pause, TimeProvider.System);
        served(await service);
        await paused;
        await silo.ContinueAsync();
        Cluster.StartSilo();
        await silo.WaitForExitAsync(s_selfEnd);
        await silo.DisposeAsync();
    }

    /// <summary>Does as an orchestrator does: it starts a silo that ends by itself again, at another address.</summary>
    private async Task ReplaceEnded(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            foreach (NodeProcess silo in Cluster.Silos)
            {
                if (silo.HasExited && Cluster.Forget(silo))
                {
                    Interlocked.Increment(ref _ended);
                    Cluster.StartSilo();
                    await silo.DisposeAsync();
                }
            }

            await Task.Delay(s_look, TimeProvider.System, CancellationToken.None);
        }
    }

    /// <summary>Ends the load, has every person's identifiers tied together, and checks all invariants.</summary>
    public async Task<IReadOnlyList<string>> FinishAsync()
    {
        await _stop.CancelAsync();
        await _sending;
        await _looking;
        if (_sdk is not null)
        {
            await _sdk.StopAsync();
        }

        string[] people = [.. Journal.Acknowledged.Values.Distinct(StringComparer.Ordinal)];
        foreach (string[] some in people.Chunk(10))
        {
            await _sender.SendAsync([.. some.SelectMany(Crowd.Last)], waitUntilApplied: true);
        }

        return await Invariants.CheckAsync(Cluster, Journal, _silos);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _looking;
        _stop.Dispose();
        if (_sdk is not null)
        {
            await _sdk.DisposeAsync();
        }

        await Cluster.DisposeAsync();
    }
}
