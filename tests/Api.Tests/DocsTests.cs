using System.Net;

namespace Customer360.Api.Tests;

/// <summary>What a newcomer finds with a browser.</summary>
public sealed class DocsTests
{
    [Theory]
    [InlineData("Development")]
    [InlineData("Production")]
    public async Task Welcome_WithoutTheConsole_SaysWhereToGoOnAndRunsNothing(string environment)
    {
        await using ProfilesHost host = await ProfilesHost.Start(
            new ProfilesWorld(),
            new(StringComparer.Ordinal) { ["Customer360:Console:Enabled"] = "false" },
            environment: environment
        );
        host.Client.DefaultRequestHeaders.Authorization = null;

        using HttpResponseMessage response = await host.Client.GetAsync("/");

        string page = await response.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/html; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        Assert.StartsWith(
            "default-src 'self';",
            Assert.Single(response.Headers.GetValues("Content-Security-Policy")),
            StringComparison.Ordinal
        );
        Assert.Equal(environment == "Development", page.Contains("href=\"/docs\"", StringComparison.Ordinal));
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("style=", page, StringComparison.OrdinalIgnoreCase);
        foreach (
            string link in page.Split("href=\"")[1..]
                .Select(part => part[..part.IndexOf('"', StringComparison.Ordinal)])
        )
        {
            using HttpResponseMessage followed = await host.Client.GetAsync(link);
            Assert.Equal(HttpStatusCode.OK, followed.StatusCode);
        }
    }

    [Fact]
    public async Task Try_OutsideDevelopment_IsNotThere()
    {
        await using ProfilesHost host = await ProfilesHost.Start(new ProfilesWorld());

        await host.GetProblem("/docs", 404);
    }

    [Fact]
    public async Task Try_InDevelopment_ShowsTheDescriptionWithoutAskingAnotherHost()
    {
        await using ProfilesHost host = await ProfilesHost.Start(new ProfilesWorld(), environment: "Development");
        host.Client.DefaultRequestHeaders.Authorization = null;

        string page = await host.Client.GetStringAsync("/docs/");

        Assert.Contains("openapi/v1.json", page, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", page, StringComparison.Ordinal);
    }
}
