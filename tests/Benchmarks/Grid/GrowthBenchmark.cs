using Customer360.Benchmarks.Http;

namespace Customer360.Benchmarks.Grid;

/// <summary>Collect and read at 10,000 customers and at 1,000,000.</summary>
internal static class GrowthBenchmark
{
    private const int Few = 10_000;
    private const int Many = 1_000_000;
    private const int Connections = 16;
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_measured = TimeSpan.FromSeconds(6);

    public static async Task RunAsync()
    {
        using var folder = new TemporaryFolder();
        GridServer grid = await GridServer.StartAsync(folder.Path);
        await CollectLoad.FillAsync(grid.Port, Few, traits: 5);
        // The first round is not measured: while the runtime still compiles the hot path, few customers would look slower than many.
        await Measure(grid.Port, Few, seed: 10);
        (double collectFew, double readFew) = await Measure(grid.Port, Few, seed: 11);
        await CollectLoad.FillAsync(grid.Port, Many - Few, traits: 5, from: Few);
        // First the same number of customers is active, then all of them are.
        (double collectMany, double readMany) = await Measure(grid.Port, Few, seed: 12);
        (double collectAll, double readAll) = await Measure(grid.Port, Many, seed: 13);
        double resident = grid.ResidentBytes / 1e6;
        Report.Line(
            "collect at 1,000,000 customers",
            $"{collectMany:N0}/s",
            $"at 10,000: {collectFew:N0}/s",
            $"{collectMany / collectFew:N2}",
            "0.85"
        );
        Report.Line(
            "read at 1,000,000 customers",
            $"{readMany:N0}/s",
            $"at 10,000: {readFew:N0}/s",
            $"{readMany / readFew:N2}",
            "0.85"
        );
        Report.Line(
            "collect, all 1,000,000 active",
            $"{collectAll:N0}/s",
            $"at 10,000: {collectFew:N0}/s",
            $"{collectAll / collectFew:N2}",
            "0.85"
        );
        Report.Line(
            "read, all 1,000,000 active",
            $"{readAll:N0}/s",
            $"at 10,000: {readFew:N0}/s",
            $"{readAll / readFew:N2}",
            "0.85"
        );
        Report.Line("resident with 1,000,000 customers", $"{resident:N0} MB", "", "", "");
        await grid.DisposeAsync();
    }

    private static async Task<(double Collect, double Read)> Measure(int port, int active, int seed)
    {
        LoadResult collect = await CollectLoad.TrackAsync(port, Connections, active, s_warmUp, s_measured, seed);
        // It is measured twice: a profile is rendered at its first read after a message, and few customers are read often in one round.
        ReadOnlyMemory<byte>[] requests = ReadBenchmark.Requests(active);
        await ReadBenchmark.Load(port, requests);
        LoadResult read = await ReadBenchmark.Load(port, requests);
        return collect.Failures + read.Failures > 0
            ? throw new InvalidOperationException("Some requests failed.")
            : (collect.PerSecond * CollectLoad.BatchMessages, read.PerSecond);
    }
}
