using System.Net;
using System.Text;
using System.Text.Json;
using Customer360.Rules.Policies;
using Customer360.Rules.Routing;
using Customer360.Silo.Policies;
using Customer360.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Customer360.Api.Tests.Routing;

/// <summary><c>POST /v1/routing:decide</c>: trying out who would get a lead.</summary>
public sealed class RoutingDecideTests
{
    private const string Path = "/v1/routing:decide";
    private const string HotLead = """{"source":"demo","territory":"emea","score":62}""";

    /// <summary>A Friday morning in Berlin.</summary>
    private const string Morning = "2026-11-27T09:00:00Z";

    [Fact]
    public async Task Decide_ByWhatIsInForce_SaysWhoAndEveryRule()
    {
        await using ProfilesHost host = await Start();

        JsonElement answer = await Decide(host, $$"""{"facts":{{HotLead}},"at":"{{Morning}}"}""");

        JsonElement decision = answer.GetProperty("decision");
        Assert.Equal(("assigned", "ann", "emea-mid", "hot-demo"), Of(decision));
        Assert.Equal(
            ["two-owners unknown", "account-owner false", "hot-demo fired", "german-speakers unknown", "small unknown"],
            decision
                .GetProperty("rules")
                .EnumerateArray()
                .Select(rule => $"{rule.GetProperty("rule")} {rule.GetProperty("outcome")}")
        );
        JsonElement source = decision.GetProperty("rules")[2].GetProperty("if").GetProperty("parts")[0];
        Assert.Equal("""["demo","pricing"]""", source.GetProperty("wanted").GetRawText());
        Assert.Equal("demo", source.GetProperty("actual").GetString());
        Assert.Equal(VersionOf<RoutingPolicy>(host), answer.GetProperty("policyVersion").GetString());
        Assert.Equal(VersionOf<SalesTeam>(host), answer.GetProperty("teamVersion").GetString());
    }

    [Theory]
    [InlineData("""{"facts":HOT,"at":"MORNING","openLeads":{"ann":25}}""", "assigned", "bob", null)]
    [InlineData("""{"facts":HOT,"at":"MORNING","excluded":["ann"]}""", "assigned", "bob", null)]
    [InlineData("""{"facts":HOT,"at":"2026-12-28T09:00:00Z"}""", "assigned", "bob", null)]
    [InlineData("""{"facts":{"source":"demo","score":62},"at":"MORNING"}""", "queued", null, "territoryMissing")]
    [InlineData("""{"facts":{"source":null,"territory":"apac"},"at":"MORNING"}""", "queued", null, "otherwise")]
    public async Task Decide_OfAnotherSituation_SaysWhatThePolicyAnswers(
        string body,
        string outcome,
        string? person,
        string? situation
    )
    {
        await using ProfilesHost host = await Start();

        JsonElement decision = (
            await Decide(
                host,
                body.Replace("HOT", HotLead, StringComparison.Ordinal)
                    .Replace("MORNING", Morning, StringComparison.Ordinal)
            )
        ).GetProperty("decision");

        Assert.Equal((outcome, person), (Of(decision).Outcome, Of(decision).Person));
        Assert.Equal(
            situation is null ? [] : [situation],
            decision.GetProperty("answers").EnumerateArray().Select(one => one.GetProperty("situation").GetString())
        );
    }

    [Fact]
    public async Task Decide_ByProposedFiles_ChangesNothing()
    {
        await using ProfilesHost host = await Start();
        const string Team = "people: {ann: {zone: UTC, week: {fri: [09:00-17:00]}}}";
        const string Rules = """
            owner: {team: sales, contact: sales}
            queues: [all]
            answers: {otherwise: {queue: all}}
            """;
        JsonElement answer = await Decide(
            host,
            $$"""{"facts":{{HotLead}},"policy":{{JsonSerializer.Serialize(Rules)}},"team":{{JsonSerializer.Serialize(Team)}}}"""
        );

        Assert.Equal("all", answer.GetProperty("decision").GetProperty("queue").GetString());
        Assert.NotEqual(VersionOf<RoutingPolicy>(host), answer.GetProperty("policyVersion").GetString());
        JsonElement after = await Decide(host, $$"""{"facts":{{HotLead}},"at":"{{Morning}}"}""");
        Assert.Equal("ann", after.GetProperty("decision").GetProperty("person").GetString());
    }

    [Theory]
    [InlineData("""[]""", "invalid_json")]
    [InlineData("""{}""", "invalid_json")]
    [InlineData("""{"facts":[]}""", "invalid_json")]
    [InlineData("""{"facts":{"colour":"red"}}""", "invalid_json")]
    [InlineData("""{"facts":{"score":"many"}}""", "invalid_json")]
    [InlineData("""{"facts":{},"when":"now"}""", "invalid_json")]
    [InlineData("""{"facts":{},"at":"now"}""", "invalid_json")]
    [InlineData("""{"facts":{},"openLeads":{"ann":-1}}""", "invalid_json")]
    [InlineData("""{"facts":{},"excluded":"ann"}""", "invalid_json")]
    [InlineData("""{"facts":{},"policy":7}""", "invalid_json")]
    [InlineData("""{"facts":{},"policy":"rules: 7"}""", "invalid_policy")]
    public async Task Decide_OfABadBody_SaysWhatIsWrong(string body, string code)
    {
        await using ProfilesHost host = await ProfilesHost.Start(new ProfilesWorld());

        using HttpResponseMessage response = await Post(host, body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        JsonElement problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.Clone();
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.DoesNotContain("UTF-8", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("many", problem.GetRawText(), StringComparison.Ordinal);
    }

    private static (string? Outcome, string? Person, string? Pool, string? Rule) Of(JsonElement decision) =>
        (Text(decision, "outcome"), Text(decision, "person"), Text(decision, "pool"), Text(decision, "rule"));

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

    /// <summary>The sample files of the documentation are in force.</summary>
    private static Task<ProfilesHost> Start() =>
        ProfilesHost.Start(
            new ProfilesWorld(),
            configure: services =>
            {
                services.AddSingleton<IPolicy<RoutingPolicy>>(Sample<RoutingPolicy>("routing"));
                services.AddSingleton<IPolicy<SalesTeam>>(Sample<SalesTeam>("sales-team"));
            }
        );

    private static FixedPolicy<T> Sample<T>(string name)
        where T : class
    {
        PolicyKinds kinds = PolicyServices.KnownKinds();
        string text = File.ReadAllText(Repository.Path("docs", "policies", $"{name}.yaml"));
        var reading = (PolicyReading<T>)kinds.Read(kinds.Find(name)!, text);
        Assert.Empty(reading.Faults);
        return new FixedPolicy<T>(reading.Body!.Base, reading.Body.Version);
    }

    private static string VersionOf<T>(ProfilesHost host)
        where T : class => host.Services.GetRequiredService<IPolicy<T>>().InForce.Body.Version;

    private static async Task<JsonElement> Decide(ProfilesHost host, string body)
    {
        using HttpResponseMessage response = await Post(host, body);
        string answer = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, answer);
        return JsonDocument.Parse(answer).RootElement.Clone();
    }

    private static async Task<HttpResponseMessage> Post(ProfilesHost host, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Path, UriKind.Relative))
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new("Bearer", ProfilesHost.AdminKey);
        return await host.Client.SendAsync(request);
    }
}
