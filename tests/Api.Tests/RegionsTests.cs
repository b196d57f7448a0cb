using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Customer360.Rules.Decisions;

namespace Customer360.Api.Tests;

/// <summary>Regions over HTTP: collected, read by region, and explained.</summary>
public sealed class RegionsTests : IDisposable
{
    private const string Rules = """
        defaultRegion: US
        regions: { default: us, names: [us, eu, jp], sources: { crm-jp: jp } }
        identifiers:
          user_id: { priority: 1, limit: 1, trust: verified, crossRegion: true }
          email: { priority: 2, limit: 5, normalisation: email }
          anonymous_id: { priority: 7, limit: 5, kind: device }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("c360-regions-").FullName;

    [Fact]
    public async Task Profile_OfAValueThatTwoRegionsHave_IsTheOneThatIsAskedFor()
    {
        await using ProfilesHost host = await StartAsync();
        await host.Collect(Jane("m1", "us", "pro"));
        await host.Collect(Jane("m2", "eu", "free"));

        Assert.Equal("pro", Plan(await host.GetJson("/v1/profiles/email:jane@x.com")));
        Assert.Equal("pro", Plan(await host.GetJson("/v1/profiles/email:jane@x.com?region=us")));
        JsonElement european = await host.GetJson("/v1/profiles/email:Jane@x.com?region=eu");
        Assert.Equal("free", Plan(european));
        Assert.Equal(Id(european), Id(await host.GetJson("/v1/profiles/email@eu:jane@x.com")));
        Assert.Equal(
            "email@eu:jane@x.com",
            string.Join(
                ' ',
                european
                    .GetProperty("identifiers")
                    .EnumerateArray()
                    .Select(one => $"{one.GetProperty("type").GetString()}:{one.GetProperty("value").GetString()}")
            )
        );
        await host.GetProblem("/v1/profiles/email:jane@x.com?region=jp", 404);
    }

    [Fact]
    public async Task Explain_SaysWhichRegionsStayApart()
    {
        await using ProfilesHost host = await StartAsync();
        await host.Collect(Jane("m1", "us", "pro"));
        await host.Collect(Jane("m2", "eu", "free"));

        JsonElement explained = await host.GetJson("/v1/profiles/email:jane@x.com/explain?region=eu");

        JsonElement refused = Assert.Single(
            explained.GetProperty("history").EnumerateArray(),
            one => one.GetProperty("kind").GetString() == DecisionKinds.Refused
        );
        Assert.Equal(
            "email is not crossRegion, so its value in region eu does not link the one in region us",
            refused.GetProperty("because").GetString()
        );
        Assert.Equal("m2", refused.GetProperty("messageId").GetString());
        // The American asks, and is told the same.
        Assert.Contains(
            (await host.GetJson("/v1/profiles/email:jane@x.com/explain")).GetProperty("history").EnumerateArray(),
            one => one.GetProperty("kind").GetString() == DecisionKinds.Refused
        );
    }

    [Fact]
    public async Task CrossRegionIdentifier_WhateverRegionIsAskedFor_IsTheSameCustomer()
    {
        await using ProfilesHost host = await StartAsync();
        await host.Collect("""{"batch":[{"type":"identify","messageId":"m1","userId":"jane"}]}""");

        Assert.Equal(
            Id(await host.GetJson("/v1/profiles/user_id:jane")),
            Id(await host.GetJson("/v1/profiles/user_id:jane?region=eu"))
        );
    }

    [Fact]
    public async Task Region_WhenItIsNotKnown_IsRefused()
    {
        await using ProfilesHost host = await StartAsync();

        JsonElement problem = await host.GetProblem("/v1/profiles/email:jane@x.com?region=mars", 400);
        Assert.Equal("unknown_region", problem.GetProperty("code").GetString());
        Assert.Equal(
            "unknown_region",
            (await host.GetProblem("/v1/profiles/email@mars:jane@x.com", 400)).GetProperty("code").GetString()
        );
        (int status, JsonElement body) = await host.PostJson(
            "/v1/track",
            ProfilesHost.CollectKey,
            """{"anonymousId":"a1","event":"e","context":{"region":"mars"}}"""
        );
        Assert.True(status == 400, body.ToString());
    }

    [Fact]
    public async Task Region_WhereTheRulesHaveNone_IsRefusedInReadsAndIgnoredInMessages()
    {
        await using ProfilesHost host = await ProfilesHost.StartReal(_folder);
        await host.Collect(Jane("m1", "mars", "pro"));

        Assert.Equal("pro", Plan(await host.GetJson("/v1/profiles/email:jane@x.com")));
        await host.GetProblem("/v1/profiles/email:jane@x.com?region=eu", 400);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<ProfilesHost> StartAsync()
    {
        ProfilesHost host = await ProfilesHost.StartReal(_folder);
        using var request = new HttpRequestMessage(HttpMethod.Put, "/v1/policies/identity");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ProfilesHost.AdminKey);
        request.Content = new StringContent(Rules, Encoding.UTF8, "application/yaml");
        using HttpResponseMessage response = await host.Client.SendAsync(request);
        Assert.True(response.StatusCode == HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        return host;
    }

    private static string Jane(string messageId, string region, string plan) =>
        $$$"""
            {"batch":[{"type":"identify","messageId":"{{{messageId}}}","context":{"region":"{{{region}}}"},
              "traits":{"email":"jane@x.com","plan":"{{{plan}}}"}}]}
            """;

    private static string? Plan(JsonElement profile) => profile.GetProperty("traits").GetProperty("plan").GetString();

    private static string? Id(JsonElement profile) => profile.GetProperty("customerId").GetString();
}
