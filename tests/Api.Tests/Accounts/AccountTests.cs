using System.Text.Json;
using Customer360.Api.Tests.Webhooks;
using Customer360.Tests.Support;

namespace Customer360.Api.Tests.Accounts;

/// <summary>Companies on the program that users run: by which domain somebody belongs to one, and what its deals do.</summary>
public sealed class AccountTests
{
    private const string Sources = "sources:\n  hubspot: {kind: hubspot, verify: {template: hubspot}}\n";

    private const string Team = """
        owner: {team: sales-operations, contact: "#sales-operations"}
        calendars:
          all:
            zone: Etc/UTC
            week: {sun: ["00:00-24:00"], mon: ["00:00-24:00"], tue: ["00:00-24:00"], wed: ["00:00-24:00"], thu: ["00:00-24:00"], fri: ["00:00-24:00"], sat: ["00:00-24:00"]}
        people:
          ann: {calendar: all}
          gil: {calendar: all}
        examples:
          - input: {person: ann, at: "2026-11-27T09:00:00Z"}
            expect: {availability: available}
        """;

    private const string Routing = """
        owner: {team: sales-operations, contact: "#sales-operations"}
        queues: [triage]
        answers:
          duplicate: continue
          openOpportunity: opportunityOwner
          territoryMissing: continue
          ownerAway: {queue: triage}
          noCapacity: {queue: triage}
          outsideHours: assign
          otherwise: {queue: triage}
        rules:
          - name: account-owner
            if: {fact: accountOwner, exists: true}
            then: accountOwner
            examples:
              - {facts: {accountOwner: ann}, fires: true}
              - {facts: {territory: emea}, fires: false}
        examples:
          - input: {lead: {accountOwner: ann, territory: emea}}
            expect: {to: person ann, rule: account-owner}
        """;

    [Fact]
    public async Task Person_WithAnAddressOfACompany_GoesToItsOwner()
    {
        await using WebhookHost host = await Start();
        await host.Collect(
            """{"type":"group","messageId":"g1","userId":"boss","groupId":"acme","traits":{"name":"Acme","website":"https://www.acme.example/","ownerId":"ann"}}"""
        );

        await host.Collect(
            """{"type":"track","messageId":"d1","userId":"u1","event":"Demo Requested"}""",
            """{"type":"track","messageId":"f1","userId":"u1","event":"Form Submitted"}""",
            """{"type":"identify","messageId":"i1","userId":"u1","traits":{"email":"jane@sales.acme.example","company":"Acme","jobTitle":"VP","employees":250}}"""
        );

        JsonElement match = await Get(host, "/v1/profiles/user_id%3Au1/account");
        Assert.Equal("acme parentDomain", $"{match.GetProperty("account")} {match.GetProperty("evidence")}");
        JsonElement lead = await LeadOf(host, "user_id:u1", one => Text(one, "status") == "offered");
        Assert.Equal("ann", Text(lead, "owner"));
        JsonElement account = await Get(host, "/v1/accounts/acme");
        Assert.Equal("acme.example", account.GetProperty("domains")[0].GetString());
    }

    [Theory]
    [InlineData("jane@gmail.com", "freeMail")]
    [InlineData("jane@mailinator.com", "disposable")]
    public async Task Person_WithAnAddressOfAnybody_BelongsToNoCompany(string email, string because)
    {
        await using WebhookHost host = await Start();
        await host.Collect(
            $$$"""{"type":"group","messageId":"g1","userId":"boss","groupId":"mail","traits":{"domain":"{{{email.Split('@')[1]}}}"}}""",
            $$$"""{"type":"identify","messageId":"i1","userId":"u1","traits":{"email":"{{{email}}}"}}"""
        );

        JsonElement match = await Get(host, "/v1/profiles/user_id%3Au1/account");

        Assert.False(match.TryGetProperty("account", out _));
        Assert.Equal(because, match.GetProperty("leftOut")[0].GetProperty("because").GetString());
    }

    [Fact]
    public async Task Company_ThatStatesAnotherDomain_IsNoLongerFoundByTheOld()
    {
        await using WebhookHost host = await Start();
        await host.Collect(
            """{"type":"identify","messageId":"i1","userId":"u1","traits":{"email":"jane@old.example"}}""",
            """{"type":"group","messageId":"g1","userId":"boss","groupId":"acme","traits":{"domain":"old.example"}}"""
        );
        Assert.Equal("acme", Text(await Get(host, "/v1/profiles/user_id%3Au1/account"), "account"));

        await host.Collect(
            """{"type":"group","messageId":"g2","userId":"boss","groupId":"acme","traits":{"domain":"new.example"}}"""
        );

        Assert.Null(Text(await Get(host, "/v1/profiles/user_id%3Au1/account"), "account"));
    }

    [Fact]
    public async Task List_ByItsPages_HasEachGroupOnce_AndFindsByTheBeginningOfAName()
    {
        await using WebhookHost host = await Start();
        await host.Collect(
            """{"type":"group","messageId":"g1","userId":"u1","groupId":"acme","traits":{"name":"Acme","domain":"acme.example"}}""",
            """{"type":"group","messageId":"g2","userId":"u2","groupId":"acme"}""",
            """{"type":"group","messageId":"g3","userId":"u3","groupId":"brick","traits":{"name":"ACME Bricks"}}""",
            """{"type":"group","messageId":"g4","userId":"u4","groupId":"zinc","traits":{"name":"Zinc"}}""",
            """{"type":"group","messageId":"g5","userId":"u5","groupId":"nameless","traits":{"name":7}}"""
        );
        Assert.Equal(
            200,
            (await host.Ask(HttpMethod.Post, "/v1/accounts/acme/merge", """{"with":"zinc","reason":"one"}""")).Status
        );

        List<JsonElement> rows = [];
        string cursor = "";
        do
        {
            JsonElement page = await Get(host, $"/v1/accounts?limit=2{cursor}");
            rows.AddRange(page.GetProperty("accounts").EnumerateArray());
            cursor = Text(page, "next") is { } next ? $"&cursor={Uri.EscapeDataString(next)}" : "";
        } while (cursor.Length > 0);

        Assert.Equal(["acme", "brick", "nameless", "zinc"], rows.Select(row => Text(row, "groupId")));
        Assert.Equal(
            """{"groupId":"acme","name":"Acme","domains":["acme.example"],"openDeals":0,"linked":2}""",
            rows[0].ToString()
        );
        Assert.Equal([null, null, null, "acme"], rows.Select(row => Text(row, "partOf")));
        JsonElement found = await Get(host, "/v1/accounts?name=aCMe");
        Assert.Equal(
            ["acme", "brick"],
            found.GetProperty("accounts").EnumerateArray().Select(row => Text(row, "groupId"))
        );
        Assert.Equal(JsonValueKind.Null, found.GetProperty("next").ValueKind);
        Assert.Empty((await Get(host, "/v1/accounts?name=cme")).GetProperty("accounts").EnumerateArray());
    }

    [Theory]
    [InlineData("/v1/accounts?name=", 400)]
    [InlineData("/v1/accounts?cursor=x", 400)]
    [InlineData("/v1/accounts?limit=0", 400)]
    [InlineData("/v1/accounts?sort=name", 400)]
    public async Task List_ThatIsAskedForWrongly_IsRefused(string path, int expected)
    {
        await using WebhookHost host = await Start();

        Assert.Equal(expected, (await host.Ask(HttpMethod.Get, path)).Status);
    }

    /// <summary>A search would tell the name, so whoever does not see it may not search by it.</summary>
    [Fact]
    public async Task List_ForARoleThatDoesNotSeeNames_HasNone_AndIsNotSearched()
    {
        await using WebhookHost host = await Start(
            (
                "access.yaml",
                """
                classes: {public: [plan], internal: [company.domains], secret: [company.name]}
                purposes: {support: }
                roles:
                  desk: {purposes: [support], read: {public: allow, internal: allow}, sees: [companies], does: [leads]}
                owner: {team: privacy, contact: "#privacy"}
                examples:
                  - {input: {role: desk, purpose: support, field: company.name}, expect: {gives: withhold}}
                """
            )
        );
        await host.Collect(
            """{"type":"group","messageId":"g1","userId":"u1","groupId":"acme","traits":{"name":"Acme","domain":"acme.example"}}"""
        );
        string desk = await host.Key("desk", "desk");

        (int status, JsonElement list) = await host.Ask(HttpMethod.Get, "/v1/accounts", key: desk);
        (int searched, _) = await host.Ask(HttpMethod.Get, "/v1/accounts?name=a", key: desk);

        Assert.True(status == 200, list.ToString());
        Assert.Equal("""{"groupId":"acme","domains":["acme.example"]}""", list.GetProperty("accounts")[0].ToString());
        Assert.Equal(403, searched);
    }

    [Fact]
    public async Task Deal_OfACompany_MovesTheLeadsOfWhoTakesPart()
    {
        await using WebhookHost host = await Start();
        await host.SendHubSpot(
            """
            [{"eventId":1,"subscriptionId":7,"portalId":62515,"occurredAt":1795770000000,"subscriptionType":"contact.propertyChange","objectId":1,"propertyName":"email","propertyValue":"jane@acme.example"}]
            """
        );
        await LeadOf(host, "hubspot.contact:62515:1", _ => true);

        await host.Collect(
            """
            {"type":"track","messageId":"deal1","userId":"crm","event":"CRM Opportunity Changed","context":{"groupId":"acme"},
            "properties":{"recordId":"900","name":"50 seats","stage":"contractsent","amount":12500,"currency":"EUR","ownerId":"gil",
            "contacts":[{"type":"hubspot.contact","id":"62515:1","role":"Decision Maker","isPrimary":true}]}}
            """,
            """{"type":"group","messageId":"g1","userId":"crm","groupId":"acme","traits":{"name":"Acme","domain":"acme.example"}}"""
        );
        await host.Collect(
            """{"type":"identify","messageId":"i2","userId":"u7","traits":{"email":"jane@acme.example","jobTitle":"CTO"}}""",
            """{"type":"track","messageId":"f2","userId":"u7","event":"Form Submitted"}"""
        );

        JsonElement account = await Get(host, "/v1/accounts/acme");
        JsonElement deal = account.GetProperty("opportunities")[0];
        Assert.Equal(
            ("open", 1_250_000, "EUR"),
            (
                Text(deal, "status"),
                deal.GetProperty("amount").GetProperty("minor").GetInt64(),
                Text(deal.GetProperty("amount"), "currency")
            )
        );
        JsonElement buyer = account.GetProperty("buyingGroup")[0];
        Assert.Equal(("62515:1", "Decision Maker"), (Text(buyer, "value"), buyer.GetProperty("roles")[0].GetString()));
        await LeadOf(host, "hubspot.contact:62515:1", one => Text(one, "stage") == "opportunity");

        // The next word is of the deal alone, and moves the lead of the person whom it names.
        await host.Collect(
            """
            {"type":"track","messageId":"deal2","userId":"crm","event":"CRM Opportunity Changed","context":{"groupId":"acme"},
            "properties":{"recordId":"900","stage":"closedwon","amount":12500,"currency":"EUR",
            "contacts":[{"type":"hubspot.contact","id":"62515:1"}]}}
            """
        );

        JsonElement lead = await LeadOf(host, "hubspot.contact:62515:1", one => Text(one, "stage") == "customer");
        Assert.Equal("closed", Text(lead, "status"));
        account = await Get(host, "/v1/accounts/acme");
        Assert.Equal("won", Text(account.GetProperty("opportunities")[0], "status"));
        Assert.Equal(0, account.GetProperty("buyingGroup").GetArrayLength());
    }

    [Fact]
    public async Task Companies_ThatAStewardJoinsAndTakesApart_AreWhatTheyWere()
    {
        await using WebhookHost host = await Start();
        await host.Collect(
            """{"type":"group","messageId":"g1","userId":"u1","groupId":"acme","traits":{"name":"Acme","domain":"acme.example"}}""",
            """{"type":"group","messageId":"g2","userId":"u2","groupId":"acme/ltd","traits":{"size":9,"domain":"acme-ltd.example"}}""",
            """{"type":"identify","messageId":"i1","userId":"u3","traits":{"email":"jane@acme-ltd.example"}}"""
        );
        const string Reason = "\"reason\":\"the same company\"";

        (int status, JsonElement merged) = await host.Ask(
            HttpMethod.Post,
            "/v1/accounts/acme%2Fltd/merge",
            $$"""{"with":"acme",{{Reason}}}"""
        );
        Assert.Equal((200, """{"groupIds":["acme","acme/ltd"]}"""), (status, merged.ToString()));
        JsonElement account = await Get(host, "/v1/accounts/acme%2Fltd");
        Assert.Equal("acme", Text(account, "groupId"));
        Assert.Equal(2, account.GetProperty("memberCount").GetInt32());
        Assert.Equal("acme", Text(await Get(host, "/v1/profiles/user_id%3Au3/account"), "account"));

        (status, JsonElement split) = await host.Ask(
            HttpMethod.Post,
            "/v1/accounts/acme/split",
            $$"""{"groupIds":["acme/ltd"],{{Reason}}}"""
        );
        Assert.Equal((200, """{"groupIds":["acme/ltd"]}"""), (status, split.ToString()));
        Assert.Equal("acme/ltd", Text(await Get(host, "/v1/profiles/user_id%3Au3/account"), "account"));
        Assert.Equal(
            409,
            (await host.Ask(HttpMethod.Post, "/v1/accounts/acme/merge", $$"""{"with":"acme/ltd",{{Reason}}}""")).Status
        );
    }

    [Theory]
    [InlineData("nobody/merge", """{"with":"acme","reason":"x"}""", 404)]
    [InlineData("acme/merge", """{"with":"nobody","reason":"x"}""", 404)]
    [InlineData("acme/merge", """{"with":"acme"}""", 400)]
    [InlineData("acme/merge", """{"with":7,"reason":"x"}""", 400)]
    [InlineData("acme/split", """{"groupIds":[],"reason":"x"}""", 400)]
    [InlineData("acme/split", """{"groupIds":["acme"],"reason":"x"}""", 409)]
    [InlineData("acme/split", """{"groupIds":["other"],"reason":"x"}""", 409)]
    public async Task Company_ThatCanNotBeMergedOrSplit_IsRefused(string path, string body, int expected)
    {
        await using WebhookHost host = await Start();
        await host.Collect(
            """{"type":"group","messageId":"g1","userId":"u1","groupId":"acme","traits":{"name":"A"}}"""
        );

        (int status, JsonElement answer) = await host.Ask(HttpMethod.Post, $"/v1/accounts/{path}", body);

        Assert.True(status == expected, answer.ToString());
    }

    [Fact]
    public async Task SalesTeam_AsItIsNow_SaysWhoCanTakeALead()
    {
        await using WebhookHost host = await Start();

        JsonElement[] people = [.. (await Get(host, "/v1/sales-team")).GetProperty("people").EnumerateArray()];
        (int status, JsonElement put) = await host.Ask(HttpMethod.Put, "/v1/sales-team", "people: 7");

        Assert.Equal(
            ["ann available 0", "gil available 0"],
            people.Select(one => $"{Text(one, "person")} {Text(one, "availability")} {one.GetProperty("openLeads")}")
        );
        Assert.Equal((400, "invalid_policy"), (status, Text(put, "code")));
    }

    private static Task<WebhookHost> Start(params (string Name, string Text)[] policiesOfTheTest)
    {
        string policies = Repository.Path("docs", "policies");
        return WebhookHost.Start(
            Sources,
            // What a public key says of a deal is not believed.
            settings: new Dictionary<string, string?> { ["Customer360:Keys:2:Trust"] = "server" },
            more:
            [
                ("lifecycle.yaml", File.ReadAllText(Path.Combine(policies, "lifecycle.yaml"))),
                ("scoring.yaml", File.ReadAllText(Path.Combine(policies, "scoring.yaml"))),
                ("routing.yaml", Routing),
                ("sales-team.yaml", Team),
                .. policiesOfTheTest,
            ]
        );
    }

    private static async Task<JsonElement> Get(WebhookHost host, string path)
    {
        (int status, JsonElement answer) = await host.Ask(HttpMethod.Get, path);
        Assert.True(status == 200, answer.ToString());
        return answer;
    }

    /// <summary>The only open or closed lead of a person, once it is as wanted.</summary>
    private static async Task<JsonElement> LeadOf(WebhookHost host, string identifier, Func<JsonElement, bool> isWanted)
    {
        JsonElement[] found = [];
        await WebhookHost.Until(async () =>
        {
            JsonElement profile = await host.Profile(identifier, _ => true);
            JsonElement page = await Get(host, $"/v1/leads?customer={Text(profile, "customerId")}");
            found = [.. page.GetProperty("leads").EnumerateArray().Where(isWanted)];
            return found.Length == 1;
        });
        return found[0];
    }

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
