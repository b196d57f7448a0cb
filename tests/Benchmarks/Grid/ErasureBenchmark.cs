using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Customer360.Benchmarks.Http;

namespace Customer360.Benchmarks.Grid;

/// <summary>Many people are erased together from a log of many events, while the profiles of others are read.</summary>
internal static class ErasureBenchmark
{
    private const int Connections = 16;
    private const int AskedAtOnce = 64;
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(500);

    /// <param name="erasures">People to erase; as many stay.</param>
    /// <param name="events">Messages in the log when it begins.</param>
    public static async Task RunAsync(int erasures, long events)
    {
        using var folder = new TemporaryFolder();
        await using GridServer grid = await GridServer.StartAsync(folder.Path);
        using var client = new GridClient(grid.Port);
        int customers = 2 * erasures;
        await CollectLoad.FillAsync(grid.Port, customers, traits: 5);
        LoadResult tracks = await CollectLoad.TrackAsync(
            grid.Port,
            Connections,
            customers,
            TimeSpan.Zero,
            Timeout.InfiniteTimeSpan,
            seed: 41,
            batchesMax: (events - customers) / CollectLoad.BatchMessages
        );
        // Of the second half, whom nobody erases. The first round warms up.
        ReadOnlyMemory<byte>[] reads = ReadBenchmark.Requests(erasures, from: erasures);
        await ReadBenchmark.Load(grid.Port, reads);
        LoadResult before = await ReadBenchmark.Load(grid.Port, reads);

        long start = Stopwatch.GetTimestamp();
        DateTimeOffset began = TimeProvider.System.GetUtcNow();
        Task<(DateTimeOffset Done, TimeSpan Asked)> erasing = EraseAsync(client, erasures, start);
        List<LoadResult> during = [];
        while (!erasing.IsCompleted)
        {
            during.Add(await ReadBenchmark.Load(grid.Port, reads));
        }

        (DateTimeOffset done, TimeSpan asked) = await erasing;
        double seconds = (done - began).TotalSeconds;
        var all = new LoadResult(
            during.Sum(one => one.Requests),
            during.Sum(one => one.Failures),
            during.Sum(one => one.Seconds),
            [.. during.SelectMany(one => one.LatenciesMicroseconds)]
        );
        Report.Line(
            $"{erasures:N0} erasures over {events:N0} events",
            $"{erasures / seconds:N0}/s",
            $"asked for in {asked.TotalSeconds:N1} s, done after {seconds:N1} s, "
                + $"{tracks.Failures + before.Failures + all.Failures} failed requests",
            "",
            "200/s"
        );
        Report.Line(
            "p99 of reads meanwhile",
            $"{all.Percentile(0.99)} µs at {all.PerSecond:N0}/s",
            $"before: {before.Percentile(0.99)} µs at {before.PerSecond:N0}/s",
            $"{(double)all.Percentile(0.99) / before.Percentile(0.99):N2}",
            "1.10"
        );
    }

    /// <summary>When the last one was done, by the grid's word, and how long asking for all took.</summary>
    private static async Task<(DateTimeOffset Done, TimeSpan Asked)> EraseAsync(
        GridClient client,
        int erasures,
        long start
    )
    {
        ConcurrentQueue<string> ids = [];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, erasures),
            new ParallelOptions { MaxDegreeOfParallelism = AskedAtOnce },
            async (number, _) =>
            {
                JsonElement request = await client.PostAsync(
                    "/v1/privacy/requests",
                    $$"""{"type":"erasure","identifiers":["user_id:user-{{number}}"]}"""
                );
                ids.Enqueue(request.GetProperty("id").GetString()!);
            }
        );
        TimeSpan asked = Stopwatch.GetElapsedTime(start);
        DateTimeOffset last = DateTimeOffset.MinValue;
        foreach (string id in ids)
        {
            JsonElement request;
            while (
                (request = await client.GetAsync($"/v1/privacy/requests/{id}")).GetProperty("status").GetString()
                    is "running"
            )
            {
                await Task.Delay(s_pause, TimeProvider.System);
            }

            DateTimeOffset done = request.GetProperty("doneAt").GetDateTimeOffset();
            last = done > last ? done : last;
        }

        return (last, asked);
    }
}
