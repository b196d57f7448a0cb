using System.Diagnostics;
using System.Globalization;
using Customer360.Rules.Decisions;
using Customer360.Rules.Events;
using Customer360.Rules.Ports;
using Customer360.Storage;

namespace Customer360.Benchmarks.Storage;

/// <summary>
/// What a decision costs: one caller that waits for each, and many callers that share transactions. It uses nothing that a former
/// release does not have, so the same file, copied there, measures what something added to it.
/// </summary>
public static class DecisionBenchmark
{
    private const int Warmup = 500;
    private const int Callers = 64;
    private static readonly TimeSpan s_roundTime = TimeSpan.FromSeconds(4);

    public static async Task RunAsync(IStorageBench bench)
    {
        await using IStorageBench disposed = bench;
        await bench.PrepareAsync();
        await using GridStorage storage = await bench.OpenAsync();
        int number = 0;
        for (int warm = 0; warm < Warmup; warm++)
        {
            await storage.Decisions.AppendAsync([Decision(number++)], CancellationToken.None);
        }

        List<double> times = [];
        long begun = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begun) < s_roundTime)
        {
            long start = Stopwatch.GetTimestamp();
            await storage.Decisions.AppendAsync([Decision(number++)], CancellationToken.None);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        }

        times.Sort();
        int written = 0;
        using var process = Process.GetCurrentProcess();
        TimeSpan before = process.TotalProcessorTime;
        begun = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => AppendUntilDone()));
        double rate = written / Stopwatch.GetElapsedTime(begun).TotalSeconds;
        process.Refresh();
        double processor = (process.TotalProcessorTime - before).TotalMicroseconds / written;
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"decisions on {bench.Name}: one caller {times[times.Count / 2]:N0} us (median of {times.Count}); "
                    + $"{Callers} callers {rate:N0}/s, {processor:N1} us of this process's processor each"
            )
        );

        async Task AppendUntilDone()
        {
            while (Stopwatch.GetElapsedTime(begun) < s_roundTime)
            {
                await storage.Decisions.AppendAsync(
                    [Decision(Interlocked.Increment(ref number))],
                    CancellationToken.None
                );
                Interlocked.Increment(ref written);
            }
        }
    }

    private static DecisionRecord Decision(int number)
    {
        string text = number.ToString(CultureInfo.InvariantCulture);
        return new DecisionRecord(
            DecisionId.Of("benchmark", text),
            DecisionKinds.Linked,
            string.Create(
                CultureInfo.InvariantCulture,
                $"c_019ac8d12f40003{number * 2_654_435_761L % 0xffffffffffL:x10}"
            ),
            null,
            DateTimeOffset.UnixEpoch.AddSeconds(number),
            new DecisionPayload
            {
                MessageId = $"message-{text}",
                Source = "web",
                RuleVersion = "5f0c1d2e3a4b",
                Because = "the message carries them together",
                Identifiers =
                [
                    Identifier.Create("user_id", text),
                    Identifier.Create("email", $"person-{text}@example.com"),
                ],
            }.Write()
        );
    }
}
