using System.Net;
using System.Text;
using System.Text.Json;
using Customer360.Api.Hosting;
using Customer360.Api.Settings;
using Customer360.Api.Tests.Support;
using Microsoft.Extensions.Configuration;

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
        Assert.True(response.Headers.CacheControl?.Private);
        Assert.False(response.Headers.CacheControl?.Public);
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
        Assert.True(response.Headers.CacheControl?.Public);
    }

    [Fact]
    public async Task Settings_BehindAProxy_DoNotFollowTheHostOfARequest()
    {
        using CollectHost host = new(("Customer360:PublicUrl", "https://grid.example.com/cdp/"));

        string answer = await AskAs(host, "evil.example");

        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.Contains("grid.example.com/cdp/v1", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("evil", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a:99999")]
    [InlineData("a:b")]
    [InlineData("a..b:1:2")]
    [InlineData("-.-_:0x1")]
    [InlineData("[::1")]
    public async Task Settings_ForAHostThatThereCanNotBe_AreABadRequest(string name)
    {
        using CollectHost host = new();

        string answer = await AskAs(host, name);

        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_ForAHostThatIsTooLong_AreABadRequest()
    {
        using CollectHost host = new();

        string answer = await AskAs(host, new string('a', 8_000));

        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_WithAPublicAddressThatIsNone_EndTheStart()
    {
        SettingInvalidException error = Assert.Throws<SettingInvalidException>(() =>
            new PublicAddress(
                new ConfigurationBuilder()
                    .AddInMemoryCollection([new("Customer360:PublicUrl", "grid.example.com")])
                    .Build()
            )
        );

        Assert.Contains("CUSTOMER360__PUBLICURL", error.Message, StringComparison.Ordinal);
    }

    private static Task<string> AskAs(CollectHost host, string name) =>
        Wire.SendRawAsync(
            host.Address,
            Encoding.ASCII.GetBytes(
                $"GET /v1/projects/{CollectHost.CollectKey}/settings HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n"
            )
        );

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
