using System.Diagnostics;
using Customer360.Benchmarks.Storage;
using Customer360.Silo.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Customer360.Benchmarks.States;

/// <summary>
/// Durable writes of grain state by 32 callers, each with a grain of its own: through the grid's storage, beside Orleans' own
/// provider on the same PostgreSQL with fsync on.
/// </summary>
internal static class StatesBenchmark
{
    /// <summary>The name of the storage that is Orleans' own.</summary>
    public const string OrleansStorage = "orleans";

    private const int Callers = 32;
    private const int Rounds = 3;
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_measured = TimeSpan.FromSeconds(5);

    public static async Task RunAsync()
    {
        await using var bench = new PostgresBench();
        await bench.PrepareAsync();
        using var folder = new TemporaryFolder();
        using IHost host = Node(await bench.MakeDatabaseAsync(), folder.Path);
        await host.StartAsync();
        IGrainFactory grains = host.Services.GetRequiredService<IGrainFactory>();
        List<(double Ours, double Orleans)> rounds = [];
        for (int round = 0; round < Rounds; round++)
        {
            double orleans = await MeasureAsync(key => grains.GetGrain<IOrleansDurableGrain>(key));
            rounds.Add((await MeasureAsync(key => grains.GetGrain<IOurDurableGrain>(key)), orleans));
            await Console.Error.WriteLineAsync(
                $"round {round + 1}: {rounds[^1].Ours:N0}/s beside {rounds[^1].Orleans:N0}/s"
            );
        }

        await host.StopAsync();
        (double Ours, double Orleans) median = rounds
            .OrderBy(static one => one.Ours / one.Orleans)
            .ElementAt(Rounds / 2);
        Report.Line(
            $"durable grain writes, {Callers} callers",
            $"{median.Ours:N0}/s",
            $"Microsoft.Orleans.Persistence.AdoNet {median.Orleans:N0}/s",
            $"{median.Ours / median.Orleans:N2}",
            "2.00"
        );
    }

    private static IHost Node(string connection, string folder)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection([
            new("ConnectionStrings:Customer360", connection),
            new("Customer360:Data", folder),
        ]);
        builder.AddGridSilo();
        builder.UseOrleans(silo =>
            silo.AddAdoNetGrainStorage(
                OrleansStorage,
                options =>
                {
                    options.Invariant = "Npgsql";
                    options.ConnectionString = connection;
                }
            )
        );
        return builder.Build();
    }

    private static async Task<double> MeasureAsync(Func<long, IDurableGrain> grainOf)
    {
        await WriteAsync(grainOf, s_warmUp);
        return await WriteAsync(grainOf, s_measured);
    }

    /// <summary>Answers the writes a second of all callers together.</summary>
    private static async Task<double> WriteAsync(Func<long, IDurableGrain> grainOf, TimeSpan time)
    {
        long start = Stopwatch.GetTimestamp();
        long[] writes = await Task.WhenAll(
            Enumerable
                .Range(0, Callers)
                .Select(async caller =>
                {
                    IDurableGrain grain = grainOf(caller);
                    long written = 0;
                    while (Stopwatch.GetElapsedTime(start) < time)
                    {
                        await grain.Write();
                        written++;
                    }

                    return written;
                })
        );
        return writes.Sum() / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
