using System.Net;
using System.Text.Json;
using Customer360.Api.Tests.Support;

namespace Customer360.Api.Tests.Collect;

/// <summary>What SDKs ask for before they send.</summary>
public sealed class SdkSettingsTests
{
    [Fact]
    public async Task Settings_OfACollectKey_SendTheSdkHere()
    {
        using CollectHost host = new();
        using HttpRequestMessage request = new(HttpMethod.Get, $"/v1/projects/{CollectHost.CollectKey}/settings");
        request.Headers.Add("Origin", "https://shop.example");

        HttpResponseMessage response = await host.Http.SendAsync(request);

        JsonElement settings = await response.ReadJsonAsync(HttpStatusCode.OK);
        JsonElement destination = settings.GetProperty("integrations").GetProperty("Segment.io");
        Assert.Equal(CollectHost.CollectKey, destination.GetProperty("apiKey").GetString());
        Assert.Equal($"{host.Address.Authority}/v1", destination.GetProperty("apiHost").GetString());
        Assert.Equal("http", destination.GetProperty("protocol").GetString());
        Assert.Equal(0, settings.GetProperty("metrics").GetProperty("sampleRate").GetDouble());
        Assert.Equal(TimeSpan.FromMinutes(5), response.Headers.CacheControl?.MaxAge);
        Assert.Equal("https://shop.example", response.Headers.GetValues("Access-Control-Allow-Origin").Single());
    }

    [Fact]
    public async Task Settings_BehindAProxy_NameThePublicAddress()
    {
        using CollectHost host = new(("Customer360:PublicUrl", "https://grid.example.com/cdp/"));

        HttpResponseMessage response = await host.Http.GetAsync(
            new Uri($"/v1/projects/{CollectHost.CollectKey}/settings", UriKind.Relative)
        );

        JsonElement settings = await response.ReadJsonAsync(HttpStatusCode.OK);
        JsonElement destination = settings.GetProperty("integrations").GetProperty("Segment.io");
        Assert.Equal("grid.example.com/cdp/v1", destination.GetProperty("apiHost").GetString());
        Assert.Equal("https", destination.GetProperty("protocol").GetString());
    }

    [Theory]
    [InlineData("wrong")]
    [InlineData(CollectHost.ReadKey)]
    [InlineData(CollectHost.AdminKey)]
    public async Task Settings_OfAnyOtherKey_AreNotThere(string key)
    {
        using CollectHost host = new();

        HttpResponseMessage response = await host.Http.GetAsync(
            new Uri($"/v1/projects/{key}/settings", UriKind.Relative)
        );

        await response.AssertProblemAsync(404, "not_found");
    }
}
