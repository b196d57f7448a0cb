using System.Text.Json;
using Customer360.Benchmarks.Http;

namespace Customer360.Benchmarks.Grid;

/// <summary>Measures a dry run over 1,000,000 identifiers at the default share, and what it costs the live grid.</summary>
internal static class DryRunBenchmark
{
    private const int Customers = 333_334;
    private const int Connections = 16;
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_measured = TimeSpan.FromSeconds(10);

    private const string Rules = """
        defaultRegion: US
        identifiers:
          user_id: { priority: 1, limit: 2, window: ever, normalisation: exact }
          email: { priority: 2, limit: 2, window: ever, normalisation: email }
          anonymous_id: { priority: 3, limit: 2, window: ever, normalisation: exact }
        """;

    public static async Task RunAsync()
    {
        using var folder = new TemporaryFolder();
        await using GridServer grid = await GridServer.StartAsync(folder.Path);
        using var client = new GridClient(grid.Port);
        await CollectLoad.FillAsync(grid.Port, Customers, traits: 5);
        JsonElement job = await client.WaitForJobAsync(await BeginAsync(client));
        double seconds = GridClient.TimeOf(job).TotalSeconds;
        JsonElement result = job.GetProperty("result");
        Report.Line(
            $"dry run, {result.GetProperty("identifiers").GetInt32():N0} identifiers, a tenth of the processors",
            $"{seconds:N1} s",
            $"{result.GetProperty("messages").GetInt64():N0} messages",
            "",
            "60 s"
        );

        double alone = await LoadAsync(grid.Port, seed: 21);
        string id = await BeginAsync(client);
        double beside = await LoadAsync(grid.Port, seed: 22);
        string status = (await client.GetAsync($"/v1/jobs/{id}")).GetProperty("status").GetString()!;
        Report.Line(
            $"collect while a dry run goes on (at the end: {status})",
            $"{beside:N0}/s",
            $"without: {alone:N0}/s",
            $"{beside / alone:N2}",
            "0.90"
        );
        await client.WaitForJobAsync(id);
    }

    private static async Task<string> BeginAsync(GridClient client) =>
        (await client.PostAsync("/v1/policies/identity:dryRun", Rules, "application/yaml"))
            .GetProperty("id")
            .GetString()!;

    private static async Task<double> LoadAsync(int port, int seed)
    {
        LoadResult load = await CollectLoad.TrackAsync(port, Connections, 10_000, s_warmUp, s_measured, seed);
        return load.Failures > 0
            ? throw new InvalidOperationException("Some requests failed.")
            : load.PerSecond * CollectLoad.BatchMessages;
    }
}
