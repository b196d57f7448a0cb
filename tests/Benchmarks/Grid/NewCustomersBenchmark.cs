using System.Diagnostics;

namespace Customer360.Benchmarks.Grid;

/// <summary>How fast people whom nobody knows yet become customers with three identifiers each, applied and durable.</summary>
internal static class NewCustomersBenchmark
{
    private const int Customers = 100_000;
    private const int WarmUp = 20_000;

    public static async Task RunAsync()
    {
        using var folder = new TemporaryFolder();
        await using GridServer grid = await GridServer.StartAsync(folder.Path);
        // The first round is not measured, so that the runtime has compiled the path.
        await CollectLoad.FillAsync(grid.Port, WarmUp, traits: 5);
        TimeSpan before = grid.ProcessorTime;
        long start = Stopwatch.GetTimestamp();
        await CollectLoad.FillAsync(grid.Port, Customers, traits: 5, from: WarmUp);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Report.Line(
            "new customers with three identifiers each",
            $"{Customers / seconds:N0}/s ({seconds:N1} s for {Customers:N0})",
            $"processor {(grid.ProcessorTime - before).TotalMicroseconds / Customers:N0} µs a customer",
            "",
            "4,000/s"
        );
    }
}
