using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Customer360.Benchmarks.Http;
using Customer360.Benchmarks.Storage;
using Customer360.Phones;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Ports;

namespace Customer360.Benchmarks.Grid;

/// <summary>
/// Collect in batches of 100 over HTTP, acknowledged and applied, beside a bare multi-row insert of the same payloads in
/// transactions of 100 into the same kind of database.
/// </summary>
internal static class CollectBenchmark
{
    private const int Customers = 20_000;
    private const int Connections = 16;
    private const int Rounds = 3;

    /// <summary>Long enough for the runtime to have compiled the hot path for good.</summary>
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(8);

    private static readonly TimeSpan s_measured = TimeSpan.FromSeconds(6);

    /// <param name="bench">The database: the grid's own stands beside it, on the same server or disk.</param>
    /// <param name="connection">Makes a database for the grid: a PostgreSQL connection string, or null for SQLite.</param>
    public static async Task RunAsync(IStorageBench bench, Func<Task<string?>> connection)
    {
        await using IStorageBench disposed = bench;
        await bench.PrepareAsync();
        using var folder = new TemporaryFolder();
        await using GridServer grid = await GridServer.StartAsync(folder.Path, await connection());
        await CollectLoad.FillAsync(grid.Port, Customers, traits: 10);
        ImmutableArray<LogAppend> payloads = Payloads();
        List<(double Grid, double Bare)> rounds = [];
        for (int round = 0; round < Rounds; round++)
        {
            // Each side begins on a quiet disk: what the other wrote is not flushed at its cost.
            await QuietDisk();
            double bare = await MeasureBare(bench, payloads);
            await QuietDisk();
            await LoadAsync(grid, s_warmUp, seed: (2 * round) + 1);
            TimeSpan before = grid.ProcessorTime;
            LoadResult result = await LoadAsync(grid, s_measured, seed: (2 * round) + 2);
            double processor =
                (grid.ProcessorTime - before).TotalMicroseconds / (result.Requests * CollectLoad.BatchMessages);
            rounds.Add((result.PerSecond * CollectLoad.BatchMessages, bare));
            await Console.Error.WriteLineAsync(
                $"round {round + 1}: {result.PerSecond * CollectLoad.BatchMessages:N0}/s beside {bare:N0}/s, batch p50 {result.Percentile(0.5)} µs, p99 {result.Percentile(0.99)} µs, processor {processor:N1} µs a message, resident {grid.ResidentBytes / 1_000_000:N0} MB"
            );
        }

        (double Grid, double Bare) median = rounds.OrderBy(one => one.Grid / one.Bare).ElementAt(Rounds / 2);
        Report.Line(
            $"collect, acknowledged and applied, {bench.Name}",
            $"{median.Grid:N0} messages/s",
            $"bare insert {median.Bare:N0}/s",
            $"{median.Grid / median.Bare:N2}",
            "0.50"
        );
    }

    private static async Task<LoadResult> LoadAsync(GridServer grid, TimeSpan time, int seed)
    {
        LoadResult result = await CollectLoad.TrackAsync(grid.Port, Connections, Customers, TimeSpan.Zero, time, seed);
        return result.Failures == 0
            ? result
            : throw new InvalidOperationException($"{result.Failures} of {result.Requests} requests failed.");
    }

    private static async Task QuietDisk()
    {
        using Process sync = Process.Start("sync");
        await sync.WaitForExitAsync();
    }

    private static async Task<double> MeasureBare(IStorageBench bench, ImmutableArray<LogAppend> payloads)
    {
        long rows = 0;
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < s_measured)
        {
            await bench.InsertBareAsync(payloads);
            rows += payloads.Length;
        }

        return rows / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>One batch of the load in the form in which the log keeps it.</summary>
    private static ImmutableArray<LogAppend> Payloads()
    {
        var reader = new EnvelopeReader(IdentityRules.Default, new LibPhoneNumbers());
        string body = CollectLoad.TrackBatch(
            new Random(1),
            Customers,
            index => string.Create(CultureInfo.InvariantCulture, $"{index:x24}")
        );
        using SentBody sent = SentBody.OfBatch(Encoding.UTF8.GetBytes(body));
        return
        [
            .. Enumerable
                .Range(0, sent.Count)
                .Select(index =>
                    reader
                        .Read(
                            sent[index],
                            new MessageContext("benchmark", TimeProvider.System.GetUtcNow(), null, null, "r", index)
                        )
                        .Value!
                )
                .Select(
                    (envelope, index) =>
                        new LogAppend(
                            index + 1,
                            envelope.MessageId,
                            envelope.Anchor.ToString(),
                            envelope.Timestamp,
                            envelope.Json
                        )
                ),
        ];
    }
}
