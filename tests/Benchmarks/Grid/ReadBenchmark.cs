using System.Text;
using Customer360.Benchmarks.Http;
using Customer360.Benchmarks.Storage;

namespace Customer360.Benchmarks.Grid;

/// <summary>Profile reads by identifier over HTTP, beside a bare Kestrel endpoint that answers with the same bytes.</summary>
internal static class ReadBenchmark
{
    private const int Customers = 20_000;
    private const int Connections = 32;
    private const int Rounds = 3;

    /// <summary>Nobody of the fill has said anything, and this is what reading asks.</summary>
    private const string Consent = """
        purposes:
          personalization: {scope: person, choice: opt-out}
        """;

    private const string Access = """
        classes:
          public: ["trait_*"]
          internal: [user_id, anonymous_id]
          personal: [email]
        purposes:
          personalization: {consent: required}
        roles:
          service:
            purposes: [personalization]
            read: {public: allow, internal: allow, personal: {mask: domain}}
        """;

    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_measured = TimeSpan.FromSeconds(5);

    /// <summary>One process, in which the API and the grains are.</summary>
    public static async Task RunAsync()
    {
        using var folder = new TemporaryFolder();
        await using GridServer grid = await GridServer.StartAsync(folder.Path);
        await MeasureAsync("profile read over HTTP, one process", grid.Port, folder.Path, "0.65 (p99 under × 2)");
    }

    /// <summary>An API that is a client of two silos: each read is a call over the wire.</summary>
    public static async Task RunOnClusterAsync()
    {
        using var folder = new TemporaryFolder();
        await using var bench = new PostgresBench();
        await bench.PrepareAsync();
        await using GridCluster grid = await GridCluster.StartAsync(2, await bench.MakeDatabaseAsync(), folder.Path);
        await MeasureAsync("profile read over HTTP, API as client of two silos", grid.Port, folder.Path, "");

        // One more round, in which every request counts, tells where its time goes.
        (TimeSpan api, TimeSpan silos) = (grid.ApiProcessorTime, grid.SiloProcessorTime);
        LoadResult result = await Load(grid.Port, Requests(Customers), TimeSpan.Zero);
        Report.Line(
            "processor of such a read",
            $"API {(grid.ApiProcessorTime - api).TotalMicroseconds / result.Requests:N0} µs",
            $"silos {(grid.SiloProcessorTime - silos).TotalMicroseconds / result.Requests:N0} µs",
            "",
            ""
        );
    }

    /// <summary>
    /// What the gate costs by field: the same profiles read by a service whose role, purpose and persons' consent are looked at, beside
    /// a key that sees everything, in alternating rounds.
    /// </summary>
    public static async Task RunByFieldAsync()
    {
        using var folder = new TemporaryFolder();
        await using GridServer grid = await GridServer.StartAsync(folder.Path);
        await CollectLoad.FillAsync(grid.Port, Customers, traits: 10);
        using var client = new GridClient(grid.Port);
        await client.PutAsync("/v1/policies/consent", Consent, "application/yaml");
        await client.PutAsync("/v1/policies/access", Access, "application/yaml");
        System.Text.Json.JsonElement key = await client.PostAsync(
            "/v1/keys",
            """{"name":"shop","roles":["service"],"purposes":["personalization"]}"""
        );
        ReadOnlyMemory<byte>[] whole = Requests(Customers);
        ReadOnlyMemory<byte>[] byField = Requests(Customers, key: key.GetProperty("key").GetString());
        List<(LoadResult ByField, LoadResult Whole)> rounds = [];
        for (int round = 0; round < Rounds; round++)
        {
            LoadResult wholeResult = await Load(grid.Port, whole);
            rounds.Add((await Load(grid.Port, byField), wholeResult));
        }

        (LoadResult ByField, LoadResult Whole) median = rounds
            .OrderBy(one => one.ByField.PerSecond / one.Whole.PerSecond)
            .ElementAt(Rounds / 2);
        Report.Line(
            "profile read by a role that sees by field and needs consent",
            $"{median.ByField.PerSecond:N0}/s, p99 {median.ByField.Percentile(0.99)} µs",
            $"the same by a key that sees everything {median.Whole.PerSecond:N0}/s, p99 {median.Whole.Percentile(0.99)} µs",
            $"{median.ByField.PerSecond / median.Whole.PerSecond:N2}",
            "0.90"
        );
        if (rounds.Any(round => round.ByField.Failures > 0))
        {
            throw new InvalidOperationException("Some reads failed.");
        }
    }

    private static async Task MeasureAsync(string what, int port, string folder, string goal)
    {
        await CollectLoad.FillAsync(port, Customers, traits: 10);
        ReadOnlyMemory<byte>[] requests = Requests(Customers);
        string bytes = await SaveProfile(port, folder);

        int barePort = ChildProcess.FreePort();
        await using ChildProcess bare = await ChildProcess.StartAsync(
            barePort,
            [typeof(ReadBenchmark).Assembly.Location, "bare-server", $"{barePort}", bytes],
            new Dictionary<string, string>(StringComparer.Ordinal),
            "/"
        );
        List<(LoadResult Grid, LoadResult Bare)> rounds = [];
        for (int round = 0; round < Rounds; round++)
        {
            LoadResult bareResult = await Load(bare.Port, requests);
            rounds.Add((await Load(port, requests), bareResult));
        }

        (LoadResult Grid, LoadResult Bare) median = rounds
            .OrderBy(one => one.Grid.PerSecond / one.Bare.PerSecond)
            .ElementAt(Rounds / 2);
        Report.Line(
            what,
            $"{median.Grid.PerSecond:N0}/s, p99 {median.Grid.Percentile(0.99)} µs",
            $"bare Kestrel {median.Bare.PerSecond:N0}/s, p99 {median.Bare.Percentile(0.99)} µs",
            $"{median.Grid.PerSecond / median.Bare.PerSecond:N2} (p99 × {(double)median.Grid.Percentile(0.99) / median.Bare.Percentile(0.99):N2})",
            goal
        );
        if (rounds.Any(round => round.Grid.Failures > 0))
        {
            throw new InvalidOperationException("Some reads failed.");
        }
    }

    /// <summary>Reads of users that <see cref="CollectLoad.FillAsync"/> made, in a random order.</summary>
    public static ReadOnlyMemory<byte>[] Requests(int customers, int from = 0, string? key = null)
    {
        var requests = new ReadOnlyMemory<byte>[Math.Min(customers, 100_000)];
        var random = new Random(1);
        for (int index = 0; index < requests.Length; index++)
        {
            requests[index] = Encoding.ASCII.GetBytes(
                $"GET /v1/profiles/user_id:user-{from + random.Next(customers)} HTTP/1.1\r\nHost: localhost\r\n"
                    + $"Authorization: Bearer {key ?? GridServer.ReaderKey}\r\n\r\n"
            );
        }

        return requests;
    }

    public static Task<LoadResult> Load(int port, ReadOnlyMemory<byte>[] requests, TimeSpan? warmUp = null) =>
        HttpLoad.RunAsync(
            port,
            Connections,
            warmUp ?? s_warmUp,
            s_measured,
            (connection, number) => requests[((connection * 7_919L) + number) % requests.Length]
        );

    private static async Task<string> SaveProfile(int port, string folder)
    {
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", GridServer.Key);
        byte[] profile = await client.GetByteArrayAsync(new Uri($"http://127.0.0.1:{port}/v1/profiles/user_id:user-1"));
        string path = System.IO.Path.Combine(folder, "profile.json");
        await File.WriteAllBytesAsync(path, profile);
        return path;
    }
}
