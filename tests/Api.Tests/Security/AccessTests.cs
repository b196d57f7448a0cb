using System.Net;
using Customer360.Api.Problems;
using Customer360.Api.Security;
using Customer360.Api.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace Customer360.Api.Tests.Security;

/// <summary>Who gets in where.</summary>
public sealed class AccessTests
{
    [Fact]
    public void Endpoints_OfTheApi_AllStateTheirAccessRule()
    {
        using CollectHost host = new();

        IEnumerable<string?> silent = host
            .Services.GetServices<EndpointDataSource>()
            .SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<AccessRule>() is null)
            .Select(endpoint => endpoint.RoutePattern.RawText);

        Assert.Empty(silent);
    }

    [Theory]
    [InlineData("/read", null, 401, "key_missing")]
    [InlineData("/read", "Bearer wrong", 401, "key_unknown")]
    [InlineData("/read", "Bearer collect", 403, "role_missing")]
    [InlineData("/admin", "Bearer read", 403, "role_missing")]
    [InlineData("/silent", "Bearer read", 403, "role_missing")]
    [InlineData("/silent", null, 401, "key_missing")]
    public async Task Caller_WhoMayNot_IsToldWhy(string path, string? authorization, int status, string code)
    {
        await using WebApplication app = await StartAsync();

        HttpResponseMessage response = await SendAsync(app, path, authorization);

        await response.AssertProblemAsync(status, code);
    }

    [Theory]
    [InlineData("/open", null, "nobody")]
    [InlineData("/read", "Bearer read", "key-of-read")]
    [InlineData("/read", "Basic cmVhZDo=", "key-of-read")]
    [InlineData("/read", "Bearer admin", "key-of-admin")]
    [InlineData("/admin", "Bearer admin", "key-of-admin")]
    [InlineData("/silent", "Bearer admin", "key-of-admin")]
    public async Task Caller_WhoMay_IsKnownToTheEndpoint(string path, string? authorization, string caller)
    {
        await using WebApplication app = await StartAsync();

        HttpResponseMessage response = await SendAsync(app, path, authorization);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(caller, await response.Content.ReadAsStringAsync());
    }

    private static async Task<WebApplication> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        builder.WebHost.UseTestServer();
        (string, Roles)[] keys = [("collect", Roles.Collect), ("read", Roles.Read), ("admin", Roles.Admin)];
        builder.Services.AddSingleton(
            new ApiKeys(
                keys.Select(key =>
                    (new ApiKey($"key-of-{key.Item1}", key.Item2), System.Text.Encoding.ASCII.GetBytes(key.Item1))
                )
            )
        );
        WebApplication app = builder.Build();
        app.UseMiddleware<ProblemMiddleware>();
        app.UseAccess();
        app.MapGet("/open", () => "nobody").OpenToAnybody();
        app.MapGet("/read", (Microsoft.AspNetCore.Http.HttpContext context) => Caller.Of(context).Name)
            .RequireRole(Roles.Read);
        app.MapGet("/admin", (Microsoft.AspNetCore.Http.HttpContext context) => Caller.Of(context).Name)
            .RequireRole(Roles.Admin);
        app.MapGet("/silent", (Microsoft.AspNetCore.Http.HttpContext context) => Caller.Of(context).Name);
        await app.StartAsync();
        return app;
    }

    private static async Task<HttpResponseMessage> SendAsync(WebApplication app, string path, string? authorization)
    {
        using HttpClient http = app.GetTestClient();
        using HttpRequestMessage request = new(HttpMethod.Get, path);
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        return await http.SendAsync(request);
    }
}
