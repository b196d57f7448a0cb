using Customer360.ClusterRuns.Nodes;
using Customer360.ClusterRuns.Runs;
using Customer360.Tests.Support;
using Xunit.Abstractions;

namespace Customer360.Cluster.Tests;

/// <summary>A real cluster under load: silos and an API as processes, PostgreSQL with fsync.</summary>
public sealed class FaultTests(ITestOutputHelper output)
{
    // This is long enough for the others to declare it dead, and that must not be taken for a defect.
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(12);

    [DatabaseFact]
    public async Task Messages_WhenEveryKindOfNodeDiesOnce_AreCountedOnce()
    {
        await using LoadedCluster loaded = await LoadedCluster.StartAsync(silos: 3);

        Tell("kill -9 of a silo", await loaded.KillSiloAsync(loaded.Cluster.Silos[0]));
        Tell("kill -9 of the API", await loaded.KillApiAsync());
        await loaded.PauseSiloAsync(loaded.Cluster.Silos[0], s_pause, time => Tell("SIGSTOP of a silo", time));
        Tell("restart of PostgreSQL", await loaded.RestartPostgresAsync());

        Assert.Empty(await loaded.FinishAsync());
        output.WriteLine($"{loaded.Journal.Acknowledged.Count} messages, longest {loaded.Journal.Longest}");
    }

    [DatabaseFact]
    public async Task Partitions_WhenSilosJoinAndLeave_AreEvenAndNothingIsLost()
    {
        await using LoadedCluster loaded = await LoadedCluster.StartAsync(silos: 2);
        GridCluster cluster = loaded.Cluster;
        await cluster.WaitUntilEvenAsync(2);

        NodeProcess joined = cluster.StartSilo();
        await cluster.WaitUntilEvenAsync(3);

        NodeProcess left = cluster.Silos[0];
        cluster.Forget(left);
        TimeSpan stopped = await left.StopAsync();
        Assert.Equal(0, left.ExitCode);
        await left.DisposeAsync();
        await cluster.WaitUntilEvenAsync(2);
        Tell("stop of a silo", stopped);

        Assert.False(joined.HasExited);
        Assert.Empty(await loaded.FinishAsync());
        // Nobody died, so nobody was left without an answer.
        Assert.DoesNotContain(
            loaded.Journal.Retries.Keys,
            why => why.StartsWith("connection", StringComparison.Ordinal)
        );
    }

    private void Tell(string fault, TimeSpan time) => output.WriteLine($"{fault}: {time.TotalSeconds:0.0} s");
}
