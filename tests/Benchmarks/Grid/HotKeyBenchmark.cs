namespace Customer360.Benchmarks.Grid;

/// <summary>
/// Measures what one customer that gets 5,000 events a second costs the others, and beside it the same 5,000 spread over all. What is
/// left of the difference is due to the hot key and not to the load. They take turns, so that other work of the machine meets all.
/// </summary>
internal static class HotKeyBenchmark
{
    private const int Customers = 10_000;
    private const double OthersPerSecond = 10;
    private const double HotPerSecond = 50;
    private const int Rounds = 5;
    private static readonly TimeSpan s_time = TimeSpan.FromSeconds(6);

    public static async Task RunAsync()
    {
        using var folder = new TemporaryFolder();
        await using GridServer grid = await GridServer.StartAsync(folder.Path);
        using var client = new GridClient(grid.Port);
        await CollectLoad.FillAsync(grid.Port, Customers, traits: 5);
        await RoundAsync(client, Customers, seed: 1);
        List<double> alone = [];
        List<double> spread = [];
        List<double> hot = [];
        for (int round = 0; round < Rounds; round++)
        {
            int seed = 100 * (round + 1);
            alone.Add(await RoundAsync(client, besides: 0, seed));
            spread.Add(await RoundAsync(client, Customers, seed + 10));
            hot.Add(await RoundAsync(client, besides: 1, seed + 20));
        }

        Report.Line(
            "applied p99 of others, 5,000 events/s on one customer",
            $"{Median(hot):N1} ms",
            $"the same spread: {Median(spread):N1} ms; without: {Median(alone):N1} ms",
            $"{Median(hot) / Median(spread):N2} (to without: {Median(hot) / Median(alone):N2})",
            "at most 1.5"
        );
    }

    /// <summary>The p99 of the others, beside 5,000 events a second that are spread over so many customers, or beside none.</summary>
    private static async Task<double> RoundAsync(GridClient client, int besides, int seed)
    {
        Task<double[]> others = PacedLoad.RunAsync(client, OthersPerSecond, Customers, s_time, seed);
        Task more =
            besides == 0 ? Task.CompletedTask : PacedLoad.RunAsync(client, HotPerSecond, besides, s_time, seed + 1);
        await Task.WhenAll(others, more);
        return PacedLoad.Percentile(await others, 0.99);
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
