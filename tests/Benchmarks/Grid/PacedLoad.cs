using System.Diagnostics;
using System.Globalization;

namespace Customer360.Benchmarks.Grid;

/// <summary>
/// Sends batches of 100 messages at a fixed pace, whether or not the earlier ones are answered. A latency counts from when its
/// batch was due, so that a server that stands still is not spared what it kept waiting.
/// </summary>
internal static class PacedLoad
{
    /// <summary>Sends for a time; answers when each batch was applied, counted from when it was due.</summary>
    /// <param name="batchesPerSecond">A hundred messages each.</param>
    /// <param name="customers">How many customers the messages are of.</param>
    public static async Task<double[]> RunAsync(
        GridClient client,
        double batchesPerSecond,
        int customers,
        TimeSpan time,
        int seed
    )
    {
        var random = new Random(seed);
        List<Task<double>> sent = [];
        long start = Stopwatch.GetTimestamp();
        int count = (int)(time.TotalSeconds * batchesPerSecond);
        for (int number = 0; number < count; number++)
        {
            TimeSpan due = TimeSpan.FromSeconds(number / batchesPerSecond);
            string prefix = string.Create(CultureInfo.InvariantCulture, $"paced-{seed}-{number}-");
            string body = CollectLoad.TrackBatch(random, customers, index => prefix + index);
            if (due - Stopwatch.GetElapsedTime(start) is { Ticks: > 0 } early)
            {
                await Task.Delay(early, TimeProvider.System);
            }

            sent.Add(SendAsync(client, body, start, due));
        }

        return await Task.WhenAll(sent);
    }

    public static double Percentile(double[] latencies, double share)
    {
        double[] sorted = [.. latencies.Order()];
        return sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))];
    }

    private static async Task<double> SendAsync(GridClient client, string body, long start, TimeSpan due)
    {
        await client.PostAsync("/v1/batch?wait=applied", body);
        return (Stopwatch.GetElapsedTime(start) - due).TotalMilliseconds;
    }
}
