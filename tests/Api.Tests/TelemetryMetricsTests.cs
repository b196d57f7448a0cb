using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace Customer360.Api.Tests;

public sealed class TelemetryMetricsTests
{
    [Fact]
    public async Task Metrics_AfterRequests_CountThemByRouteAndNotByPerson()
    {
        await using ProfilesHost host = await Start();
        await host.GetJson("/v1/profiles/email:jane.metrics@example.com");
        await host.GetProblem("/v1/profiles/email:john.metrics@example.com", 404);

        string text = await Metrics(host);

        Assert.Contains("# TYPE customer360_profile_reads_total counter\n", text, StringComparison.Ordinal);
        Assert.Matches("customer360_profile_reads_total\\{[^}]*outcome=\"found\"\\} [1-9]", text);
        Assert.Matches("customer360_profile_reads_total\\{[^}]*outcome=\"not_found\"\\} [1-9]", text);
        Assert.Matches(
            "http_server_request_duration_seconds_bucket\\{.*http_route=\"/v1/profiles/\\{identifier\\}\".*,le=\"\\+Inf\"\\} [1-9]",
            text
        );
        Assert.Contains("dotnet_gc_collections_total", text, StringComparison.Ordinal);
        Assert.DoesNotContain("metrics@example.com", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, 401)]
    [InlineData(ProfilesHost.ReadKey, 403)]
    [InlineData(ProfilesHost.AdminKey, 200)]
    public async Task Metrics_ByDefault_AskForTheRoleAdmin(string? key, int status)
    {
        await using ProfilesHost host = await Start();
        host.Client.DefaultRequestHeaders.Authorization = key is null
            ? null
            : new AuthenticationHeaderValue("Bearer", key);

        using HttpResponseMessage response = await host.Client.GetAsync("/metrics");

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("Customer360:Metrics:Anonymous", "true", HttpStatusCode.OK)]
    [InlineData("Customer360:Metrics:Enabled", "false", HttpStatusCode.NotFound)]
    public async Task Metrics_BySettings_AreOpenOrAbsent(string setting, string value, HttpStatusCode status)
    {
        await using ProfilesHost host = await Start(new() { [setting] = value });
        host.Client.DefaultRequestHeaders.Authorization = null;

        using HttpResponseMessage response = await host.Client.GetAsync("/metrics");

        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    public async Task Metrics_WhenTagsAreUnbounded_KeepABoundedNumberOfSeries()
    {
        await using ProfilesHost host = await Start();
        using var meter = new Meter("Customer360.Flood");
        Counter<long> counter = meter.CreateCounter<long>("flood");

        for (int index = 0; index < 10_000; index++)
        {
            counter.Add(1, new KeyValuePair<string, object?>("index", index));
        }

        string[] series =
        [
            .. (await Metrics(host))
                .Split('\n')
                .Where(line => line.StartsWith("flood_total{", StringComparison.Ordinal)),
        ];
        Assert.InRange(series.Length, 2, 300);
        Assert.Equal(10_000, series.Sum(line => long.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture)));
        Assert.Contains(series, line => line.Contains("overflow=\"true\"", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("true", true)]
    public async Task Metrics_OfEveryGrainCall_AreThereWhereTheyAreAskedFor(string? grainCalls, bool areThere)
    {
        await using ProfilesHost host = await Start(new() { ["Customer360:Metrics:GrainCalls"] = grainCalls });
        using var meter = new Meter("Microsoft.Orleans");
        meter.CreateHistogram<long>("orleans-app-requests-latency", "ms").Record(3);
        meter.CreateCounter<long>("orleans-app-requests-test").Add(1);

        string text = await Metrics(host);

        Assert.Contains("orleans_app_requests_test_total", text, StringComparison.Ordinal);
        Assert.Equal(areThere, text.Contains("orleans_app_requests_latency_milliseconds", StringComparison.Ordinal));
    }

    private static async Task<string> Metrics(ProfilesHost host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ProfilesHost.AdminKey);
        using HttpResponseMessage response = await host.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync();
    }

    private static async Task<ProfilesHost> Start(Dictionary<string, string?>? settings = null)
    {
        var world = new ProfilesWorld();
        world.AddUser(ProfilesWorld.Jane, "email", "jane.metrics@example.com");
        return await ProfilesHost.Start(world, settings);
    }
}
