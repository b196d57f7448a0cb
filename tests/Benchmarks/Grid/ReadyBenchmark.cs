using System.Diagnostics;
using Customer360.Benchmarks.Http;

namespace Customer360.Benchmarks.Grid;

/// <summary>How soon a node that was killed serves again, over a log of 1,000,000 events.</summary>
internal static class ReadyBenchmark
{
    private const int Customers = 10_000;
    private const int Events = 1_000_000;
    private const int Connections = 16;
    private const int Rounds = 3;
    private static readonly TimeSpan s_slice = TimeSpan.FromSeconds(5);

    public static async Task RunAsync()
    {
        using var folder = new TemporaryFolder();
        GridServer grid = await GridServer.StartAsync(folder.Path);
        await CollectLoad.FillAsync(grid.Port, Customers, traits: 5);
        long events = Customers;
        for (int seed = 1; events < Events; seed++)
        {
            LoadResult result = await CollectLoad.TrackAsync(
                grid.Port,
                Connections,
                Customers,
                TimeSpan.Zero,
                s_slice,
                seed
            );
            if (result.Failures > 0)
            {
                throw new InvalidOperationException($"{result.Failures} of {result.Requests} requests failed.");
            }

            events += result.Requests * CollectLoad.BatchMessages;
        }

        List<double> starts = [];
        for (int round = 0; round < Rounds; round++)
        {
            // Killed, not stopped: the start finds whatever a crash leaves.
            await grid.DisposeAsync();
            long start = Stopwatch.GetTimestamp();
            grid = await GridServer.StartAsync(folder.Path);
            starts.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        await grid.DisposeAsync();
        using var empty = new TemporaryFolder();
        long begun = Stopwatch.GetTimestamp();
        await using GridServer alone = await GridServer.StartAsync(empty.Path);
        double seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        Report.Line(
            $"ready after a kill, over {events:N0} events in the log",
            $"{starts.Order().ElementAt(Rounds / 2):N2} s ({starts.Min():N2} to {starts.Max():N2})",
            $"an empty grid {seconds:N2} s",
            "",
            "5 s"
        );
    }
}
