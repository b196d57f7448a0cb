using Customer360.Benchmarks.Http;
using Customer360.Benchmarks.Storage;

namespace Customer360.Benchmarks.Grid;

/// <summary>
/// Measures what a second silo costs: the messages that two silos and one handle under the same load, per processor second,
/// because both share the cores of this machine.
/// </summary>
internal static class SilosBenchmark
{
    private const int Customers = 20_000;
    private const int Connections = 16;
    private const int Rounds = 3;
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan s_measured = TimeSpan.FromSeconds(6);

    public static async Task RunAsync()
    {
        await using var bench = new PostgresBench();
        await bench.PrepareAsync();
        List<(Figures One, Figures Two)> rounds = [];
        for (int round = 0; round < Rounds; round++)
        {
            rounds.Add((await MeasureAsync(bench, silos: 1), await MeasureAsync(bench, silos: 2)));
            (Figures one, Figures two) = rounds[^1];
            await Console.Error.WriteLineAsync($"round {round + 1}: one silo {one}; two silos {two}");
        }

        (Figures One, Figures Two) median = rounds
            .OrderBy(static one => one.Two.PerProcessorSecond / one.One.PerProcessorSecond)
            .ElementAt(Rounds / 2);
        Report.Line(
            "collect by two silos, messages per processor second of silos and API",
            $"{median.Two}",
            $"one silo {median.One}",
            $"{median.Two.PerProcessorSecond / median.One.PerProcessorSecond:N2}",
            "0.70"
        );
    }

    private static async Task<Figures> MeasureAsync(PostgresBench bench, int silos)
    {
        using var folder = new TemporaryFolder();
        await using GridCluster grid = await GridCluster.StartAsync(
            silos,
            await bench.MakeDatabaseAsync(),
            folder.Path
        );
        await CollectLoad.FillAsync(grid.Port, Customers, traits: 10);
        await TrackAsync(grid, s_warmUp, seed: 1);
        TimeSpan before = grid.ApiProcessorTime + grid.SiloProcessorTime;
        LoadResult result = await TrackAsync(grid, s_measured, seed: 2);
        double messages = result.Requests * CollectLoad.BatchMessages;
        TimeSpan processor = grid.ApiProcessorTime + grid.SiloProcessorTime - before;
        return new Figures(messages / result.Seconds, messages / processor.TotalSeconds);
    }

    private static async Task<LoadResult> TrackAsync(GridCluster grid, TimeSpan time, int seed)
    {
        LoadResult result = await CollectLoad.TrackAsync(grid.Port, Connections, Customers, TimeSpan.Zero, time, seed);
        return result.Failures == 0
            ? result
            : throw new InvalidOperationException($"{result.Failures} of {result.Requests} requests failed.");
    }

    private sealed record Figures(double PerSecond, double PerProcessorSecond)
    {
        public override string ToString() => $"{PerProcessorSecond:N0} ({PerSecond:N0}/s)";
    }
}
