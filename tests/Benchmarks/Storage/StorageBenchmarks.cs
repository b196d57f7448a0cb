using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Customer360.Rules.Ports;
using Customer360.Storage;

namespace Customer360.Benchmarks.Storage;

/// <summary>
/// How fast the storage is, each figure beside a peer that is measured in the same run on the same database. Every
/// write of both sides is on disk before it counts (SQLite: synchronous=FULL, PostgreSQL: fsync on).
/// </summary>
public static class StorageBenchmarks
{
    private const int BatchRows = 100;
    private const int Callers = 16;
    private const int States = 200_000;
    private static readonly TimeSpan s_roundTime = TimeSpan.FromSeconds(6);

    /// <summary>Runs all figures of one database and prints them.</summary>
    /// <param name="bench">The database.</param>
    /// <param name="rowsBefore">How full the log is for the second round of appends. Default: 1,000,000.</param>
    public static async Task RunAsync(IStorageBench bench, int rowsBefore = 1_000_000)
    {
        await using IStorageBench disposed = bench;
        Console.WriteLine($"# {bench.Name}");
        await bench.PrepareAsync();
        GridStorage storage = await bench.OpenAsync();
        LogLoad load = new(storage.EventLog);

        double bareEmpty = await MeasureBareAsync(bench);
        double emptyRate = await load.RunAsync(Callers, s_roundTime, rowsMax: int.MaxValue);
        Print("append at empty", emptyRate, "bare insert", bareEmpty);

        long start = Stopwatch.GetTimestamp();
        await load.RunAsync(Callers, TimeSpan.MaxValue, rowsBefore - load.Rows);
        Console.WriteLine($"filled to {load.Rows:N0} rows in {Stopwatch.GetElapsedTime(start).TotalSeconds:N1} s");

        double bareFull = await MeasureBareAsync(bench);
        double fullRate = await load.RunAsync(Callers, s_roundTime, rowsMax: int.MaxValue);
        Print($"append at {load.Rows:N0} rows", fullRate, "bare insert", bareFull);
        Console.WriteLine($"full against empty: {fullRate / emptyRate:P0}");
        Console.WriteLine($"one caller alone: {await load.RunAsync(1, s_roundTime, int.MaxValue):N0} rows/s");

        await MeasureStatesAsync(storage.States);

        await storage.DisposeAsync();
        start = Stopwatch.GetTimestamp();
        storage = await bench.OpenAsync();
        Console.WriteLine($"open at {load.Rows:N0} rows: {Stopwatch.GetElapsedTime(start).TotalMilliseconds:N0} ms");
        await MeasureColdReadsAsync(storage.States);
        await storage.DisposeAsync();
    }

    private static async Task<double> MeasureBareAsync(IStorageBench bench)
    {
        ImmutableArray<LogAppend> batch = LogLoad.MakeBatch(caller: 0, first: 1, BatchRows);
        long rows = 0;
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < s_roundTime)
        {
            await bench.InsertBareAsync(batch);
            rows += batch.Length;
        }

        return rows / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task MeasureStatesAsync(IGrainStateStore states)
    {
        byte[] json = Encoding.UTF8.GetBytes($$"""{"status":"active","traits":"{{new string('x', 1_000)}}"}""");
        int next = 0;
        long start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, 256).Select(_ => WriteAsync()));
        Console.WriteLine(
            $"state writes: {States / Stopwatch.GetElapsedTime(start).TotalSeconds:N0}/s (1 KB each, 256 callers)"
        );

        async Task WriteAsync()
        {
            int number;
            while ((number = Interlocked.Increment(ref next)) <= States)
            {
                await states.WriteAsync("customer", KeyOf(number), json, 0, CancellationToken.None);
            }
        }
    }

    private static async Task MeasureColdReadsAsync(IGrainStateStore states)
    {
        foreach (int callers in (int[])[64, 1_024])
        {
            int next = 0;
            int missing = 0;
            long start = Stopwatch.GetTimestamp();
            await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => ReadAsync()));
            double rate = States / Stopwatch.GetElapsedTime(start).TotalSeconds;
            Console.WriteLine($"cold state reads, {callers} callers: {rate:N0}/s, {missing} missing");

            async Task ReadAsync()
            {
                int number;
                while ((number = Interlocked.Increment(ref next)) <= States)
                {
                    // It strides through the keys, so that neighbours are not read together.
                    int key = 1 + (int)(number * 7_919L % States);
                    if (await states.ReadAsync("customer", KeyOf(key), CancellationToken.None) is null)
                    {
                        Interlocked.Increment(ref missing);
                    }
                }
            }
        }
    }

    private static string KeyOf(int number) =>
        string.Create(CultureInfo.InvariantCulture, $"c_{number * 2_654_435_761L:x16}");

    private static void Print(string what, double rate, string peer, double peerRate) =>
        Console.WriteLine($"{what}: {rate:N0} rows/s; {peer}: {peerRate:N0} rows/s; ratio {rate / peerRate:N2}");
}
