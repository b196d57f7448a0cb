using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Customer360.Benchmarks.Grid;

/// <summary>
/// Splits a customer of 1,000,000 events and 1,000 identifiers in two, while others get traffic: how long it takes, the
/// slowest answer of the others meanwhile, and how much memory it takes more than the traffic alone.
/// </summary>
internal static class BigSplitBenchmark
{
    private const int Identifiers = 1_000;
    private const int EventsEach = 1_000;
    private const int Others = 10_000;
    private const double BatchesPerSecond = 20;
    private const int Rounds = 3;
    private static readonly TimeSpan s_time = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan s_splitAfter = TimeSpan.FromSeconds(2);

    private const string Rules = """
        defaultRegion: US
        identifiers:
          user_id: { priority: 1, limit: 1, trust: verified }
          email: { priority: 2, limit: 5, normalisation: email }
          anonymous_id: { priority: 3, limit: 1000, kind: device }
        containment:
          quarantineDegree: { anonymous_id: none }
          profile: { identifiersMax: 2000 }
        """;

    public static async Task RunAsync()
    {
        using var folder = new TemporaryFolder();
        await using GridServer grid = await GridServer.StartAsync(folder.Path);
        using var client = new GridClient(grid.Port);
        await client.PutAsync("/v1/policies/identity", Rules, "application/yaml");
        await CollectLoad.FillAsync(grid.Port, Others, traits: 5);
        await FillAsync(client);
        long messages = (await client.GetAsync("/v1/profiles/user_id:giant"))
            .GetProperty("lifecycle")
            .GetProperty("messageCount")
            .GetInt64();
        List<double> splits = [];
        List<double> slowestAlone = [];
        List<double> slowestBeside = [];
        List<double> growthAlone = [];
        List<double> growthBeside = [];
        await MeasureAsync(grid, client, seed: 1, split: null);
        for (int round = 0; round < Rounds; round++)
        {
            (double slowest, double growth, _) = await MeasureAsync(grid, client, (10 * round) + 2, split: null);
            slowestAlone.Add(slowest);
            growthAlone.Add(growth);
            (slowest, growth, JsonElement reply, double milliseconds) = await WithSplitAsync(grid, client, round);
            slowestBeside.Add(slowest);
            growthBeside.Add(growth);
            splits.Add(milliseconds);
            if (reply.GetProperty("identifiers").GetArrayLength() != Leaving(round).Length)
            {
                throw new InvalidOperationException("The split moved something else.");
            }
        }

        Report.Line(
            $"split of a customer with {messages:N0} events and {Identifiers + 1:N0} identifiers",
            $"{Median(splits):N0} ms",
            $"rounds {string.Join(", ", splits.Select(one => $"{one:N0}"))}",
            "",
            ""
        );
        Report.Line(
            "slowest applied batch of others while it is split",
            $"{Median(slowestBeside):N0} ms",
            $"without a split: {Median(slowestAlone):N0} ms",
            $"{Median(slowestBeside) / Median(slowestAlone):N2}",
            ""
        );
        Report.Line(
            "peak of resident memory over its beginning, with a split",
            $"{growthBeside.Max():N0} MB at most (resident: {grid.ResidentBytes / 1e6:N0} MB)",
            $"without: {growthAlone.Max():N0} MB",
            "",
            "64 MB more"
        );
    }

    private static async Task<(double Slowest, double Growth, JsonElement Reply, double Milliseconds)> WithSplitAsync(
        GridServer grid,
        GridClient client,
        int round
    )
    {
        JsonElement reply = default;
        double milliseconds = 0;
        (double slowest, double growth, _) = await MeasureAsync(
            grid,
            client,
            (10 * round) + 3,
            async () =>
            {
                string names = string.Join(',', Leaving(round).Select(one => $"\"anonymous_id:{one}\""));
                long start = Stopwatch.GetTimestamp();
                reply = await client.PostAsync(
                    "/v1/profiles/user_id:giant/split",
                    $$"""{"identifiers":[{{names}}],"reason":"benchmark"}"""
                );
                milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }
        );
        return (slowest, growth, reply, milliseconds);
    }

    /// <summary>A third of the identifiers each round.</summary>
    private static string[] Leaving(int round) =>
        [
            .. Enumerable
                .Range(round * (Identifiers / Rounds), Identifiers / Rounds)
                .Select(number => string.Create(CultureInfo.InvariantCulture, $"giant-{number}")),
        ];

    private static async Task<(double Slowest, double GrowthMb, int Samples)> MeasureAsync(
        GridServer grid,
        GridClient client,
        int seed,
        Func<Task>? split
    )
    {
        long before = grid.ResidentBytes;
        Task<double[]> load = PacedLoad.RunAsync(client, BatchesPerSecond, Others, s_time, seed);
        Task splitting = split is null ? Task.CompletedTask : SplitLater(split);
        long peak = before;
        int samples = 0;
        while (!load.IsCompleted)
        {
            peak = Math.Max(peak, grid.ResidentBytes);
            samples++;
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }

        await splitting;
        return ((await load).Max(), (peak - before) / 1e6, samples);
    }

    private static async Task SplitLater(Func<Task> split)
    {
        await Task.Delay(s_splitAfter, TimeProvider.System);
        await split();
    }

    /// <summary>Links 1,000 devices to one user, then sends 1,000 events of each.</summary>
    private static async Task FillAsync(GridClient client)
    {
        for (int first = 0; first < Identifiers; first += 100)
        {
            await PostAsync(
                client,
                Enumerable
                    .Range(first, 100)
                    .Select(number =>
                        $$"""{"type":"identify","messageId":"link-{{number}}","userId":"giant","anonymousId":"giant-{{number}}"}"""
                    )
            );
        }

        const int Batch = 1_000;
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Identifiers * EventsEach / Batch),
            new ParallelOptions { MaxDegreeOfParallelism = 4 },
            async (batch, _) =>
                await PostAsync(
                    client,
                    Enumerable
                        .Range(0, Batch)
                        .Select(index =>
                            $$"""{"type":"track","messageId":"e-{{batch}}-{{index}}","anonymousId":"giant-{{((batch * Batch) + index) % Identifiers}}","event":"Viewed {{index % 7}}"}"""
                        )
                )
        );
    }

    private static Task<JsonElement> PostAsync(GridClient client, IEnumerable<string> messages) =>
        client.PostAsync(
            "/v1/batch?wait=applied",
            new StringBuilder("{\"batch\":[").AppendJoin(',', messages).Append("]}").ToString()
        );

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
