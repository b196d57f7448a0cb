using System.Globalization;
using Customer360.ClusterRuns.Nodes;

namespace Customer360.ClusterRuns.Runs;

/// <summary>Every node is replaced under load, one after the other: silos first, then the API.</summary>
public static class RollingRun
{
    private const int Silos = 3;

    /// <param name="from">Where the programs lie that run first.</param>
    /// <param name="to">Where the programs lie that take their place; for a restart it is the same.</param>
    public static async Task<bool> RunAsync(string from, string to, string? logFolder)
    {
        await using LoadedCluster loaded = await LoadedCluster.StartAsync(Silos, programs: from, logFolder: logFolder);
        GridCluster cluster = loaded.Cluster;
        cluster.Programs = to;
        int failed = 0;
        foreach (NodeProcess silo in cluster.Silos.ToArray())
        {
            cluster.StartSilo();
            await loaded.Probe.TimeToServiceAsync();
            cluster.Forget(silo);
            Task<TimeSpan> service = loaded.Probe.TimeToServiceAsync();
            TimeSpan stopped = await silo.StopAsync();
            failed += silo.ExitCode == 0 ? 0 : 1;
            Tell(
                $"{silo.Name}: SIGTERM, exit code {silo.ExitCode} after {Seconds(stopped)}; service after {Seconds(await service)}"
            );
            await silo.DisposeAsync();
        }

        NodeProcess api = cluster.Api!;
        Task<TimeSpan> again = loaded.Probe.TimeToServiceAsync();
        TimeSpan ended = await api.StopAsync();
        int code = api.ExitCode;
        failed += code == 0 ? 0 : 1;
        await api.DisposeAsync();
        cluster.StartApi();
        Tell(
            $"api: SIGTERM, exit code {code} after {Seconds(ended)}; the next one serves {Seconds(await again)} after the SIGTERM"
        );
        IReadOnlyList<string> wrong = await loaded.FinishAsync();
        Reports.Tell(loaded.Journal, wrong);
        return wrong.Count == 0 && failed == 0;
    }

    private static string Seconds(TimeSpan time) =>
        string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s");

    private static void Tell(string line) => Console.WriteLine(line);
}
