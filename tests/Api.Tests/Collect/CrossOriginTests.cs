using System.Net;
using System.Text;
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

    [Theory]
    [InlineData("Origin: https://sh\u00F6p.example", "Origin")]
    [InlineData(
        "Origin: https://shop.example\r\nAccess-Control-Request-Headers: x-\u00E4",
        "Access-Control-Request-Headers"
    )]
    [InlineData("Origin: \u0001", "Origin")]
    public async Task Preflight_WithWhatNoHeaderCanHold_IsABadRequest(string headers, string header)
    {
        string answer = await SendAsync(
            $"OPTIONS /v1/t HTTP/1.1\r\nAccess-Control-Request-Method: POST\r\n{headers}",
            ""
        );

        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        if (!headers.Contains('\u0001', StringComparison.Ordinal))
        {
            Assert.Contains("invalid_header", answer, StringComparison.Ordinal);
            Assert.Contains(header, answer, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Message_WithAnOriginThatNoHeaderCanHold_IsTakenAndNotEchoed()
    {
        string answer = await SendAsync(
            $"POST /v1/t HTTP/1.1\r\nAuthorization: Bearer {CollectHost.CollectKey}\r\nOrigin: https://sh\u00F6p.example",
            Wire.Track
        );

        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Access-Control-Allow-Origin", answer, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("u1", _host.Intake.Only.Anchor.Value);
    }

    /// <summary>Written by hand: HttpClient sends no such headers.</summary>
    private Task<string> SendAsync(string head, string body) =>
        Wire.SendRawAsync(
            _host.Address,
            Encoding.UTF8.GetBytes(
                $"{head}\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {body.Length}\r\n\r\n{body}"
            )
        );

    private static string Header(HttpResponseMessage response, string name) =>
        response.Headers.GetValues(name).Single();
}
