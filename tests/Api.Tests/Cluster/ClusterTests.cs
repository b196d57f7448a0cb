using System.Net;
using System.Net.Http.Headers;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Customer360.Api.Tests.Support;
using ClusterSettings = Customer360.Silo.Hosting.ClusterSettings;

namespace Customer360.Api.Tests.Cluster;

/// <summary>What operators see, on the whole service in one process.</summary>
public sealed class ClusterTests : IClassFixture<GridHost>
{
    private const string Person = "jane.cluster@example.com";
    private readonly GridHost _host;

    public ClusterTests(GridHost host) => _host = host;

    [Fact]
    public async Task GetCluster_OnOneProcess_ShowsItsSiloItsGrainsAndItsPartitions()
    {
        await Collect();

        JsonElement cluster = await (await Get("/v1/cluster", Bearer(GridHost.AdminKey))).ReadJsonAsync(
            HttpStatusCode.OK
        );

        JsonElement silo = Assert.Single(cluster.GetProperty("silos").EnumerateArray());
        Assert.Equal("active", silo.GetProperty("status").GetString());
        Assert.Equal(
            typeof(ClusterSettings)
                .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
                .InformationalVersion,
            silo.GetProperty("version").GetString()
        );
        Assert.InRange(
            silo.GetProperty("since").GetDateTimeOffset(),
            TimeProvider.System.GetUtcNow().AddMinutes(-10),
            TimeProvider.System.GetUtcNow()
        );
        JsonElement activations = silo.GetProperty("activations");
        Assert.Equal(8, activations.GetProperty("intake").GetInt32());
        Assert.True(activations.GetProperty("customer").GetInt32() >= 1);
        JsonElement[] partitions = [.. cluster.GetProperty("partitions").EnumerateArray()];
        Assert.Equal(Enumerable.Range(0, 8), partitions.Select(one => one.GetProperty("partition").GetInt32()));
        Assert.All(
            partitions,
            one =>
            {
                Assert.True(one.GetProperty("answers").GetBoolean());
                Assert.Equal(silo.GetProperty("name").GetString(), one.GetProperty("silo").GetString());
                Assert.Equal(0, one.GetProperty("waiting").GetInt32());
            }
        );
        Assert.Contains(partitions, one => one.GetProperty("appliedPosition").GetInt64() > 0);
    }

    [Theory]
    [InlineData("/v1/cluster")]
    [InlineData("/dashboard/")]
    public async Task Operators_WithoutTheRole_SeeNothing(string path)
    {
        Assert.Equal(HttpStatusCode.Unauthorized, (await Get(path, null)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await Get(path, Bearer(CollectHost.ReadKey))).StatusCode);
    }

    [Fact]
    public async Task Dashboard_InABrowser_AsksForTheKeyAndShowsItself()
    {
        HttpResponseMessage asked = await Get("/dashboard/", null);
        Assert.Equal("Basic", Assert.Single(asked.Headers.WwwAuthenticate).Scheme);

        HttpResponseMessage shown = await Get("/dashboard/", Basic(GridHost.AdminKey));

        Assert.Equal(HttpStatusCode.OK, shown.StatusCode);
        Assert.Equal("text/html", shown.Content.Headers.ContentType?.MediaType);
        Assert.Equal(HttpStatusCode.OK, (await Get("/dashboard/index.min.js", Basic(GridHost.AdminKey))).StatusCode);

        // On other paths a browser must not ask for keys. It would remember the key, and send it for any page that makes it ask.
        HttpResponseMessage told = await Get("/v1/cluster", null);
        Assert.Equal("Bearer", Assert.Single(told.Headers.WwwAuthenticate).Scheme);
    }

    [Theory]
    [InlineData(
        "/dashboard/GrainState?grainId=email%3Ajane.cluster%40example.com&grainType=Customer360.Grains.IdentifierGrain",
        404
    )]
    [InlineData("/dashboard/Trace", 403)]
    public async Task Dashboard_OfWhatHoldsPersonalData_ShowsNothing(string path, int status)
    {
        await Collect();

        HttpResponseMessage response = await Get(path, Basic(GridHost.AdminKey));

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("/v1/cluster")]
    [InlineData("/metrics")]
    [InlineData("/dashboard/DashboardCounters")]
    [InlineData("/dashboard/Reminders")]
    [InlineData("/dashboard/ClusterStats")]
    [InlineData("/dashboard/GrainTypes")]
    [InlineData("/dashboard/TopGrainMethods")]
    [InlineData("/dashboard/GrainStats/Customer360.Grains.IdentifierGrain")]
    public async Task Operators_AfterTraffic_SeeNobodysIdentifiers(string path)
    {
        await Collect();

        HttpResponseMessage response = await Get(path, Basic(GridHost.AdminKey));

        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        Assert.DoesNotContain("jane.cluster", text, StringComparison.OrdinalIgnoreCase);
    }

    private async Task Collect()
    {
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri("/v1/identify?wait=applied", UriKind.Relative));
        request.Headers.Authorization = Bearer(GridHost.AdminKey);
        request.Content = new StringContent(
            $$"""{"userId":"jane.cluster","traits":{"email":"{{Person}}"},"messageId":"m-cluster"}""",
            Encoding.UTF8,
            "application/json"
        );
        using HttpResponseMessage response = await _host.Reader.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private Task<HttpResponseMessage> Get(string path, AuthenticationHeaderValue? authorization)
    {
        HttpRequestMessage request = new(HttpMethod.Get, new Uri(_host.Reader.BaseAddress!, path));
        request.Headers.Authorization = authorization;
        return _host.Anybody.SendAsync(request);
    }

    private static AuthenticationHeaderValue Bearer(string key) => new("Bearer", key);

    private static AuthenticationHeaderValue Basic(string key) =>
        new("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"{key}:")));
}
