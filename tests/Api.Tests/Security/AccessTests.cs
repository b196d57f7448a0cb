using System.Net;
using Customer360.Api.Problems;
using Customer360.Api.Security;
using Customer360.Api.Tests.Support;
using Customer360.Rules.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace Customer360.Api.Tests.Security;

/// <summary>Who gets in where.</summary>
public sealed class AccessTests
{
    [Theory]
    [InlineData("/read", null, 401, "key_missing")]
    [InlineData("/read", "Bearer wrong", 401, "key_unknown")]
    [InlineData("/read", "Bearer collect", 403, "role_missing")]
    [InlineData("/admin", "Bearer read", 403, "role_missing")]
    [InlineData("/silent", null, 401, "key_missing")]
    [InlineData("/silent", "Bearer wrong", 401, "key_unknown")]
    [InlineData("/silent", "Bearer read", 403, "role_missing")]
    [InlineData("/silent", "Bearer admin", 403, "role_missing")]
    public async Task Caller_WhoMayNot_IsToldWhy(string path, string? authorization, int status, string code)
    {
        await using WebApplication app = await StartAsync();

        HttpResponseMessage response = await SendAsync(app, path, authorization);

        await response.AssertProblemAsync(status, code);
        Assert.Equal(status == 401 ? "Bearer" : "", response.Headers.WwwAuthenticate.ToString());
    }

    [Theory]
    [InlineData("/open", null, "nobody")]
    [InlineData("/open", "Bearer wrong", "nobody")]
    [InlineData("/read", "Bearer read", "key-of-read")]
    [InlineData("/read", "Basic cmVhZDo=", "key-of-read")]
    [InlineData("/read", "Bearer admin", "key-of-admin")]
    [InlineData("/admin", "Bearer admin", "key-of-admin")]
    public async Task Caller_WhoMay_IsKnownToTheEndpoint(string path, string? authorization, string caller)
    {
        await using WebApplication app = await StartAsync();

        HttpResponseMessage response = await SendAsync(app, path, authorization);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(caller, await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("/no/such/path", 404)]
    [InlineData("/read", 405)]
    public async Task Caller_OfWhatIsNoRoute_IsToldSoWithoutAKey(string path, int status)
    {
        await using WebApplication app = await StartAsync();
        using HttpClient http = app.GetTestClient();

        HttpResponseMessage response = await http.DeleteAsync(new Uri(path, UriKind.Relative));

        Assert.Equal(status, (int)response.StatusCode);
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
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(new AccessOptions());
        builder.Services.AddSingleton<WrongKeys>();
        builder.Services.AddKeyAccess();
        WebApplication app = builder.Build();
        app.UseRouting();
        app.UseMiddleware<ProblemMiddleware>();
        app.UseKeys();
        app.MapGet("/open", () => "nobody").OpenToAnybody();
        app.MapGet("/read", (HttpContext context) => Caller.Of(context).Name).RequireRole(Roles.Read);
        app.MapGet("/admin", (HttpContext context) => Caller.Of(context).Name).RequireRole(Roles.Admin);
        app.MapGet("/silent", (HttpContext context) => Caller.Of(context).Name);
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
