using System.Text.Json;
using Customer360.Benchmarks.Http;

namespace Customer360.Benchmarks.Grid;

/// <summary>Folding the log again, and comparing every fold with its customer.</summary>
internal static class RebuildBenchmark
{
    private const int Customers = 20_000;

    public static async Task RunAsync()
    {
        using var folder = new TemporaryFolder();
        await using GridServer grid = await GridServer.StartAsync(
            folder.Path,
            connection: null,
            ("CUSTOMER360__JOBS__SHARE", "1")
        );
        using var client = new GridClient(grid.Port);
        await CollectLoad.FillAsync(grid.Port, Customers, traits: 5);
        LoadResult load = await CollectLoad.TrackAsync(
            grid.Port,
            connections: 16,
            Customers,
            TimeSpan.Zero,
            TimeSpan.FromSeconds(20),
            seed: 31
        );
        string id = (await client.PostAsync("/v1/rebuild:check", "")).GetProperty("id").GetString()!;
        JsonElement job = await client.WaitForJobAsync(id);
        JsonElement result = job.GetProperty("result");
        Report.Line(
            $"rebuild, {result.GetProperty("messages").GetInt64():N0} events",
            $"{result.GetProperty("perSecond").GetDouble():N0}/s",
            $"with comparing {result.GetProperty("anchors").GetInt64():N0} anchors {GridClient.TimeOf(job).TotalSeconds:N1} s, "
                + $"{result.GetProperty("differenceCount").GetInt64()} differences, {load.Failures} failed requests",
            "",
            "200,000/s"
        );
    }
}
