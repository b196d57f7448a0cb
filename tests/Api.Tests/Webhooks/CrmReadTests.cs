using System.Text.Json;
using Customer360.Api.Hosting;
using Customer360.Api.Webhooks.Reads;
using Microsoft.Extensions.Configuration;

namespace Customer360.Api.Tests.Webhooks;

/// <summary>
/// The reading of records on the program that users run, from a CRM's notice to the profile, with the CRM's API on this machine.
/// </summary>
public sealed class CrmReadTests
{
    private const string Sources = """
        sources:
          hubspot: {kind: hubspot, verify: {template: hubspot}, fields: {hs_persona: persona}}
          salesforce: {kind: salesforce, verify: {template: salesforce}, fields: {Tier__c: tier, Elsewhere__c: elsewhere}}
        """;

    private const string Winner = "003500000000001AAA";
    private const string Loser = "003500000000002AAA";
    private const string Company = "001500000000001AAA";
    private const string Deal = "006500000000001AAA";

    [Fact]
    public async Task HubSpot_WhenAContactIsNew_ItsValuesAreReadFromIt()
    {
        await using HubSpotDouble crm = await HubSpot();
        crm.Have(
            "contacts",
            "1",
            ("email", "jane@x.com"),
            ("firstname", "Jane"),
            ("hs_persona", "buyer"),
            ("hs_additional_emails", "jane@y.com"),
            ("associatedcompanyid", "7")
        );
        crm.Have("companies", "7", ("name", "Acme"));
        await using WebhookHost host = await Start(crm);

        await host.SendHubSpot(List(Event("contact.creation", 1), Event("company.creation", 7)));

        JsonElement profile = await host.Profile("hubspot.contact:62515:1", HasTrait("firstName"));
        Assert.Equal("Jane", TraitOf(profile, "firstName"));
        Assert.Equal("buyer", TraitOf(profile, "persona"));
        JsonElement other = await host.Profile("email:jane@y.com", HasTrait("firstName"));
        Assert.Equal(CustomerOf(profile), CustomerOf(other));
        await Idle(host, "hubspot");
        (int status, JsonElement company) = await host.Ask(HttpMethod.Get, "/v1/accounts/hubspot.company%3A62515%3A7");
        Assert.True(status == 200, $"{status} {company}");
        // One call after the other, and each record once.
        Assert.Equal(1, crm.UnderWayMax);
        Assert.Equal(2, crm.Calls.Count(call => call.Contains("batch/read", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task HubSpot_WhenSomeRecordsAreGone_TakesEachAsWhatBecameOfIt()
    {
        await using HubSpotDouble crm = await HubSpot();
        crm.Have("contacts", "1", ("firstname", "Jane"));
        crm.Have("contacts", "2", ("firstname", "Bob"));
        crm.Archive("contacts", "2");
        crm.Have("contacts", "3", ("firstname", "Jill"));
        crm.Have("contacts", "900", ("firstname", "Jill"), ("email", "jill@x.com"));
        crm.Merge("contacts", "3", "900");
        await using WebhookHost host = await Start(crm);

        await host.SendHubSpot(
            List(
                Event("contact.creation", 1),
                Event("contact.creation", 2),
                Event("contact.creation", 3),
                // It never was.
                Event("contact.creation", 4)
            )
        );

        await Idle(host, "hubspot");
        await host.Profile("hubspot.contact:62515:1", HasTrait("firstName"));
        await host.Profile("hubspot.contact:62515:2", HasEvent("CRM Contact Deleted"));
        JsonElement survivor = await host.Profile("hubspot.contact:62515:900", HasTrait("firstName"));
        JsonElement merged = await host.Profile("hubspot.contact:62515:3", HasTrait("firstName"));
        Assert.Equal(CustomerOf(survivor), CustomerOf(merged));
        Assert.Contains(crm.Calls, call => call.Contains("archived=true", StringComparison.Ordinal));
    }

    [Fact]
    public async Task HubSpot_WhenItIsAtItsLimitsOrAtFault_IsAskedAgain()
    {
        await using HubSpotDouble crm = await HubSpot();
        crm.Have("contacts", "1", ("firstname", "Jane"));
        crm.Fail(429, """{"status":"error","errorType":"RATE_LIMIT","policyName":"SECONDLY","message":"slow down"}""");
        crm.Fail(503, "<html>away</html>");
        crm.Fail(423, """{"status":"error","category":"LOCKED"}""", ("Retry-After", "1"));
        crm.Fail(200, "no JSON");
        await using WebhookHost host = await Start(crm);

        await host.SendHubSpot(List(Event("contact.creation", 1)));

        await host.Profile("hubspot.contact:62515:1", HasTrait("firstName"));
        await Idle(host, "hubspot");
        Assert.Empty(crm.Faults);
        Assert.Equal(1, crm.UnderWayMax);
    }

    [Fact]
    public async Task HubSpot_WhenTheCallsOfTheDayAreUsedUp_WaitsForTheNextDay()
    {
        await using HubSpotDouble crm = await HubSpot();
        crm.Fail(429, """{"status":"error","errorType":"RATE_LIMIT","policyName":"DAILY","message":"enough"}""");
        await using WebhookHost host = await Start(crm);

        await host.SendHubSpot(List(Event("contact.creation", 1)));

        JsonElement reading = await Reading(
            host,
            "hubspot",
            one => one.GetProperty("lastFailure").ValueKind != JsonValueKind.Null
        );
        Assert.Equal(
            ("reading", 1, "daily_limit_reached", "DAILY"),
            (
                reading.GetProperty("state").GetString(),
                reading.GetProperty("waiting").GetInt32(),
                reading.GetProperty("lastFailure").GetProperty("reason").GetString(),
                reading.GetProperty("lastFailure").GetProperty("code").GetString()
            )
        );
        Assert.NotEqual(JsonValueKind.Null, reading.GetProperty("nextAttemptAt").ValueKind);
        Assert.NotEqual(JsonValueKind.Null, reading.GetProperty("lastAttemptAt").ValueKind);
    }

    [Fact]
    public async Task HubSpot_WhenTheTokenIsWrong_StopsUntilTheProgramStartsWithAnother()
    {
        await using HubSpotDouble crm = await HubSpot();
        crm.Have("contacts", "1", ("firstname", "Jane"));
        await using WebhookHost host = await Start(crm, token: "an-old-token");

        await host.SendHubSpot(List(Event("contact.creation", 1)));

        JsonElement reading = await Reading(host, "hubspot", one => one.GetProperty("state").GetString() == "stopped");
        Assert.Equal("token_refused", reading.GetProperty("lastFailure").GetProperty("reason").GetString());
        Assert.Equal(JsonValueKind.Null, reading.GetProperty("nextAttemptAt").ValueKind);
        Assert.DoesNotContain("an-old-token", reading.GetRawText(), StringComparison.Ordinal);
        Assert.Single(crm.Calls);
        await host.RestartAsync(("Customer360:Webhooks:hubspot:Token", CrmDouble.Token));
        await host.Profile("hubspot.contact:62515:1", HasTrait("firstName"));
        await Idle(host, "hubspot");
    }

    [Fact]
    public async Task HubSpot_WhenTheTokenIsOfAnotherAccount_ReadsNothingOfTheWrongOne()
    {
        await using HubSpotDouble crm = await HubSpot();
        crm.Have("contacts", "1", ("firstname", "Mallory"));
        await using WebhookHost host = await Start(crm);

        await host.SendHubSpot(List(Event("contact.creation", 1).Replace("62515", "999", StringComparison.Ordinal)));

        JsonElement reading = await Reading(
            host,
            "hubspot",
            one => one.GetProperty("lastFailure").ValueKind != JsonValueKind.Null
        );
        Assert.Equal("account_other", reading.GetProperty("lastFailure").GetProperty("reason").GetString());
        Assert.DoesNotContain(crm.Calls, call => call.Contains("objects", StringComparison.Ordinal));
    }

    [Fact]
    public async Task HubSpot_WhenItSendsElsewhere_TheTokenIsNotSentThere()
    {
        await using HubSpotDouble crm = await HubSpot();
        await using HubSpotDouble other = await HubSpot();
        crm.Fail(307, "{}", ("Location", $"{other.Address}/account-info/v3/details"));
        await using WebhookHost host = await Start(crm);

        await host.SendHubSpot(List(Event("contact.creation", 1)));

        JsonElement reading = await Reading(
            host,
            "hubspot",
            one => one.GetProperty("lastFailure").ValueKind != JsonValueKind.Null
        );
        Assert.Equal("redirected", reading.GetProperty("lastFailure").GetProperty("reason").GetString());
        Assert.Empty(other.Calls);
    }

    [Fact]
    public async Task HubSpot_WhenADealIsNew_IsToldOfWhoTakesPart()
    {
        await using HubSpotDouble crm = await HubSpot();
        crm.Have("deals", "5", ("dealname", "Big one"), ("amount", "1200.50"), ("dealstage", "closedwon"));
        crm.Associate("5", "contacts", "1", "2");
        crm.Associate("5", "companies", "7");
        await using WebhookHost host = await Start(crm);

        await host.SendHubSpot(List(Event("deal.creation", 5)));

        JsonElement one = await host.Profile("hubspot.contact:62515:1", HasEvent("CRM Deal Changed"));
        JsonElement other = await host.Profile("hubspot.contact:62515:2", HasEvent("CRM Deal Changed"));
        Assert.NotEqual(CustomerOf(one), CustomerOf(other));
        await Idle(host, "hubspot");
        (int status, JsonElement account) = await host.Ask(HttpMethod.Get, "/v1/accounts/hubspot.company%3A62515%3A7");
        Assert.Equal(200, status);
        JsonElement deal = account.GetProperty("opportunities")[0];
        Assert.Equal(
            ("5", "won", "Big one", 2),
            (
                deal.GetProperty("id").GetString(),
                deal.GetProperty("status").GetString(),
                deal.GetProperty("name").GetString(),
                deal.GetProperty("contacts").GetArrayLength()
            )
        );
    }

    [Fact]
    public async Task HubSpot_WhenAllOfAKindIsReadAndTheProgramRestartsInTheMiddle_GoesOnWhereItWas()
    {
        const int Many = 250;
        await using HubSpotDouble crm = await HubSpot();
        foreach (int id in Enumerable.Range(1, Many))
        {
            crm.Have("contacts", $"{id}", ("firstname", $"Jane {id}"));
        }

        // The second page.
        crm.HoldUp = "\"value\":\"100\"";
        await using WebhookHost host = await Start(crm);
        await host.SendHubSpot(List([.. Enumerable.Range(1, 1001).Select(id => Event("contact.creation", id))]));
        await crm.HeldUp.Task;
        int before = crm.Calls.Count(call => call.Contains("/search", StringComparison.Ordinal));

        crm.HoldUp = null;
        await host.RestartAsync();

        await Idle(host, "hubspot");
        string[] searches = [.. crm.Calls.Where(call => call.Contains("/search", StringComparison.Ordinal))];
        // The page that was broken off is asked for again, and the one before is not.
        Assert.Contains("\"value\":\"100\"", searches[before], StringComparison.Ordinal);
        JsonElement last = await host.Profile($"hubspot.contact:62515:{Many}", HasTrait("firstName"));
        Assert.Equal($"Jane {Many}", TraitOf(last, "firstName"));
        await host.Profile("hubspot.contact:62515:101", HasTrait("firstName"));
        await host.Profile("hubspot.contact:62515:1", HasTrait("firstName"));
    }

    [Fact]
    public async Task HubSpot_WhenTheProgramRestartsBeforeTheAnswer_CountsWhatIsReadOnce()
    {
        await using HubSpotDouble crm = await HubSpot();
        crm.Have("contacts", "2", ("firstname", "Bob"));
        crm.Archive("contacts", "2");
        crm.HoldUp = "archived=true";
        await using WebhookHost host = await Start(crm);
        await host.SendHubSpot(List(Event("contact.restore", 2)));
        await crm.HeldUp.Task;

        crm.HoldUp = null;
        await host.RestartAsync();
        await Idle(host, "hubspot");
        // The same once more.
        await host.SendHubSpot(List(Event("contact.creation", 2)));
        await Idle(host, "hubspot");
        await host.SendHubSpot(
            List(Event("contact.propertyChange", 2, "\"propertyName\":\"city\",\"propertyValue\":\"Rome\""))
        );

        // What comes behind is seen only after what came before.
        JsonElement profile = await host.Profile("hubspot.contact:62515:2", HasTrait("city"));
        string deleted = Assert.Single(
            profile
                .GetProperty("events")
                .EnumerateArray()
                .Select(one => one.GetRawText().Replace(" ", "", StringComparison.Ordinal)),
            one => one.Contains("\"CRMContactDeleted\"", StringComparison.Ordinal)
        );
        Assert.Contains("\"count\":1", deleted, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Salesforce_WhenADeletionWasAMerge_BothAreOnePerson()
    {
        await using SalesforceDouble crm = await Salesforce();
        crm.Have("Contact", Winner, Fields("\"FirstName\":\"Jane\",\"Email\":\"jane@x.com\",\"Tier__c\":\"gold\""));
        crm.Have(
            "Contact",
            Loser,
            $"\"IsDeleted\":true,\"MasterRecordId\":\"{Winner}\",\"SystemModstamp\":\"2026-11-27T09:00:00.000+0000\""
        );
        await using WebhookHost host = await Start(crm);

        await SendChange(host, "Contact", "DELETE", Loser);

        JsonElement winner = await host.Profile($"salesforce.contact:{Winner}", HasTrait("tier"));
        await WebhookHost.Until(async () =>
            CustomerOf(await host.Profile($"salesforce.contact:{Loser}", _ => true))
            == CustomerOf(await host.Profile($"salesforce.contact:{Winner}", _ => true))
        );
        Assert.Equal("gold", TraitOf(winner, "tier"));
        await Idle(host, "salesforce");
        // A field that this organization does not have is not asked for: the query would be refused.
        Assert.DoesNotContain(crm.Calls, call => call.Contains("Elsewhere__c", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Salesforce_WhenTooMuchChangedAtOnce_AllThatChangedIsReadPageByPage()
    {
        await using SalesforceDouble crm = await Salesforce();
        crm.PageMax = 2;
        // It forgets the query after the first page, once.
        crm.Forgotten = 1;
        string[] ids = [.. Enumerable.Range(1, 5).Select(number => $"00350000000000{number}AAA")];
        foreach (string id in ids)
        {
            crm.Have("Contact", id, Fields($"\"FirstName\":\"Jane {id}\""));
        }

        crm.Have(
            "Contact",
            ids[4],
            "\"IsDeleted\":true,\"MasterRecordId\":null,\"SystemModstamp\":\"2026-11-27T09:00:00.000+0000\""
        );
        await using WebhookHost host = await Start(crm);

        await SendChange(host, "Contact", "GAP_OVERFLOW", "000000000000000AAA");

        foreach (string id in ids[..4])
        {
            await host.Profile($"salesforce.contact:{id}", HasTrait("firstName"));
        }

        await host.Profile($"salesforce.contact:{ids[4]}", HasEvent("CRM Contact Deleted"));
        await Idle(host, "salesforce");
        Assert.Equal(
            2,
            crm.Calls.Count(call => call.Contains("WHERE SystemModstamp >= 2026-11-27T", StringComparison.Ordinal))
        );
    }

    [Fact]
    public async Task Salesforce_WhenADealChanged_IsToldOfWhoTakesPart()
    {
        await using SalesforceDouble crm = await Salesforce();
        crm.Have(
            "Opportunity",
            Deal,
            Fields(
                $$"""
                "Name":"Big one","StageName":"Closed Won","Amount":1200.50,"IsWon":true,"AccountId":"{{Company}}",
                "OpportunityContactRoles":{"totalSize":1,"done":true,"records":[{"ContactId":"{{Winner}}"}]}
                """
            )
        );
        await using WebhookHost host = await Start(crm);

        await SendChange(host, "Opportunity", "UPDATE", Deal);

        await host.Profile($"salesforce.contact:{Winner}", HasEvent("CRM Opportunity Changed"));
        await Idle(host, "salesforce");
    }

    [Fact]
    public async Task Salesforce_WhenItIsAtItsLimit_SaysSo()
    {
        await using SalesforceDouble crm = await Salesforce();
        crm.Fail(403, """[{"message":"TotalRequests Limit exceeded.","errorCode":"REQUEST_LIMIT_EXCEEDED"}]""");
        await using WebhookHost host = await Start(crm);

        await SendChange(host, "Contact", "GAP_UPDATE", Loser);

        JsonElement reading = await Reading(
            host,
            "salesforce",
            one => one.GetProperty("lastFailure").ValueKind != JsonValueKind.Null
        );
        Assert.Equal(
            ("daily_limit_reached", "REQUEST_LIMIT_EXCEEDED"),
            (
                reading.GetProperty("lastFailure").GetProperty("reason").GetString(),
                reading.GetProperty("lastFailure").GetProperty("code").GetString()
            )
        );
    }

    [Fact]
    public async Task Salesforce_WhenTheSessionHasEnded_StopsUntilTheProgramStartsWithAnotherToken()
    {
        await using SalesforceDouble crm = await Salesforce();
        crm.Have("Contact", Winner, Fields("\"FirstName\":\"Jane\""));
        await using WebhookHost host = await Start(crm, token: "an-old-token");

        await SendChange(host, "Contact", "GAP_UPDATE", Winner);

        JsonElement reading = await Reading(
            host,
            "salesforce",
            one => one.GetProperty("state").GetString() == "stopped"
        );
        Assert.Equal("INVALID_SESSION_ID", reading.GetProperty("lastFailure").GetProperty("code").GetString());
        await host.RestartAsync(("Customer360:Webhooks:salesforce:Token", CrmDouble.Token));
        await host.Profile($"salesforce.contact:{Winner}", HasTrait("firstName"));
    }

    [Theory]
    [InlineData("http://crm.example.com")]
    [InlineData("https://crm.example.com/elsewhere")]
    public void Address_WhenATokenMayNotBeSentThere_EndsTheStart(string address)
    {
        IConfiguration settings = new ConfigurationBuilder()
            .AddInMemoryCollection(
                new Dictionary<string, string?>(StringComparer.Ordinal)
                {
                    ["Customer360:Webhooks:crm:Token"] = CrmDouble.Token,
                    ["Customer360:Webhooks:crm:BaseUrl"] = address,
                }
            )
            .Build();

        SettingInvalidException refusal = Assert.Throws<SettingInvalidException>(() => new CrmSettings(settings));

        Assert.StartsWith("CUSTOMER360__WEBHOOKS__CRM__BASEURL must be", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Access_WhenWritten_DoesNotShowItsToken() =>
        Assert.DoesNotContain(
            CrmDouble.Token,
            new CrmAccess(CrmDouble.Token, new Uri("https://crm.example.com")).ToString(),
            StringComparison.Ordinal
        );

    [Fact]
    public async Task HubSpot_WhenAnAnswerIsTooLarge_IsNotRead()
    {
        await using HubSpotDouble crm = await HubSpot();
        crm.Fail(200, new string(' ', CrmClient.AnswerBytesMax + 1));
        await using WebhookHost host = await Start(crm);

        await host.SendHubSpot(List(Event("contact.creation", 1)));

        await Reading(
            host,
            "hubspot",
            one =>
                one.GetProperty("lastFailure") is { ValueKind: JsonValueKind.Object } failure
                && failure.GetProperty("reason").GetString() == "answer_too_large"
        );
    }

    [Fact]
    public async Task Source_WhenItHasNoToken_SaysThatNothingIsRead()
    {
        await using WebhookHost host = await WebhookHost.Start(Sources);

        await host.SendHubSpot(List(Event("contact.creation", 1)));

        JsonElement reading = await Reading(host, "hubspot", _ => true);
        Assert.Equal(("off", 1), (reading.GetProperty("state").GetString(), reading.GetProperty("waiting").GetInt32()));
    }

    private static async Task<HubSpotDouble> HubSpot()
    {
        var crm = new HubSpotDouble();
        await crm.StartAsync();
        return crm;
    }

    private static async Task<SalesforceDouble> Salesforce()
    {
        var crm = new SalesforceDouble();
        await crm.StartAsync();
        return crm;
    }

    private static Task<WebhookHost> Start(CrmDouble crm, string token = CrmDouble.Token)
    {
        string source = crm is HubSpotDouble ? "hubspot" : "salesforce";
        return WebhookHost.Start(
            Sources,
            settings: new(StringComparer.Ordinal)
            {
                [$"Customer360:Webhooks:{source}:Token"] = token,
                [$"Customer360:Webhooks:{source}:BaseUrl"] = crm.Address,
            }
        );
    }

    private static async Task SendChange(WebhookHost host, string kind, string type, string id)
    {
        (int status, string answer) = await host.Send(
            WebhookHost.SalesforcePath,
            $$"""
            {"data":{"payload":{"ChangeEventHeader":{"entityName":"{{kind}}","changeType":"{{type}}","recordIds":["{{id}}"],
            "changedFields":["StageName"],"transactionKey":"t-1","sequenceNumber":1,"commitTimestamp":1795770000000},
            "StageName":"Closed Won"} },"channel":"/data/{{kind}}ChangeEvent"}
            """
        );
        Assert.True(status == 200, answer);
    }

    private static async Task<JsonElement> Reading(WebhookHost host, string source, Func<JsonElement, bool> isSo)
    {
        JsonElement reading = default;
        await WebhookHost.Until(async () =>
        {
            (int status, JsonElement backlog) = await host.Ask(HttpMethod.Get, $"/v1/webhooks/{source}");
            Assert.Equal(200, status);
            reading = backlog.GetProperty("reading");
            return isSo(reading);
        });
        return reading;
    }

    private static Task<JsonElement> Idle(WebhookHost host, string source) =>
        Reading(host, source, reading => reading.GetProperty("state").GetString() == "idle");

    private static string Fields(string more) =>
        $"\"IsDeleted\":false,\"SystemModstamp\":\"2026-11-27T09:00:00.000+0000\",{more}";

    private static Func<JsonElement, bool> HasTrait(string name) =>
        profile => profile.GetProperty("traits").TryGetProperty(name, out _);

    private static Func<JsonElement, bool> HasEvent(string name) =>
        profile => profile.GetProperty("events").GetRawText().Contains($"\"{name}\"", StringComparison.Ordinal);

    private static string? TraitOf(JsonElement profile, string name) =>
        profile.GetProperty("traits").GetProperty(name).GetProperty("value").GetString();

    private static string? CustomerOf(JsonElement profile) => profile.GetProperty("customerId").GetString();

    private static string List(params string[] events) => $"[{string.Join(',', events)}]";

    private static string Event(string type, int id, string? members = null) =>
        $"{{\"eventId\":1,\"subscriptionId\":7,\"portalId\":62515,\"occurredAt\":1795770000000,\"subscriptionType\":\"{type}\","
        + $"\"objectId\":{id}{(members is null ? "" : "," + members)}}}";
}
