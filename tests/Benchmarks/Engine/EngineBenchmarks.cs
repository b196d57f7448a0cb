using System.Diagnostics;
using Customer360.EmbeddedEngine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Customer360.Benchmarks.Engine;

/// <summary>Measures the embedded engine and, in the same run, a bare mailbox to compare with.</summary>
public static class EngineBenchmarks
{
    private const int Concurrency = 32;
    private const int GrainCount = 10_000;
    private const int CallsPerTask = 100_000;
    private const int Rounds = 5;
    private const int ActivationCount = 400_000;
    private const int ActivationsAtOnce = 4_096;

    /// <summary>Prints all figures; the best of several rounds each, because others share the machine.</summary>
    public static async Task RunAsync(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        await output.WriteLineAsync(
            $"{Environment.ProcessorCount} processors, {Concurrency} callers, {GrainCount:N0} grains, best of {Rounds}"
        );
        using var host = MakeHost();
        await host.StartAsync();
        var grains = host.Services.GetRequiredService<IGrainFactory>();

        var bare = await BestAsync(MeasureBareAsync);
        await PrintAsync(output, "bare mailbox", bare, bare);
        await PrintAsync(output, "external calls", await BestAsync(() => MeasureExternalAsync(grains)), bare);
        await PrintAsync(output, "external calls + GetGrain", await BestAsync(() => MeasureLookupAsync(grains)), bare);
        await PrintAsync(output, "grain to grain", await BestAsync(() => MeasureGrainToGrainAsync(grains)), bare);
        await MeasureActivationsAsync(grains, output);

        var stop = Stopwatch.StartNew();
        await host.StopAsync();
        await output.WriteLineAsync($"graceful stop               {stop.Elapsed.TotalSeconds, 12:N2} s");
    }

    private static IHost MakeHost()
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Error));
        builder.Services.AddEmbeddedGrainEngine(engine =>
            engine
                .AddGrainAssemblyOf<ITallyGrain>()
                .AddGrainStorage("bench", static _ => new BatchedMemoryStorage())
                .Configure(options => options.StopTimeout = TimeSpan.FromSeconds(60))
        );
        return builder.Build();
    }

    private static Task PrintAsync(TextWriter output, string name, Speed speed, Speed bare) =>
        output.WriteLineAsync(
            $"{name, -27} {speed.PerSecond, 12:N0} calls/s ({speed.PerSecond / bare.PerSecond, 4:P0} of bare)   "
                + $"{speed.ProcessorNs, 6:N0} ns of processor per call ({bare.ProcessorNs / speed.ProcessorNs, 4:P0} of bare)"
        );

    private static async Task<Speed> BestAsync(Func<Task<Speed>> measure)
    {
        var best = new Speed(0, double.MaxValue);
        for (var round = 0; round < Rounds; round++)
        {
            var speed = await measure();
            best = new Speed(Math.Max(best.PerSecond, speed.PerSecond), Math.Min(best.ProcessorNs, speed.ProcessorNs));
        }

        return best;
    }

    private static async Task<Speed> RateAsync(long calls, Func<int, Task> client)
    {
        using var process = Process.GetCurrentProcess();
        var processor = process.TotalProcessorTime;
        var start = Stopwatch.GetTimestamp();
        var clients = new Task[Concurrency];
        for (var index = 0; index < Concurrency; index++)
        {
            var number = index;
            clients[index] = Task
                .Factory.StartNew(
                    () => client(number),
                    CancellationToken.None,
                    TaskCreationOptions.DenyChildAttach,
                    TaskScheduler.Default
                )
                .Unwrap();
        }

        await Task.WhenAll(clients);
        var elapsed = Stopwatch.GetElapsedTime(start);
        process.Refresh();
        return new Speed(
            calls / elapsed.TotalSeconds,
            (process.TotalProcessorTime - processor).TotalNanoseconds / calls
        );
    }

    private static Task<Speed> MeasureBareAsync()
    {
        var mailboxes = Enumerable.Range(0, GrainCount).Select(static _ => new BareMailbox()).ToArray();
        return RateAsync(
            (long)Concurrency * CallsPerTask,
            async client =>
            {
                var request = new BareMailbox.Request();
                for (var call = 0; call < CallsPerTask; call++)
                {
                    await mailboxes[Target(client, call)].Add(request, 1);
                }
            }
        );
    }

    private static Task<Speed> MeasureExternalAsync(IGrainFactory grains)
    {
        var references = Enumerable.Range(0, GrainCount).Select(key => grains.GetGrain<ITallyGrain>(key)).ToArray();
        return RateAsync(
            (long)Concurrency * CallsPerTask,
            async client =>
            {
                for (var call = 0; call < CallsPerTask; call++)
                {
                    await references[Target(client, call)].Add(1);
                }
            }
        );
    }

    private static Task<Speed> MeasureLookupAsync(IGrainFactory grains) =>
        RateAsync(
            (long)Concurrency * CallsPerTask,
            async client =>
            {
                for (var call = 0; call < CallsPerTask; call++)
                {
                    await grains.GetGrain<ITallyGrain>(Target(client, call)).Add(1);
                }
            }
        );

    private static Task<Speed> MeasureGrainToGrainAsync(IGrainFactory grains) =>
        RateAsync(
            (long)Concurrency * CallsPerTask,
            client => grains.GetGrain<ICallerGrain>(client).CallMany(CallsPerTask, GrainCount, client)
        );

    private static async Task MeasureActivationsAsync(IGrainFactory grains, TextWriter output)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var next = -1;
        using var process = Process.GetCurrentProcess();
        var processor = process.TotalProcessorTime;
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(
            Enumerable
                .Range(0, ActivationsAtOnce)
                .Select(async _ =>
                {
                    await Task.Yield();
                    int key;
                    while ((key = Interlocked.Increment(ref next)) < ActivationCount)
                    {
                        await grains.GetGrain<IStoredGrain>(key).Get();
                    }
                })
        );
        var rate = ActivationCount / Stopwatch.GetElapsedTime(start).TotalSeconds;
        process.Refresh();
        var processorNs = (process.TotalProcessorTime - processor).TotalNanoseconds / ActivationCount;
        var bytes = (double)(GC.GetTotalMemory(forceFullCollection: true) - before) / ActivationCount;
        await output.WriteLineAsync(
            $"cold activations            {rate, 12:N0} /s, one stored state each; {processorNs:N0} ns of processor each"
        );
        await output.WriteLineAsync(
            $"memory per idle activation  {bytes, 12:N0} bytes, grain and state objects included"
        );
    }

    // Spreads the calls of each client over all grains without randomness, so that runs compare.
    private static int Target(int client, int call) => (int)((uint)(client * 7919 + call * 104_729) % GrainCount);

    /// <summary>
    /// Calls per second, which depends on what else runs on the machine, and processor time per call, which hardly does.
    /// </summary>
    private readonly record struct Speed(double PerSecond, double ProcessorNs);
}
