using System.Diagnostics;
using System.Globalization;
using Customer360.ClusterRuns.Load;
using Customer360.ClusterRuns.Nodes;

namespace Customer360.ClusterRuns.Runs;

/// <summary>The long run: every ten seconds something dies.</summary>
public static class FaultRun
{
    private const int Silos = 3;
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(30);

    /// <summary>Answers whether all invariants held.</summary>
    public static async Task<bool> RunAsync(TimeSpan length, string? logFolder)
    {
        string? sdk = SdkSender.FindFolder();
        Tell(sdk is null ? "without the SDK: run npm ci --prefix tests/Sdk" : "with the SDK for Node");
        await using LoadedCluster loaded = await LoadedCluster.StartAsync(Silos, sdk, logFolder: logFolder);
        Dictionary<string, List<TimeSpan>> times = new(StringComparer.Ordinal);
        long began = Stopwatch.GetTimestamp();
        Random random = new(1);
        for (int number = 1; Stopwatch.GetElapsedTime(began) < length; number++)
        {
            Task next = Task.Delay(s_interval, TimeProvider.System);
            string fault = FaultOf(number);
            await Break(loaded, fault, random, time => Note(times, loaded.Journal, began, fault, time));
            await next;
        }

        IReadOnlyList<string> wrong = await loaded.FinishAsync();
        Report(times, loaded, wrong);
        return wrong.Count == 0;
    }

    private static string FaultOf(int number) =>
        (number % 12) switch
        {
            4 => "kill -9 of the API",
            8 => "restart of PostgreSQL",
            0 => "SIGSTOP of a silo for 30 s",
            _ => "kill -9 of a silo",
        };

    private static async Task Break(LoadedCluster loaded, string fault, Random random, Action<TimeSpan> note)
    {
        NodeProcess silo = loaded.Cluster.Silos[random.Next(loaded.Cluster.Silos.Count)];
        switch (fault[0])
        {
            case 'S':
                await loaded.PauseSiloAsync(silo, s_pause, note);
                break;
            case 'r':
                note(await loaded.RestartPostgresAsync());
                break;
            default:
                note(
                    fault.EndsWith("API", StringComparison.Ordinal)
                        ? await loaded.KillApiAsync()
                        : await loaded.KillSiloAsync(silo)
                );
                break;
        }
    }

    private static void Note(
        Dictionary<string, List<TimeSpan>> times,
        Journal journal,
        long began,
        string fault,
        TimeSpan time
    )
    {
        if (!times.TryGetValue(fault, out List<TimeSpan>? some))
        {
            times.Add(fault, some = []);
        }

        some.Add(time);
        Tell(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Stopwatch.GetElapsedTime(began):mm\\:ss} {fault}: service after {time.TotalSeconds:0.0} s; {journal.Acknowledged.Count} messages acknowledged"
            )
        );
    }

    private static void Report(
        Dictionary<string, List<TimeSpan>> times,
        LoadedCluster loaded,
        IReadOnlyList<string> wrong
    )
    {
        foreach ((string fault, List<TimeSpan> some) in times)
        {
            some.Sort();
            Tell(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{fault}: {some.Count} times, service after {some[some.Count / 2].TotalSeconds:0.0} s (median), {some[^1].TotalSeconds:0.0} s (worst)"
                )
            );
        }

        Tell(
            string.Create(
                CultureInfo.InvariantCulture,
                $"silos that ended though nobody had killed them, taken for dead while they got no processor: {loaded.Ended}"
            )
        );
        Reports.Tell(loaded.Journal, wrong);
    }

    private static void Tell(string line) => Console.WriteLine(line);
}
