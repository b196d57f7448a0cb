using System.Net;
using Customer360.Api.Tests.Support;

namespace Customer360.Api.Tests.Collect;

/// <summary>What a browser asks and needs before a page of another origin may send.</summary>
public sealed class CrossOriginTests : IDisposable
{
    private const string Origin = "https://shop.example";

    private readonly CollectHost _host = new();

    public void Dispose() => _host.Dispose();

    [Theory]
    [InlineData("/v1/t")]
    [InlineData("/v1/batch")]
    [InlineData("/v1/m")]
    [InlineData("/v1/import/")]
    public async Task Preflight_FromAnyOrigin_AllowsWhatItAsksFor(string path)
    {
        using HttpRequestMessage request = new(HttpMethod.Options, path);
        request.Headers.Add("Origin", Origin);
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "authorization,content-type,x-retry-count");

        HttpResponseMessage response = await _host.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal(Origin, Header(response, "Access-Control-Allow-Origin"));
        Assert.Equal("true", Header(response, "Access-Control-Allow-Credentials"));
        Assert.Equal("authorization,content-type,x-retry-count", Header(response, "Access-Control-Allow-Headers"));
        Assert.Contains("POST", Header(response, "Access-Control-Allow-Methods"), StringComparison.Ordinal);
        Assert.Equal("900", Header(response, "Access-Control-Max-Age"));
        Assert.Contains("Origin", response.Headers.Vary);
    }

    [Theory]
    [InlineData(null, 401)]
    [InlineData(CollectHost.CollectKey, 200)]
    [InlineData(CollectHost.CollectKey, 429)]
    [InlineData(CollectHost.CollectKey, 503)]
    public async Task Answer_OfAnyStatus_IsReadableByThePage(string? key, int status)
    {
        _host.Intake.OverloadedForSeconds = status == 429 ? 2 : null;
        _host.Intake.Before = _ => status == 503 ? throw new TimeoutException() : Task.CompletedTask;
        using HttpRequestMessage request = new(HttpMethod.Post, "/v1/t") { Content = new StringContent(Wire.Track) };
        request.Headers.Add("Origin", Origin);
        request.Headers.Authorization = key is null ? null : new("Bearer", key);

        HttpResponseMessage response = await _host.Http.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(Origin, Header(response, "Access-Control-Allow-Origin"));
        Assert.Contains("Retry-After", Header(response, "Access-Control-Expose-Headers"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Options_WithoutOrigin_IsAWrongVerb()
    {
        using HttpRequestMessage request = new(HttpMethod.Options, "/v1/t");

        HttpResponseMessage response = await _host.Http.SendAsync(request);

        await response.AssertProblemAsync(405, "method_not_allowed");
        Assert.Equal("POST", response.Content.Headers.Allow.Single());
    }

    [Fact]
    public async Task Request_WithoutOrigin_GetsNoCrossOriginHeaders()
    {
        HttpResponseMessage response = await _host.Authorized.PostTextAsync("/v1/t", Wire.Track);

        Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
    }

    private static string Header(HttpResponseMessage response, string name) =>
        response.Headers.GetValues(name).Single();
}
