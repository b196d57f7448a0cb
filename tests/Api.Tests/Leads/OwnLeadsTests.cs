using System.Text.Json;
using Customer360.Api.Tests.Webhooks;
using Customer360.Tests.Support;

namespace Customer360.Api.Tests.Leads;

/// <summary>
/// A sales person is told why she has her leads, as far as her role sees what is known of the person. To others there is no such lead,
/// whether or not there is one.
/// </summary>
public sealed class OwnLeadsTests
{
    private const string NoLead = "l_00000000000000000000000000000000";

    private const string Team = """
        calendars:
          all:
            zone: Etc/UTC
            week: {sun: ["00:00-24:00"], mon: ["00:00-24:00"], tue: ["00:00-24:00"], wed: ["00:00-24:00"], thu: ["00:00-24:00"], fri: ["00:00-24:00"], sat: ["00:00-24:00"]}
        people:
          ann: {calendar: all, territories: [emea], callers: [ann-crm]}
        """;

    [Fact]
    public async Task Explain_WithAKeyOfSales_TellsOfOwnLeadsAlone()
    {
        await using WebhookHost host = await Start();
        string ann = await host.Key("ann-crm", "sales");
        string bob = await host.Key("bob-crm", "sales");
        string lead = await Lead(host);
        string path = $"/v1/leads/{lead}/explain";

        (int status, JsonElement own) = await host.Ask(HttpMethod.Get, path, key: ann);
        (int other, JsonElement withheld) = await host.Ask(HttpMethod.Get, path, key: bob);
        (int none, JsonElement unknown) = await host.Ask(HttpMethod.Get, $"/v1/leads/{NoLead}/explain", key: bob);

        Assert.True(status == 200, own.ToString());
        JsonElement facts = own.GetProperty("decision").GetProperty("facts");
        Assert.Equal("emea", facts.GetProperty("territory").GetString());
        Assert.Equal("jane@acme.example", facts.GetProperty("email").GetString());
        Assert.False(facts.TryGetProperty("custom.shoeSize", out _), facts.ToString());
        Assert.DoesNotContain("4217", own.ToString(), StringComparison.Ordinal);
        Assert.Equal("ann", own.GetProperty("decision").GetProperty("decision").GetProperty("person").GetString());
        Assert.Equal((404, 404), (other, none));
        Assert.Equal(Without(unknown, "requestId"), Without(withheld, "requestId"));
        Assert.Equal(
            "4217",
            (await host.Ask(HttpMethod.Get, path))
                .Answer.GetProperty("decision")
                .GetProperty("facts")
                .GetProperty("custom.shoeSize")
                .ToString()
        );
    }

    [Fact]
    public async Task Explain_WithARoleThatSeesAllLeads_TellsOfOthers_AndOfAPersonOfWhomItSeesNothingOfNone()
    {
        await using WebhookHost host = await Start(
            (
                "access.yaml",
                """
                classes: {public: [plan], personal: [email]}
                purposes: {sales-contact: , ads: {consent: required}}
                roles:
                  lead-desk: {purposes: [sales-contact], read: {public: allow}, sees: [companies, all-leads], does: [leads]}
                  ads-desk: {purposes: [ads], read: {public: allow}, sees: [companies, all-leads], does: [leads]}
                owner: {team: privacy, contact: "#privacy"}
                examples:
                  - {input: {role: lead-desk, purpose: sales-contact, field: email}, expect: {gives: withhold}}
                """
            )
        );
        string desk = await host.Key("desk", "lead-desk");
        string ads = await host.Key("ads", "ads-desk");
        string path = $"/v1/leads/{await Lead(host)}/explain";

        (int status, JsonElement shown) = await host.Ask(HttpMethod.Get, path, key: desk);
        (int withoutConsent, JsonElement refused) = await host.Ask(HttpMethod.Get, path, key: ads);
        (_, JsonElement unknown) = await host.Ask(HttpMethod.Get, $"/v1/leads/{NoLead}/explain", key: ads);

        Assert.True(status == 200, shown.ToString());
        Assert.DoesNotContain("jane", shown.ToString(), StringComparison.Ordinal);
        Assert.Contains("email", shown.GetProperty("withheld").EnumerateArray().Select(one => one.GetString()));
        Assert.Equal(404, withoutConsent);
        Assert.Equal(Without(unknown, "requestId"), Without(refused, "requestId"));
    }

    private static string Without(JsonElement json, string name) =>
        string.Join(' ', json.EnumerateObject().Where(member => member.Name != name).Select(member => $"{member}"));

    private static Task<WebhookHost> Start(params (string, string)[] more)
    {
        string policies = Repository.Path("docs", "policies");
        return WebhookHost.Start(
            "sources:\n  hubspot: {kind: hubspot, verify: {template: hubspot}}\n",
            more:
            [
                .. ((string[])["lifecycle.yaml", "scoring.yaml"]).Select(name =>
                    (name, File.ReadAllText(Path.Combine(policies, name)))
                ),
                (
                    "routing.yaml",
                    """
                    queues: [triage]
                    answers: {duplicate: continue, openOpportunity: continue, territoryMissing: continue, ownerAway: {queue: triage}, noCapacity: {queue: triage}, outsideHours: assign, otherwise: {queue: triage}}
                    rules:
                      - name: shoes
                        if: {fact: custom.shoeSize, equals: 4217}
                        then: {owner: ann}
                        examples: [{facts: {custom.shoeSize: 4217}, fires: true}]
                    owner: {team: sales-operations, contact: "#sales-operations"}
                    """
                ),
                ("sales-team.yaml", Team + "\nowner: {team: sales-operations, contact: \"#sales-operations\"}\n"),
                .. more,
            ]
        );
    }

    /// <summary>A lead that Ann has.</summary>
    private static async Task<string> Lead(WebhookHost host)
    {
        await host.Collect(
            """{"type":"track","messageId":"d1","userId":"u1","event":"Demo Requested"}""",
            """{"type":"track","messageId":"f1","userId":"u1","event":"Form Submitted"}""",
            """{"type":"identify","messageId":"i1","userId":"u1","traits":{"email":"jane@acme.example","company":"Acme","jobTitle":"VP","territory":"emea","shoeSize":4217}}"""
        );
        JsonElement page = default;
        await WebhookHost.Until(async () =>
        {
            page = (await host.Ask(HttpMethod.Get, "/v1/leads?owner=ann")).Answer;
            return page.GetProperty("leads").GetArrayLength() == 1;
        });
        return page.GetProperty("leads")[0].GetProperty("leadId").GetString()!;
    }
}
