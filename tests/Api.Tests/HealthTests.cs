using System.Net;
using System.Text.Json;
using Customer360.Grains.Contracts;

namespace Customer360.Api.Tests;

public sealed class HealthTests
{
    [Theory]
    [InlineData("/health/live", """{"status":"live"}""")]
    [InlineData("/health/ready", """{"status":"ready"}""")]
    public async Task Health_WithoutAKey_Answers200(string path, string body)
    {
        await using ProfilesHost host = await ProfilesHost.Start(new ProfilesWorld());
        host.Client.DefaultRequestHeaders.Authorization = null;

        using HttpResponseMessage response = await host.Client.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(body, await response.Content.ReadAsStringAsync());
        Assert.True(response.Headers.CacheControl?.NoStore);
    }

    [Fact]
    public async Task Ready_WhenNotReady_Answers503WithTheReason()
    {
        await using ProfilesHost host = await ProfilesHost.Start(new ProfilesWorld());
        host.Readiness.Answer = _ => Task.FromResult(new GridReadiness(false, "Storage does not answer."));

        JsonElement problem = await host.GetProblem("/health/ready", 503);

        Assert.Equal("not_ready", problem.GetProperty("code").GetString());
        Assert.Equal("Storage does not answer.", problem.GetProperty("detail").GetString());
        await host.GetJson("/health/live");
    }

    [Fact]
    public async Task Ready_WhenTheCheckFails_Answers503WithoutItsText()
    {
        await using ProfilesHost host = await ProfilesHost.Start(new ProfilesWorld());
        host.Readiness.Answer = _ => throw new InvalidOperationException("Host=db;Password=secret");

        JsonElement problem = await host.GetProblem("/health/ready", 503);

        Assert.DoesNotContain("secret", problem.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ready_WhenTheCheckHangs_Answers503InTime()
    {
        await using ProfilesHost host = await ProfilesHost.Start(new ProfilesWorld());
        host.Readiness.Answer = _ => new TaskCompletionSource<GridReadiness>().Task;

        JsonElement problem = await host.GetProblem("/health/ready", 503);

        Assert.Equal("The check took too long.", problem.GetProperty("detail").GetString());
    }
}
