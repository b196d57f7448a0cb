using System.Text.Json;
using Customer360.Api.Tests.Webhooks;
using Customer360.Tests.Support;

namespace Customer360.Api.Tests.Leads;

/// <summary>
/// A lead's whole way on the program that users run: a visit, a form, a contact of HubSpot, two people who turn out to be one, the stages,
/// the rule and its explanation, the answer of sales, the deal; and a split, after which each lead is where it belongs.
/// </summary>
public sealed class LeadTourTests
{
    private const string Sources = "sources:\n  hubspot: {kind: hubspot, verify: {template: hubspot}}\n";

    private const string Team = """
        owner: {team: sales-operations, contact: "#sales-operations"}
        calendars:
          all:
            zone: Etc/UTC
            week: {sun: ["00:00-24:00"], mon: ["00:00-24:00"], tue: ["00:00-24:00"], wed: ["00:00-24:00"], thu: ["00:00-24:00"], fri: ["00:00-24:00"], sat: ["00:00-24:00"]}
        people:
          ann: {calendar: all, territories: [emea]}
          bob: {calendar: all, territories: [emea]}
        examples:
          - input: {person: ann, at: "2026-11-27T09:00:00Z"}
            expect: {availability: available}
        """;

    private const string Routing = """
        owner: {team: sales-operations, contact: "#sales-operations"}
        queues: [triage, overflow]
        pools:
          emea: {members: [ann, bob], territory: match}
        answers:
          duplicate: continue
          openOpportunity: continue
          territoryMissing: {queue: triage}
          ownerAway: {queue: triage}
          noCapacity: {queue: overflow}
          outsideHours: assign
          otherwise: {queue: triage}
        rules:
          - name: hot-demo
            if: {all: [{fact: territory, equals: emea}, {fact: score, atLeast: 50}]}
            then: {pool: emea}
            sla: {minutes: 30, remindAt: 50, timeout: reroute, reroutes: 2, queue: triage}
            examples:
              - {facts: {territory: emea, score: 62}, fires: true}
              - {facts: {territory: emea, score: 12}, fires: false}
        examples:
          - input: {lead: {territory: emea, score: 62}}
            expect: {to: person ann, rule: hot-demo}
        """;

    [Fact]
    public async Task Lead_FromTheFirstVisitToACustomer_AndBackByASplit()
    {
        await using WebhookHost host = await Start();

        // A visit, a form, and a demo.
        await host.Collect(
            """{"type":"page","messageId":"p1","anonymousId":"a1","name":"Pricing"}""",
            """{"type":"track","messageId":"f1","anonymousId":"a1","event":"Form Submitted"}""",
            """{"type":"identify","messageId":"i1","anonymousId":"a1","traits":{"email":"jane@acme.example","company":"Acme","jobTitle":"Head of Data","employees":250,"territory":"emea"}}"""
        );
        JsonElement visitor = await LeadOf(host, "email:jane@acme.example");
        Assert.Equal(("lead", "new"), (Text(visitor, "stage"), Text(visitor, "status")));

        // HubSpot knows somebody of another address.
        Assert.Equal(
            200,
            (
                await host.SendHubSpot(
                    """
                    [{"eventId":1,"subscriptionId":7,"portalId":62515,"occurredAt":1795770000000,"subscriptionType":"contact.propertyChange","objectId":1,"propertyName":"email","propertyValue":"j.doe@acme.example"}]
                    """
                )
            ).Status
        );
        JsonElement contact = await LeadOf(host, "email:j.doe@acme.example");
        Assert.NotEqual(Text(visitor, "leadId"), Text(contact, "leadId"));

        // Both name one telephone number: they are the same person, and one lead stays open.
        await host.Collect(
            """{"type":"identify","messageId":"i3","traits":{"email":"jane@acme.example","phone":"+14155550123"},"anonymousId":"a1"}""",
            """{"type":"identify","messageId":"i4","traits":{"email":"j.doe@acme.example","phone":"+14155550123"},"anonymousId":"a2"}"""
        );
        await WebhookHost.Until(async () => (await LeadsOf(host, "email:jane@acme.example")).Length == 2);
        await host.Collect(
            """{"type":"identify","messageId":"i2","userId":"u1","anonymousId":"a1","traits":{"email":"jane@acme.example"}}"""
        );
        await WebhookHost.Until(async () => (await LeadsOf(host, "user_id:u1", "open=true")).Length == 1);
        Assert.Equal(2, (await LeadsOf(host, "user_id:u1")).Length);

        // The demo takes it over the bar, and the rule gives it to somebody.
        await host.Collect("""{"type":"track","messageId":"d1","userId":"u1","event":"Demo Requested"}""");
        JsonElement open = (await LeadsOf(host, "user_id:u1", "open=true")).Single();
        Assert.Equal(("mql", "offered"), (Text(open, "stage"), Text(open, "status")));
        string owner = Text(open, "owner")!;
        string leadId = Text(open, "leadId")!;
        (int status, JsonElement why) = await host.Ask(HttpMethod.Get, $"/v1/leads/{leadId}/explain");
        Assert.Equal(200, status);
        JsonElement decision = why.GetProperty("decision").GetProperty("decision");
        Assert.Equal(("hot-demo", owner), (Text(decision, "rule"), Text(decision, "person")));
        Assert.Equal("emea", Text(why.GetProperty("decision").GetProperty("facts"), "territory"));
        Assert.Equal(
            "demo",
            Text(
                why.GetProperty("score")
                    .GetProperty("lines")
                    .EnumerateArray()
                    .Single(line => Text(line, "group") == "intent"),
                "rule"
            )
        );

        // Sales take it.
        Assert.Equal(
            409,
            (
                await host.Ask(HttpMethod.Post, $"/v1/leads/{leadId}:accept", Person(owner == "ann" ? "bob" : "ann"))
            ).Status
        );
        Assert.Equal(200, (await host.Ask(HttpMethod.Post, $"/v1/leads/{leadId}:accept", Person(owner))).Status);
        Assert.Equal(200, (await host.Ask(HttpMethod.Post, $"/v1/leads/{leadId}:accept", Person(owner))).Status);

        // A deal, and it is won.
        await host.Collect("""{"type":"identify","messageId":"o1","userId":"u1","traits":{"openOpportunity":true}}""");
        Assert.Equal("opportunity", Text(await Lead(host, leadId), "stage"));

        // They were two people after all.
        (status, JsonElement split) = await host.Ask(
            HttpMethod.Post,
            "/v1/profiles/user_id%3Au1/split",
            """{"identifiers":["email:j.doe@acme.example","hubspot.contact:62515:1"],"reason":"two people"}"""
        );
        Assert.True(status is 200 or 201, split.ToString());
        string other = Text(contact, "leadId")!;
        string own = Text(visitor, "leadId")!;
        await WebhookHost.Until(async () =>
            (await LeadsOf(host, "email:j.doe@acme.example")) is [var one]
            && Text(one, "leadId") == other
            && (await LeadsOf(host, "user_id:u1")) is [var two]
            && Text(two, "leadId") == own
        );
        Assert.NotEqual("duplicate", Text(await LeadOf(host, "email:j.doe@acme.example"), "status"));

        await host.Collect("""{"type":"identify","messageId":"w1","userId":"u1","traits":{"opportunityWon":true}}""");
        JsonElement won = await LeadOf(host, "user_id:u1");
        Assert.Equal(("customer", "closed"), (Text(won, "stage"), Text(won, "status")));

        (status, JsonElement fairness) = await host.Ask(HttpMethod.Get, "/v1/routing/fairness");
        Assert.Equal(200, status);
        Assert.Equal(1, fairness.GetProperty("pools")[0].GetProperty("turns").GetInt32());
    }

    [Fact]
    public async Task BackTest_OfOtherRules_SaysWhoWouldHaveGotWhat()
    {
        await using WebhookHost host = await Start();
        for (int number = 0; number < 4; number++)
        {
            await host.Collect(
                $$$"""{"type":"track","messageId":"d{{{number}}}","userId":"u{{{number}}}","event":"Demo Requested"}""",
                $$$"""{"type":"track","messageId":"f{{{number}}}","userId":"u{{{number}}}","event":"Form Submitted"}""",
                $$$"""{"type":"identify","messageId":"i{{{number}}}","userId":"u{{{number}}}","traits":{"email":"u{{{number}}}@acme.example","company":"Acme","jobTitle":"VP","territory":"emea"}}"""
            );
        }

        Assert.Equal(4, (await Rows(host, "status=offered")).Length);
        string proposed = Routing
            .Replace("then: {pool: emea}", "then: {queue: overflow}", StringComparison.Ordinal)
            .Replace(
                "expect: {to: person ann, rule: hot-demo}",
                "expect: {to: queue overflow, rule: hot-demo}",
                StringComparison.Ordinal
            );
        (int status, JsonElement job) = await host.Ask(
            HttpMethod.Post,
            "/v1/routing:backtest",
            JsonSerializer.Serialize(new Dictionary<string, object> { ["policy"] = proposed, ["days"] = 1 })
        );
        Assert.True(status == 202, job.ToString());
        string jobId = Text(job, "id")!;
        await WebhookHost.Until(async () =>
        {
            job = (await host.Ask(HttpMethod.Get, $"/v1/jobs/{jobId}")).Answer;
            return Text(job, "status") != "running";
        });

        Assert.Equal("done", Text(job, "status"));
        JsonElement result = job.GetProperty("result");
        Assert.Equal((4, 4), (result.GetProperty("leads").GetInt32(), result.GetProperty("differences").GetInt32()));
        Assert.Equal(
            ["ann 2 0", "bob 2 0"],
            result
                .GetProperty("people")
                .EnumerateArray()
                .Select(one => $"{Text(one, "person")} {one.GetProperty("before")} {one.GetProperty("after")}")
        );
        (status, JsonElement page) = await host.Ask(
            HttpMethod.Get,
            $"/v1/routing/backtests/{jobId}/differences?limit=3"
        );
        Assert.Equal(200, status);
        Assert.Equal(3, page.GetProperty("differences").GetArrayLength());
        Assert.Equal("overflow", Text(page.GetProperty("differences")[0].GetProperty("after"), "queue"));
        Assert.NotEqual(JsonValueKind.Null, page.GetProperty("next").ValueKind);
    }

    [Theory]
    [InlineData("GET", "/v1/leads?nonsense=1", null, 400)]
    [InlineData("GET", "/v1/leads?due=tomorrow", null, 400)]
    [InlineData("GET", "/v1/leads?cursor=x", null, 400)]
    [InlineData("GET", "/v1/leads/l_00000000000000000000000000000000", null, 404)]
    [InlineData("GET", "/v1/leads/..%2F..%2Fx/explain", null, 404)]
    [InlineData("POST", "/v1/leads/l_00000000000000000000000000000000:accept", """{"person":"ann"}""", 404)]
    [InlineData("POST", "/v1/leads/l_00000000000000000000000000000000:accept", """{"person":"nobody"}""", 400)]
    [InlineData("POST", "/v1/leads/l_00000000000000000000000000000000:accept", """{"person":"ann","by":"me"}""", 400)]
    [InlineData("POST", "/v1/leads/l_00000000000000000000000000000000:reject", """{"person":"ann"}""", 400)]
    [InlineData("POST", "/v1/routing:backtest", """{"policy":"rules: 1","days":3}""", 400)]
    [InlineData("POST", "/v1/routing:backtest", """{"policy":"","days":0}""", 400)]
    [InlineData("GET", "/v1/routing/fairness?pool=nobody", null, 404)]
    [InlineData("GET", "/v1/routing/backtests/j_00000000000000000000000000000000/differences", null, 404)]
    public async Task Call_ThatIsWrong_IsRefused(string method, string path, string? body, int expected)
    {
        await using WebhookHost host = await Start();

        (int status, JsonElement answer) = await host.Ask(new HttpMethod(method), path, body);

        Assert.True(status == expected, answer.ToString());
    }

    private static Task<WebhookHost> Start()
    {
        string policies = Repository.Path("docs", "policies");
        return WebhookHost.Start(
            Sources,
            more:
            [
                ("lifecycle.yaml", File.ReadAllText(Path.Combine(policies, "lifecycle.yaml"))),
                ("scoring.yaml", File.ReadAllText(Path.Combine(policies, "scoring.yaml"))),
                ("routing.yaml", Routing),
                ("sales-team.yaml", Team),
            ]
        );
    }

    private static string Person(string id) => $$"""{"person":"{{id}}"}""";

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

    private static async Task<JsonElement> Lead(WebhookHost host, string leadId)
    {
        (int status, JsonElement lead) = await host.Ask(HttpMethod.Get, $"/v1/leads/{leadId}");
        Assert.Equal(200, status);
        return lead;
    }

    /// <summary>The only lead of whom an identifier leads to, once there is one.</summary>
    private static async Task<JsonElement> LeadOf(WebhookHost host, string identifier)
    {
        await host.Profile(identifier, _ => true);
        await WebhookHost.Until(async () => (await LeadsOf(host, identifier)).Length == 1);
        return (await LeadsOf(host, identifier)).Single();
    }

    private static async Task<JsonElement[]> LeadsOf(WebhookHost host, string identifier, string filter = "limit=50")
    {
        JsonElement profile = await host.Profile(identifier, _ => true);
        return await Rows(host, $"customer={Text(profile, "customerId")}&{filter}");
    }

    private static async Task<JsonElement[]> Rows(WebhookHost host, string filter)
    {
        (int status, JsonElement page) = await host.Ask(HttpMethod.Get, $"/v1/leads?{filter}");
        Assert.True(status == 200, page.ToString());
        return [.. page.GetProperty("leads").EnumerateArray()];
    }
}
