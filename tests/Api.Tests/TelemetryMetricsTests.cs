using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Headers;
using Customer360.Api.Telemetry;

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
        Assert.Matches("customer360_profile_reads_total\\{outcome=\"found\"\\} [1-9]", text);
        Assert.Matches("customer360_profile_reads_total\\{outcome=\"not_found\"\\} [1-9]", text);
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
    public void Collect_OfEveryKindOfInstrument_WritesPrometheusText()
    {
        using var meter = new Meter("Customer360.Test");
        using var collector = new MetricsCollector(grainCalls: false);
        meter
            .CreateCounter<long>("test.counter", description: "A \\ thing")
            .Add(2, new KeyValuePair<string, object?>("a.b", "x\"y\n"));
        UpDownCounter<int> upDown = meter.CreateUpDownCounter<int>("test.level");
        upDown.Add(5);
        upDown.Add(-2);
        Gauge<double> gauge = meter.CreateGauge<double>("test.gauge", "By");
        gauge.Record(1);
        gauge.Record(0.5);
        meter.CreateObservableGauge("test.observed", () => 7L);
        meter.CreateObservableCounter("test.sum", () => 9L);
        Histogram<double> histogram = meter.CreateHistogram(
            "test.duration",
            "s",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] }
        );
        histogram.Record(0.1);
        histogram.Record(0.5);
        histogram.Record(3);

        string text = PrometheusText.Write(
            collector.Collect().Where(one => one.Name.StartsWith("test.", StringComparison.Ordinal))
        );

        Assert.Equal(
            """
            # HELP test_counter_total A \\ thing
            # TYPE test_counter_total counter
            test_counter_total{a_b="x\"y\n"} 2
            # TYPE test_duration_seconds histogram
            test_duration_seconds_bucket{le="0.1"} 1
            test_duration_seconds_bucket{le="1"} 2
            test_duration_seconds_bucket{le="+Inf"} 3
            test_duration_seconds_sum 3.6
            test_duration_seconds_count 3
            # TYPE test_gauge_bytes gauge
            test_gauge_bytes 0.5
            # TYPE test_level gauge
            test_level 3
            # TYPE test_observed gauge
            test_observed 7
            # TYPE test_sum_total counter
            test_sum_total 9

            """,
            text
        );
        Assert.Equal(
            text,
            PrometheusText.Write(
                collector.Collect().Where(one => one.Name.StartsWith("test.", StringComparison.Ordinal))
            )
        );
    }

    [Fact]
    public void Collect_WhenTagsAreUnbounded_KeepsABoundedNumberOfSeries()
    {
        using var meter = new Meter("Customer360.Flood");
        using var collector = new MetricsCollector(grainCalls: false);
        Counter<long> counter = meter.CreateCounter<long>("flood");

        for (int index = 0; index < 10_000; index++)
        {
            counter.Add(1, new KeyValuePair<string, object?>("index", index));
        }

        MetricSnapshot flood = collector.Collect().Single(one => one.Name == "flood");
        Assert.InRange(flood.Series.Length, 2, 300);
        Assert.Equal(10_000, flood.Series.Sum(series => series.Value));
        Assert.Contains(flood.Series, series => series.Tags.Any(tag => tag.Key == "overflow"));
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
