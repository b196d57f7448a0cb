using System.Text.Json;
using Customer360.Rules.Crm.Backlog;
using Customer360.Rules.Crm.Salesforce;
using Customer360.Rules.Crm.Sources;
using Customer360.Silo.Policies;

namespace Customer360.Api.Tests.Webhooks;

/// <summary>Webhooks on the program that users run: from the bytes that a service signs to the profile.</summary>
public sealed class WebhookTests
{
    private const string Sources = """
        sources:
          hubspot: {kind: hubspot, verify: {template: hubspot}}
          salesforce: {kind: salesforce, verify: {template: salesforce}, organizations: [00D50000000IZ3Z]}
          silent: {kind: hubspot, verify: {template: hubspot}}
          shop:
            verify: {template: shopify}
            id: header:X-Event-Id
            rules:
              - name: paid
                type: track
                event: {constant: Order Completed}
                identifiers: {email: $.mail}
                fields: {orderId: $.id}
        """;

    private const string Lead = "00Q500000000AbCEAU";

    [Fact]
    public async Task HubSpot_WhenItTellsOfAContact_ShowsInHerProfileAsItsSource()
    {
        await using WebhookHost host = await WebhookHost.Start(Sources);

        (int status, string answer) = await host.SendHubSpot(
            List(Change(1, "email", "jane@x.com"), Change(1, "firstname", "Jane"))
        );

        Assert.Equal((200, """{"success":true,"taken":2,"skipped":0,"setAside":0}"""), (status, answer));
        JsonElement profile = await host.Profile("hubspot.contact:62515:1", HasTrait("firstName"));
        JsonElement name = profile.GetProperty("traits").GetProperty("firstName");
        Assert.Equal(
            ("Jane", "hubspot"),
            (name.GetProperty("value").GetString(), name.GetProperty("source").GetString())
        );
        // The two events are of two anchors, so they may make two customers for a moment.
        await WebhookHost.Until(async () =>
            CustomerOf(await host.Profile("email:jane@x.com", _ => true))
            == CustomerOf(await host.Profile("hubspot.contact:62515:1", _ => true))
        );
    }

    [Fact]
    public async Task HubSpot_WhenTheSameIsSentAgain_CountsOnce()
    {
        await using WebhookHost host = await WebhookHost.Start(Sources);
        string deletion = List(Event("contact.deletion", 1));
        await host.SendHubSpot(deletion);

        for (int repeat = 0; repeat < 2; repeat++)
        {
            Assert.Equal(200, (await host.SendHubSpot(deletion)).Status);
        }

        await host.RestartAsync();
        Assert.Equal(200, (await host.SendHubSpot(deletion)).Status);
        // What comes behind is seen only after what came before.
        await host.SendHubSpot(List(Change(1, "firstname", "Jane")));
        JsonElement profile = await host.Profile("hubspot.contact:62515:1", HasTrait("firstName"));
        JsonElement events = profile.GetProperty("events");
        Assert.Contains("\"CRM Contact Deleted\"", events.GetRawText(), StringComparison.Ordinal);
        Assert.Contains(
            "\"count\":1",
            events.GetRawText().Replace(" ", "", StringComparison.Ordinal),
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(
            "\"count\":2",
            events.GetRawText().Replace(" ", "", StringComparison.Ordinal),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Sources_WhenTheyDisagree_KeepBothTheirWords()
    {
        await using WebhookHost host = await WebhookHost.Start(Sources);
        await host.SendHubSpot(List(Change(1, "email", "jane@x.com"), Change(1, "jobtitle", "CTO")));
        await host.Profile("hubspot.contact:62515:1", HasTrait("title"));
        string outbound = Outbound("00D50000000IZ3Z")
            .Replace("</sf:Email>", "</sf:Email><sf:Title>CEO</sf:Title>", StringComparison.Ordinal);

        Assert.Equal(200, (await host.Send(WebhookHost.SalesforcePath, outbound)).Status);

        JsonElement profile = await host.Profile(
            "email:jane@x.com",
            one =>
                one.GetProperty("traits").TryGetProperty("title", out JsonElement both)
                && both.GetProperty("overruled").GetArrayLength() == 1
        );
        JsonElement title = profile.GetProperty("traits").GetProperty("title");
        JsonElement overruled = title.GetProperty("overruled")[0];
        Assert.Equal(
            ["CEO salesforce", "CTO hubspot"],
            new[] { title, overruled }
                .Select(one => $"{one.GetProperty("value").GetString()} {one.GetProperty("source").GetString()}")
                .Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task HubSpot_WhenAContactLeavesACompany_NeitherHasTheOtherAnyMore()
    {
        await using WebhookHost host = await WebhookHost.Start(Sources);
        await host.SendHubSpot(List(Change(7, "email", "jane@x.com"), Association(isRemoved: false, minute: 1)));
        await host.Profile("hubspot.contact:62515:7", one => one.GetProperty("accounts").GetArrayLength() == 1);
        await WebhookHost.Until(async () => await Members() == 1);

        Assert.Equal(200, (await host.SendHubSpot(List(Association(isRemoved: true, minute: 2)))).Status);

        await host.Profile("hubspot.contact:62515:7", one => one.GetProperty("accounts").GetArrayLength() == 0);
        await WebhookHost.Until(async () => await Members() == 0);

        async Task<int> Members()
        {
            (int status, JsonElement account) = await host.Ask(
                HttpMethod.Get,
                "/v1/accounts/hubspot.company%3A62515%3A8"
            );
            return status == 200 ? account.GetProperty("memberCount").GetInt32() : -1;
        }
    }

    /// <summary>Intercom and others ask for the head before they send the first webhook.</summary>
    [Theory]
    [InlineData("/webhooks/shop", 200)]
    [InlineData("/webhooks/hubspot/hubspot", 200)]
    [InlineData("/webhooks/hubspot", 404)]
    [InlineData("/webhooks/nobody", 404)]
    public async Task Source_WhenItAsksWhetherSomebodyIsThere_IsTold(string path, int expected)
    {
        await using WebhookHost host = await WebhookHost.Start(Sources);

        Assert.Equal(expected, (await host.Call(HttpMethod.Head, path)).Status);
        Assert.Equal(expected, (await host.Call(HttpMethod.Get, path)).Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task HubSpot_WhenContactsAreMerged_TheyAreOnePersonWhicheverComesFirst(bool isMergeFirst)
    {
        await using WebhookHost host = await WebhookHost.Start(Sources);
        await host.SendHubSpot(List(Change(1, "email", "jane@x.com"), Change(2, "email", "jane@y.com")));
        string merge = Event("contact.merge", 1, "\"primaryObjectId\":1,\"mergedObjectIds\":[2],\"newObjectId\":900");
        string[] deletions = [Event("contact.deletion", 1), Event("contact.deletion", 2)];

        foreach (string body in isMergeFirst ? [List(merge), List(deletions)] : new[] { List(deletions), List(merge) })
        {
            Assert.Equal(200, (await host.SendHubSpot(body)).Status);
        }

        JsonElement profile = await host.Profile("hubspot.contact:62515:900", one => Identifiers(one).Length == 5);
        Assert.Equal(
            [
                "email:jane@x.com",
                "email:jane@y.com",
                "hubspot.contact:62515:1",
                "hubspot.contact:62515:2",
                "hubspot.contact:62515:900",
            ],
            Identifiers(profile)
        );
        Assert.Equal(["contact 900 merged"], await host.Backlog("hubspot"));
    }

    [Fact]
    public async Task HubSpot_WhenItIsNotHubSpot_IsRefusedAndNothingIsKept()
    {
        await using WebhookHost host = await WebhookHost.Start(Sources);
        string body = List(Change(1, "firstname", "Mallory"), "17");

        (int Status, string Answer)[] refused =
        [
            await host.Send(WebhookHost.HubSpotPath, body),
            await host.SendHubSpot(body, secret: "another-secret"),
            await host.SendHubSpot(body, age: TimeSpan.FromMinutes(6)),
            await host.SendHubSpot(body, age: TimeSpan.FromMinutes(-6)),
            await host.SendHubSpot(body, signedBody: "[]"),
            // This source has no secret.
            await host.SendHubSpot(body, path: "/webhooks/hubspot/silent"),
        ];

        Assert.All(refused, one => Assert.True(one.Status == 401, $"{one}"));
        Assert.Equal(
            [
                "signature_missing",
                "signature_wrong",
                "signature_stale",
                "signature_stale",
                "signature_wrong",
                "secret_not_set",
            ],
            refused.Select(one => ProfilesHost.Parse(one.Answer).GetProperty("code").GetString())
        );
        Assert.Empty(await host.Backlog("hubspot"));
        Assert.Equal(404, (await host.Ask(HttpMethod.Get, "/v1/profiles/hubspot.contact:62515:1")).Status);
    }

    [Theory]
    [InlineData("/webhooks/hubspot/nobody")]
    [InlineData("/webhooks/salesforce/hubspot")]
    [InlineData("/webhooks/hubspot/shop")]
    [InlineData("/webhooks/hubspot")]
    [InlineData("/webhooks/nobody")]
    public async Task Source_WhenThereIsNone_IsNotFound(string path)
    {
        await using WebhookHost host = await WebhookHost.Start(Sources);

        Assert.Equal(404, (await host.SendHubSpot("[]", path: path)).Status);
    }

    [Fact]
    public async Task HubSpot_WhenOneEventIsBad_TakesTheOthersAndSetsItAside()
    {
        await using WebhookHost host = await WebhookHost.Start(Sources);

        (int status, string answer) = await host.SendHubSpot(
            List(
                Change(1, "firstname", "Jane"),
                """{"eventId":7}""",
                Event("ticket.creation", 5),
                Event("contact.creation", 6)
            )
        );

        Assert.Equal((200, """{"success":true,"taken":2,"skipped":1,"setAside":1}"""), (status, answer));
        await host.RestartAsync();
        Assert.Equal(["member_missing subscriptionType", "contact 6 created"], await host.Backlog("hubspot"));
        await host.Profile("hubspot.contact:62515:1", HasTrait("firstName"));
    }

    [Fact]
    public async Task HubSpot_WhenTheRulesKnowNoRecords_SetsItAsideUntilTheyDo()
    {
        await using WebhookHost host = await WebhookHost.Start(
            Sources,
            "defaultRegion: US\nidentifiers: {user_id: {priority: 1, limit: 1}}"
        );

        (int status, string answer) = await host.SendHubSpot(
            List(Change(1, "firstname", "Jane"), Event("contact.privacyDeletion", 2))
        );

        Assert.Equal((200, """{"success":true,"taken":0,"skipped":0,"setAside":1}"""), (status, answer));
        Assert.Equal(["no_user_anon_id"], await host.Backlog("hubspot"));
    }

    [Fact]
    public async Task HubSpot_WhenAPersonWantsToBeForgotten_IsForgotten()
    {
        await using WebhookHost host = await WebhookHost.Start(Sources);
        await host.SendHubSpot(List(Change(512345, "email", "jane@x.com"), """{"objectId":512345,"portalId":62515}"""));
        await host.Profile("email:jane@x.com", HasTrait("email"));
        Assert.Single(await host.Backlog("hubspot"));

        Assert.Equal(
            200,
            (
                await host.SendHubSpot(
                    List(Event("contact.deletion", 512345), Event("contact.privacyDeletion", 512345))
                )
            ).Status
        );

        await WebhookHost.Until(async () =>
            (await host.Ask(HttpMethod.Get, "/v1/profiles/email:jane%40x.com")).Status == 404
        );
        // What was set aside names her record.
        await WebhookHost.Until(async () => (await host.Backlog("hubspot")).Length == 0);
        (_, JsonElement requests) = await host.Ask(HttpMethod.Get, "/v1/privacy/requests");
        JsonElement request = Assert.Single(requests.GetProperty("requests").EnumerateArray());
        Assert.Equal("hubspot", request.GetProperty("by").GetString());
    }

    [Fact]
    public async Task Salesforce_WhenItSendsAnOutboundMessage_IsAnsweredWithItsAck()
    {
        await using WebhookHost host = await WebhookHost.Start(Sources);

        (int status, string answer) = await host.Send(WebhookHost.SalesforcePath, Outbound("00D50000000IZ3Z"));

        Assert.Equal((200, System.Text.Encoding.UTF8.GetString(OutboundMessage.Ack.Span)), (status, answer));
        JsonElement profile = await host.Profile($"salesforce.lead:{Lead}", HasTrait("email"));
        Assert.Contains("email:jane@x.com", Identifiers(profile));
    }

    [Fact]
    public async Task Salesforce_WhenItIsAnotherOrganizationsOrHasNoToken_IsRefused()
    {
        await using WebhookHost host = await WebhookHost.Start(Sources);

        Assert.Equal(401, (await host.Send(WebhookHost.SalesforcePath, Outbound("00D50000000IZ3z"))).Status);
        Assert.Equal(401, (await host.Send("/webhooks/salesforce/salesforce", Outbound("00D50000000IZ3Z"))).Status);
        Assert.Equal(
            401,
            (await host.Send("/webhooks/salesforce/salesforce?token=x", Outbound("00D50000000IZ3Z"))).Status
        );
        Assert.Empty(await host.Backlog("salesforce"));
    }

    [Fact]
    public async Task Salesforce_WhenABodyIsMadeToHarm_IsSetAsideUnread()
    {
        await using WebhookHost host = await WebhookHost.Start(Sources);
        string bomb =
            $"<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>{Outbound("00D50000000IZ3Z")}";

        Assert.Equal(200, (await host.Send(WebhookHost.SalesforcePath, bomb)).Status);

        Assert.Equal(["it is no XML, or has what is not allowed here"], await host.Backlog("salesforce"));
    }

    [Fact]
    public async Task Shop_WhenTheMappingIsMended_WhatWasSetAsideIsReadAgain()
    {
        await using WebhookHost host = await WebhookHost.Start(Sources);
        const string Order = """{"id":"o-1","email":"jane@x.com"}""";
        await host.SendShop(Order, ("X-Event-Id", "e-1"));
        Assert.Equal(["names_nobody paid.identifiers"], await host.Backlog("shop"));
        (_, JsonElement backlog) = await host.Ask(HttpMethod.Get, "/v1/webhooks/shop");
        string retry = $"/v1/webhooks/shop/parts/{backlog.GetProperty("parts")[0].GetProperty("id")}:retry";

        (int early, JsonElement refusal) = await host.Ask(HttpMethod.Post, retry);
        Assert.Equal((409, "still_faulty"), (early, refusal.GetProperty("code").GetString()));
        (int put, _) = await host.Ask(
            HttpMethod.Put,
            "/v1/policies/sources",
            Sources.Replace("$.mail", "$.email", StringComparison.Ordinal)
        );
        Assert.Equal(200, put);
        (int mended, JsonElement receipt) = await host.Ask(HttpMethod.Post, retry);

        Assert.Equal((200, 1), (mended, receipt.GetProperty("taken").GetInt32()));
        Assert.Empty(await host.Backlog("shop"));
        await host.Profile(
            "email:jane@x.com",
            one => one.GetProperty("events").GetRawText().Contains("Order Completed", StringComparison.Ordinal)
        );
        // The header that told one delivery from another was kept with the part.
        Assert.Equal(200, (await host.Ask(HttpMethod.Get, "/v1/receipts/shop:e-1:paid")).Status);
        Assert.Equal(404, (await host.Ask(HttpMethod.Post, retry)).Status);
    }

    [Fact]
    public async Task Shop_WhenAPartIsGivenUp_IsGone()
    {
        await using WebhookHost host = await WebhookHost.Start(Sources);
        await host.SendShop("no JSON at all", ("X-Event-Id", "e-1"));
        (_, JsonElement backlog) = await host.Ask(HttpMethod.Get, "/v1/webhooks/shop");
        string part = $"/v1/webhooks/shop/parts/{backlog.GetProperty("parts")[0].GetProperty("id")}";

        Assert.Equal(200, (await host.Ask(HttpMethod.Delete, part)).Status);
        Assert.Equal(404, (await host.Ask(HttpMethod.Delete, part)).Status);
        Assert.Empty(await host.Backlog("shop"));
    }

    [Fact]
    public async Task Backlog_WhenItIsFull_HasTheSourceSendAgain()
    {
        await using WebhookHost host = await WebhookHost.Start(Sources);
        string many = List([.. Enumerable.Range(1000, WebhookBacklog.PartsMax).Select(number => $"{number}")]);
        Assert.Equal(200, (await host.SendHubSpot(many)).Status);

        // What can be read of it is stored; that it comes again is harmless.
        Assert.Equal(429, (await host.SendHubSpot(List(Change(1, "firstname", "Jane"), "7"))).Status);
        Assert.Equal(200, (await host.SendHubSpot(List(Change(1, "firstname", "Jane"), "1000"))).Status);

        Assert.Equal(WebhookBacklog.PartsMax, (await host.Backlog("hubspot")).Length);
    }

    [Fact]
    public void Sample_WhenRead_IsValidWithItsExamples()
    {
        string sample = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "sources.yaml"));

        var reading = PolicyServices.KnownKinds().Read<SourcesPolicy>(sample);

        Assert.Empty(reading.Faults);
        Assert.Empty(reading.Warnings);
        Assert.Equal(["hubspot", "product", "salesforce", "shop"], reading.Body!.Base.Sources.Keys);
    }

    private static Func<JsonElement, bool> HasTrait(string name) =>
        profile => profile.GetProperty("traits").TryGetProperty(name, out _);

    private static string? CustomerOf(JsonElement profile) => profile.GetProperty("customerId").GetString();

    private static string[] Identifiers(JsonElement profile) =>
        [
            .. profile
                .GetProperty("identifiers")
                .EnumerateArray()
                .Select(one => $"{one.GetProperty("type").GetString()}:{one.GetProperty("value").GetString()}")
                .Order(StringComparer.Ordinal),
        ];

    private static string List(params string[] events) => $"[{string.Join(',', events)}]";

    private static string Change(int id, string property, string value) =>
        Event("contact.propertyChange", id, $"\"propertyName\":\"{property}\",\"propertyValue\":\"{value}\"");

    private static string Event(string type, int id, string? members = null) =>
        $"{{\"eventId\":1,\"subscriptionId\":7,\"portalId\":62515,\"occurredAt\":1795770000000,\"subscriptionType\":\"{type}\","
        + $"\"objectId\":{id}{(members is null ? "" : "," + members)}}}";

    private static string Association(bool isRemoved, int minute) =>
        $"{{\"eventId\":{minute},\"subscriptionId\":7,\"portalId\":62515,\"occurredAt\":{1795770000000 + (minute * 60_000)},"
        + "\"subscriptionType\":\"contact.associationChange\",\"associationType\":\"CONTACT_TO_COMPANY\",\"fromObjectId\":7,"
        + $"\"toObjectId\":8,\"associationRemoved\":{(isRemoved ? "true" : "false")}}}";

    private static string Outbound(string organization) =>
        "<soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\"><soapenv:Body>"
        + "<notifications xmlns=\"http://soap.sforce.com/2005/09/outbound\">"
        + $"<OrganizationId>{organization}</OrganizationId><Notification><Id>04l500000008uq0</Id>"
        + "<sObject xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"sf:Lead\" "
        + "xmlns:sf=\"urn:sobject.enterprise.soap.sforce.com\"><sf:Id>00Q500000000AbC</sf:Id><sf:Email>jane@x.com</sf:Email>"
        + "</sObject></Notification></notifications></soapenv:Body></soapenv:Envelope>";
}
