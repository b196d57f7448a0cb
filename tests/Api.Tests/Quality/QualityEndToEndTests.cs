using System.Net;
using System.Text.Json;
using Customer360.Api.Tests.Destinations;
using Customer360.Api.Tests.Privacy;
using Customer360.Grains.Contracts;
using Customer360.Rules.Contracts;
using Customer360.Rules.Policies;
using Customer360.Rules.Quality;
using Microsoft.Extensions.DependencyInjection;

namespace Customer360.Api.Tests.Quality;

/// <summary>On the program that users run: a check goes bad, its owner is told, it is good again; and what there is is in the catalogue.</summary>
public sealed class QualityEndToEndTests
{
    private const string Destinations = """
        owner: {team: data, contact: "#data"}
        destinations:
          hook: {kind: webhook, address: "https://127.0.0.1:$PORT/hook", secrets: [FIRST], effects: [quality.alert]}
          alertmanager:
            kind: http
            address: https://127.0.0.1:$PORT/api/v2/alerts
            effects: [quality.alert]
            body:
              - labels: {alertname: $.alert.check, severity: $.alert.level, source: $.alert.source, team: $.alert.team}
                annotations: {summary: $.alert.summary, runbook_url: $.alert.runbook, cause: $.alert.cause}
                startsAt: $.alert.startedAt
                endsAt: $.alert.endsAt
        """;

    private const string Checks = """
        owner: {team: data, contact: "#data"}
        queues:
          heldMessages: {owner: {team: shop, contact: "#shop"}, sla: 4h}
        checks:
          web-fresh: {kind: freshness, sources: [web], fail: {above: 240}, objective: {target: 99%, days: 28}}
          orders: {kind: violations, event: Order Completed, fail: {above: 10%}}
        """;

    private const string Contracts = """
        owner: {team: shop, contact: "#shop"}
        modes: {violations: quarantine}
        contracts:
          - name: Order Completed
            description: A customer has paid.
            versions: [{version: 1.0.0, schema: {properties: {total: {type: number}, currency: {type: string}}}}]
          - type: identify
            owner: {team: billing, contact: "#billing"}
            versions: [{version: 1.0.0, schema: {properties: {plan: {type: string}}}}]
        """;

    [Fact]
    public async Task Check_ThatGoesBad_IsToldToItsOwner_AndIsGoodAgain()
    {
        await using DestinationHost host = await DestinationHost.Start(Destinations);
        await Put<QualityPolicy>(host, "quality", Checks, policy => policy.Checks.Count == 2);

        await Look(host);
        Dictionary<string, JsonElement> told = await Receive(host);
        JsonElement alert = told["/hook"].GetProperty("data");
        Assert.Equal("quality.alert", told["/hook"].GetProperty("type").GetString());
        Assert.Equal("firing noData web-fresh web data", Shown(alert, "status", "level", "check", "source", "team"));
        Assert.Equal("docs/runbooks/freshness.md", alert.GetProperty("runbook").GetString());
        JsonElement posted = Assert.Single(told["/api/v2/alerts"].EnumerateArray());
        Assert.Equal(
            "web-fresh noData web data",
            Shown(posted.GetProperty("labels"), "alertname", "severity", "source", "team")
        );
        Assert.True(posted.GetProperty("endsAt").GetDateTimeOffset() > TimeProvider.System.GetUtcNow().AddDays(1));

        await host.Track("u-1", "Clicked");
        JsonElement check = default;
        await DestinationHost.Until(async () =>
        {
            await Look(host);
            JsonElement page = await Get(host, "/v1/quality?check=web-fresh&history=true");
            check = Assert.Single(page.GetProperty("checks").EnumerateArray());
            return check.GetProperty("state").GetString() == "ok";
        });
        told = await Receive(host);

        Assert.Equal("resolved ok", Shown(told["/hook"].GetProperty("data"), "status", "level"));
        Assert.True(
            told["/api/v2/alerts"][0].GetProperty("endsAt").GetDateTimeOffset() <= TimeProvider.System.GetUtcNow()
        );
        Assert.Equal(JsonValueKind.Null, check.GetProperty("alert").ValueKind);
        Assert.Equal("ok", check.GetProperty("history")[0].GetProperty("state").GetString());
        Assert.Equal("data", check.GetProperty("owner").GetProperty("team").GetString());
        Assert.Empty((await Get(host, "/v1/quality?state=failing")).GetProperty("checks").EnumerateArray());
        await GetProblem(host, "/v1/quality?state=bad", HttpStatusCode.BadRequest);
        await GetProblem(host, "/v1/quality?limit=0", HttpStatusCode.BadRequest);
        await GetProblem(host, "/v1/quality?cursor=x", HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Catalog_OfWhatThereIs_NamesOwnersSourcesAndConsumers_AndQueuesWhatWaits()
    {
        await using DestinationHost host = await DestinationHost.Start(Destinations);
        await Put<QualityPolicy>(host, "quality", Checks, policy => policy.Checks.Count == 2);
        await Put<ContractsPolicy>(host, "contracts", Contracts, policy => policy.Contracts.Length == 2);
        await host.Track("u-1", "Order Completed");
        await host.Grid.Send(
            "track",
            "\"userId\":\"u-1\",\"event\":\"Order Completed\",\"properties\":{\"total\":\"9\"}"
        );
        await host.Track("u-1", "Jane's secret");

        await DestinationHost.Until(async () =>
        {
            await Look(host);
            JsonElement events = (await Get(host, "/v1/catalog?kind=event")).GetProperty("entries");
            // Those that somebody has sent: a contract alone is an entry, too.
            return events.EnumerateArray().Count(one => one.GetProperty("sources").GetArrayLength() == 1) == 2;
        });

        JsonElement order = await Entry(host, "event", "Order Completed");
        Assert.Equal(
            """{"team":"shop","contact":"#shop"} ["1.0.0"] ["web"] ["check:orders"]""",
            string.Join(
                ' ',
                new[] { "owner", "contracts", "sources", "consumers" }.Select(name =>
                    order.GetProperty(name).GetRawText()
                )
            )
        );
        Assert.NotEqual(JsonValueKind.Null, order.GetProperty("firstSeenAt").ValueKind);
        Assert.DoesNotContain(
            "secret",
            (await Get(host, "/v1/catalog?limit=200")).GetRawText(),
            StringComparison.Ordinal
        );
        Assert.Equal(
            "billing",
            (await Entry(host, "field", "traits.plan")).GetProperty("owner").GetProperty("team").GetString()
        );
        Assert.Equal(
            "data",
            (await Entry(host, "policy", "quality")).GetProperty("owner").GetProperty("team").GetString()
        );
        Assert.NotEmpty((await Get(host, "/v1/catalog?kind=identifier")).GetProperty("entries").EnumerateArray());
        Assert.Equal(2, (await Get(host, "/v1/catalog?kind=destination")).GetProperty("entries").GetArrayLength());
        await GetProblem(host, "/v1/catalog?kind=people", HttpStatusCode.BadRequest);

        // All pages together are the whole.
        List<string> paged = [];
        string? next = null;
        do
        {
            JsonElement page = await Get(host, $"/v1/catalog?limit=7{(next is null ? "" : $"&cursor={next}")}");
            paged.AddRange(
                page.GetProperty("entries").EnumerateArray().Select(one => one.GetProperty("name").GetString()!)
            );
            next = page.GetProperty("next").GetString();
        } while (next is not null);
        JsonElement whole = await Get(host, "/v1/catalog?limit=200");
        Assert.Equal(
            whole.GetProperty("entries").EnumerateArray().Select(one => one.GetProperty("name").GetString()!),
            paged
        );

        JsonElement mastered = await Get(host, "/v1/catalog/questions/mastered?field=plan");
        Assert.Equal("* latest", Shown(mastered, "rule", "strategy"));
        Assert.Equal("billing", mastered.GetProperty("owner").GetProperty("team").GetString());
        await GetProblem(host, "/v1/catalog/questions/mastered", HttpStatusCode.BadRequest);

        JsonElement queues = (await Get(host, "/v1/queues")).GetProperty("queues");
        Assert.Equal(QualityQueues.All, queues.EnumerateArray().Select(one => one.GetProperty("name").GetString()!));
        JsonElement held = queues[1];
        Assert.Equal(1, held.GetProperty("waiting").GetInt32());
        Assert.Equal("shop", held.GetProperty("owner").GetProperty("team").GetString());
        Assert.False(held.GetProperty("isLate").GetBoolean());
        Assert.Equal("""[{"name":"contract_violated","waiting":1}]""", held.GetProperty("parts").GetRawText());
    }

    /// <summary>As its reminder does.</summary>
    private static Task Look(DestinationHost host) =>
        host.Grid.Services.GetRequiredService<IGrainFactory>().GetGrain<IQualityMonitorGrain>(GrainKeys.Current).Look();

    /// <summary>What both destinations get, by path.</summary>
    private static async Task<Dictionary<string, JsonElement>> Receive(DestinationHost host)
    {
        Dictionary<string, JsonElement> told = new(StringComparer.Ordinal);
        while (told.Count < 2)
        {
            ReceivedCallback one = await host.Receiver.Next();
            Assert.True(told.TryAdd(one.Body.ValueKind == JsonValueKind.Array ? "/api/v2/alerts" : "/hook", one.Body));
        }

        return told;
    }

    private static async Task Put<T>(DestinationHost host, string kind, string yaml, Func<T, bool> isFollowed)
        where T : class
    {
        (HttpStatusCode status, JsonElement answer) = await host.Grid.Ask(
            HttpMethod.Put,
            $"/v1/policies/{kind}",
            ProfilesHost.AdminKey,
            yaml
        );
        Assert.True(status == HttpStatusCode.OK, answer.ToString());
        IPolicy<T> policy = host.Grid.Services.GetRequiredService<IPolicy<T>>();
        await DestinationHost.Until(() => Task.FromResult(isFollowed(policy.Current)));
    }

    private static async Task<JsonElement> Get(DestinationHost host, string path)
    {
        (HttpStatusCode status, JsonElement answer) = await host.Grid.Ask(HttpMethod.Get, path, ProfilesHost.AdminKey);
        Assert.True(status == HttpStatusCode.OK, answer.ToString());
        return answer;
    }

    private static async Task GetProblem(DestinationHost host, string path, HttpStatusCode expected)
    {
        (HttpStatusCode status, JsonElement answer) = await host.Grid.Ask(HttpMethod.Get, path, ProfilesHost.AdminKey);
        Assert.True(status == expected, answer.ToString());
    }

    private static async Task<JsonElement> Entry(DestinationHost host, string kind, string name) =>
        (await Get(host, $"/v1/catalog?limit=200&kind={kind}"))
            .GetProperty("entries")
            .EnumerateArray()
            .Single(one => one.GetProperty("name").GetString() == name);

    private static string Shown(JsonElement of, params string[] members) =>
        string.Join(' ', members.Select(member => of.GetProperty(member).GetString()));
}
