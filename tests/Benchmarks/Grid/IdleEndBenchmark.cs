namespace Customer360.Benchmarks.Grid;

/// <summary>
/// 200,000 customers that came together fall idle together: what their ends take of memory, and what those who send meanwhile
/// wait.
/// </summary>
internal static class IdleEndBenchmark
{
    private const int Customers = 200_000;
    private const int Active = 1_000;
    private const double BatchesPerSecond = 20;
    private static readonly TimeSpan s_idle = TimeSpan.FromMinutes(2);

    public static async Task RunAsync()
    {
        using var folder = new TemporaryFolder();
        await using GridServer grid = await GridServer.StartAsync(
            folder.Path,
            connection: null,
            ("CUSTOMER360__GRID__CUSTOMERIDLETIME", s_idle.ToString("c"))
        );
        using var client = new GridClient(grid.Port);
        await CollectLoad.FillAsync(grid.Port, Customers, traits: 5);
        double filled = grid.ResidentBytes / 1e6;
        double peak = filled;
        using var measured = new CancellationTokenSource();
        Task watching = WatchAsync(() => peak = Math.Max(peak, grid.ResidentBytes / 1e6), measured.Token);

        // Long enough for the last to end: six fifths of the idle time, and some seconds for the look.
        double[] latencies = await PacedLoad.RunAsync(client, BatchesPerSecond, Active, s_idle * 1.5, seed: 77);
        await measured.CancelAsync();
        await watching;
        Report.Line(
            $"{Customers:N0} customers fall idle, memory",
            $"{peak:N0} MB at the most",
            $"{filled:N0} MB before, {grid.ResidentBytes / 1e6:N0} MB after",
            $"{peak / filled:N2}",
            "1.25"
        );
        Report.Line(
            "applied answer meanwhile, slowest",
            $"{latencies.Max():N0} ms",
            $"median {PacedLoad.Percentile(latencies, 0.5):N0} ms, 99 % {PacedLoad.Percentile(latencies, 0.99):N0} ms",
            "",
            "1,000 ms"
        );
    }

    private static async Task WatchAsync(Action look, CancellationToken measured)
    {
        while (!measured.IsCancellationRequested)
        {
            look();
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, CancellationToken.None);
        }
    }
}
