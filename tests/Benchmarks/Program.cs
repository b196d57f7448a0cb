using System.Globalization;
using Customer360.Benchmarks;
using Customer360.Benchmarks.Audiences;
using Customer360.Benchmarks.Grid;
using Customer360.Benchmarks.Http;
using Customer360.Benchmarks.Rules;
using Customer360.Benchmarks.States;
using Customer360.Benchmarks.Storage;

switch (args)
{
    case ["bare-server", var port, var file]:
        await BareServer.RunAsync(port, file);
        return 0;
    case ["read"]:
        Report.Head();
        await ReadBenchmark.RunAsync();
        return 0;
    case ["read-cluster"]:
        Report.Head();
        await ReadBenchmark.RunOnClusterAsync();
        return 0;
    case ["read-by-field"]:
        Report.Head();
        await ReadBenchmark.RunByFieldAsync();
        return 0;
    case ["collect"]:
        Report.Head();
        await CollectSqlite();
        await CollectPostgres();
        return 0;
    case ["collect-sqlite"]:
        Report.Head();
        await CollectSqlite();
        return 0;
    case ["collect-postgres"]:
        Report.Head();
        await CollectPostgres();
        return 0;
    case ["new-customers"]:
        Report.Head();
        await NewCustomersBenchmark.RunAsync();
        return 0;
    case ["leads", var policies, var perSecond]:
        Report.Head();
        await LeadsBenchmark.RunAsync(policies, int.Parse(perSecond, CultureInfo.InvariantCulture));
        return 0;
    case ["audiences"]:
        Report.Head();
        AudiencesBenchmark.Run();
        return 0;
    case ["routing"]:
        Report.Head();
        RoutingBenchmark.Run();
        return 0;
    case ["quality"]:
        Report.Head();
        QualityBenchmark.Run();
        return 0;
    case ["silos"]:
        Report.Head();
        await SilosBenchmark.RunAsync();
        return 0;
    case ["states"]:
        Report.Head();
        await StatesBenchmark.RunAsync();
        return 0;
    case ["memory"]:
        Report.Head();
        await MemoryBenchmark.RunAsync();
        return 0;
    case ["idle-end"]:
        Report.Head();
        await IdleEndBenchmark.RunAsync();
        return 0;
    case ["ready"]:
        Report.Head();
        await ReadyBenchmark.RunAsync();
        return 0;
    case ["growth"]:
        Report.Head();
        await GrowthBenchmark.RunAsync();
        return 0;
    case ["dryrun"]:
        Report.Head();
        await DryRunBenchmark.RunAsync();
        return 0;
    case ["rebuild"]:
        Report.Head();
        await RebuildBenchmark.RunAsync();
        return 0;
    case ["identity"]:
        Report.Head();
        await IdentityBenchmark.RunAsync();
        return 0;
    case ["bigsplit"]:
        Report.Head();
        await BigSplitBenchmark.RunAsync();
        return 0;
    case ["hotkey"]:
        Report.Head();
        await HotKeyBenchmark.RunAsync();
        return 0;
    case ["erasure"]:
        Report.Head();
        await ErasureBenchmark.RunAsync(erasures: 100_000, events: 10_000_000);
        return 0;
    case ["erasure", var erasures, var events]:
        Report.Head();
        await ErasureBenchmark.RunAsync(
            int.Parse(erasures, CultureInfo.InvariantCulture),
            long.Parse(events, CultureInfo.InvariantCulture)
        );
        return 0;
    case ["storage"]:
        await StorageBenchmarks.RunAsync(new SqliteBench());
        await StorageBenchmarks.RunAsync(new PostgresBench());
        return 0;
    case ["decisions"]:
        await DecisionBenchmark.RunAsync(new SqliteBench());
        await DecisionBenchmark.RunAsync(new PostgresBench());
        return 0;
    default:
        await Console.Error.WriteLineAsync(
            "dotnet run -c Release --project tests/Benchmarks -- read | read-cluster | read-by-field | collect | new-customers | leads FOLDER PER-SECOND"
                + " | routing | quality | audiences | silos | states"
                + " | memory | idle-end | ready | growth | dryrun | rebuild | identity | bigsplit | hotkey | storage | decisions"
                + " | erasure [PEOPLE EVENTS]"
        );
        return 2;
}

static Task CollectSqlite() =>
    CollectBenchmark.RunAsync(new SqliteBench(), static () => Task.FromResult<string?>(null));

static Task CollectPostgres()
{
    var bench = new PostgresBench();
    return CollectBenchmark.RunAsync(bench, async () => await bench.MakeDatabaseAsync());
}
