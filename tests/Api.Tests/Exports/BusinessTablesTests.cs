using System.Net;
using System.Text.Json;
using Customer360.Tests.Support;

namespace Customer360.Api.Tests.Exports;

/// <summary>The tables of leads, companies, audiences, deliveries and policies, on the program that users run.</summary>
public sealed class BusinessTablesTests : IDisposable
{
    private const string TenTables =
        """["events","profiles","traits","identifiers","consents","identity_graph","merges_and_splits","conversions","touches","credits"]""";

    private const string Team = """
        calendars:
          all:
            zone: Etc/UTC
            week: {sun: ["00:00-24:00"], mon: ["00:00-24:00"], tue: ["00:00-24:00"], wed: ["00:00-24:00"], thu: ["00:00-24:00"], fri: ["00:00-24:00"], sat: ["00:00-24:00"]}
        people:
          ann: {calendar: all, territories: [emea]}
        owner: {team: sales-operations, contact: "#sales-operations"}
        """;

    private const string Routing = """
        queues: [triage]
        answers: {duplicate: continue, openOpportunity: continue, territoryMissing: continue, ownerAway: {queue: triage}, noCapacity: {queue: triage}, outsideHours: assign, otherwise: {queue: triage}}
        rules:
          - name: demos
            if: {fact: source, equals: demo}
            then: {owner: ann}
            examples: [{facts: {source: demo}, fires: true}]
        owner: {team: sales-operations, contact: "#sales-operations"}
        """;

    private const string Audiences = """
        owner: {team: marketing, contact: marketing@example.com}
        audiences:
          - {name: germans, purpose: ads, if: {fact: country, equals: DE}}
        """;

    private const string Destinations = """
        owner: {team: growth, contact: growth}
        destinations:
          hook:
            kind: webhook
            address: https://hooks.example.com/customer360
            secrets: [FIRST]
            purpose: ads
            role: marketing-automation
            effects: [audience.entered, audience.left]
        """;

    private readonly string _policies = Directory.CreateTempSubdirectory("c360-mirror-policies-").FullName;

    public BusinessTablesTests()
    {
        foreach (string file in (string[])["lifecycle.yaml", "scoring.yaml"])
        {
            File.Copy(Repository.Path("docs", "policies", file), Path.Combine(_policies, file));
        }

        File.WriteAllText(Path.Combine(_policies, "sales-team.yaml"), Team);
        File.WriteAllText(Path.Combine(_policies, "routing.yaml"), Routing);
        File.WriteAllText(Path.Combine(_policies, "audiences.yaml"), Audiences);
        File.WriteAllText(Path.Combine(_policies, "destinations.yaml"), Destinations);
    }

    [Fact]
    public async Task Tables_OfAllThatBusinessDoes_AreReadByDuckDb()
    {
        await using ExportHost host = await Start();
        string lead = await SendLead(host, "jane");
        (HttpStatusCode status, JsonElement accepted) = await host.Grid.Officer(
            HttpMethod.Post,
            $"/v1/leads/{lead}:accept",
            """{"person":"ann"}"""
        );
        Assert.True(status == HttpStatusCode.OK, $"{accepted}");
        await SendDeal(host);
        await SendAudience(host);

        await host.Export();

        Assert.Equal(
            [$"{lead}|True|accepted|ann|demo|True|1||True"],
            host.Query(
                """
                select lead_id, stage in ('mql', 'sal'), status, owner_id, source, accepted_at >= handed_at and handed_at >= created_at, attempts, duplicate_of, is_open
                from read_parquet('$mirror/leads/*.parquet')
                """
            )
        );
        Assert.Equal(
            ["rule|mql|True"],
            host.Query(
                """
                select source, stage, is_counted from read_parquet('$mirror/lead_stages/*.parquet') where stage = 'mql'
                """
            )
        );
        // The version of the decision is one that policies knows.
        Assert.Equal(
            ["1|routing|assigned|ann|demos|accepted|True|demo|fired"],
            host.Query(
                """
                select d.attempt, d.decided_by, d.outcome, d.person_id, d.rule, d.answer, p.in_force_to is null, d.facts->>'$.source',
                  d.trace->>'$.rules[0].outcome'
                from read_parquet('$mirror/routing_decisions/*.parquet') d
                join read_parquet('$mirror/policies/*.parquet') p on p.kind = 'routing' and p.version = d.policy_version
                """
            )
        );
        Assert.Equal(
            ["acme|Acme|[\"acme.example\"]|ann|mid|1"],
            host.Query(
                """
                select account_id, name, domains, owner, segment, open_opportunities from read_parquet('$mirror/accounts/*.parquet')
                where account_id = 'acme'
                """
            )
        );
        Assert.Equal(
            ["acme|d-1|open|negotiation|1250050|EUR|", "acme|d-2|won|closedwon|||700"],
            host.Query(
                """
                select account_id, opportunity_id, status, stage, amount_minor, currency, amount_text
                from read_parquet('$mirror/opportunities/*.parquet') order by opportunity_id
                """
            )
        );
        Assert.Equal(
            ["germans|entered|True|True", "germans|left|False|False"],
            host.Query(
                """
                select audience, change, definition_version is not null, cause is not null
                from read_parquet('$mirror/audience_changes/*.parquet') order by change
                """
            )
        );
        Assert.Equal(
            ["hook|audience.entered|germans|withheld|2|2"],
            host.Query(
                """
                select destination, kind, name, outcome, count(*), count(distinct customer_id)
                from read_parquet('$mirror/deliveries/*.parquet') where kind = 'audience.entered' group by all
                """
            )
        );
        Assert.Equal(
            ["1|file|file|False", "2|put|operator|True"],
            host.Query(
                """
                select number, action, brought_by, in_force_to is null from read_parquet('$mirror/policies/*.parquet')
                where kind = 'destinations' order by number
                """
            )
        );
        JsonElement verified = await host.Verify();
        Assert.True(verified.GetProperty("isSame").GetBoolean(), $"{verified}");
        Assert.Empty(verified.GetProperty("notCompared").EnumerateArray());
        Assert.All(
            host.Query(MirrorText.Documented("reconciliation")),
            row => Assert.EndsWith("|0", row, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task AudienceHistory_IsWhoEnteredAndLeftByDay()
    {
        await using ExportHost host = await Start();
        await SendAudience(host);
        await host.Export();

        // Two have entered, by what a destination had to be told, and one of them has left.
        Assert.Equal(
            ["germans|2|1|1"],
            host.Query(
                $"select audience, sum(entered), sum(gone), arg_max(members, day) from ({MirrorText.Documented("audience history")}) group by audience"
            )
        );
    }

    [Fact]
    public async Task Mirror_OfTenTables_GetsTheOthersWithTheNextExport()
    {
        await using ExportHost host = await Start();
        await SendLead(host, "jane");
        await SendDeal(host);
        await host.Export($$"""{"tables":{{TenTables}}}""");
        Assert.Empty(host.FilesOf("leads"));
        Assert.True((await host.Verify()).GetProperty("isSame").GetBoolean());

        await host.Export();

        Assert.All(
            (string[])["accounts", "opportunities", "leads", "lead_stages", "routing_decisions", "policies"],
            table => Assert.Single(host.FilesOf(table))
        );
        Assert.True((await host.Verify()).GetProperty("isSame").GetBoolean());
        string sources = await File.ReadAllTextAsync(Path.Combine(host.Mirror, "sources.yml"));
        Assert.Contains("      - name: routing_decisions\n", sources, StringComparison.Ordinal);
        // And again: nothing has changed, so nothing is written.
        Assert.Equal(0, (await host.Export()).GetProperty("files").GetInt32());
    }

    [Theory]
    [InlineData("sales", "sales-contact", "leads,lead_stages", "routing_decisions,deliveries,policies")]
    [InlineData("analytics", "analytics", "accounts,opportunities", "leads,routing_decisions,deliveries,policies")]
    [InlineData("steward", "support", "accounts,opportunities", "leads,routing_decisions,audience_changes,deliveries")]
    public async Task Mirror_OfARole_HasWhatTheRoleIsShownElsewhere(
        string role,
        string purpose,
        string seen,
        string notSeen
    )
    {
        await using ExportHost host = await Start(role, purpose);
        await SendLead(host, "jane");
        await SendDeal(host);

        JsonElement result = await host.Export();

        string[] withheld = [.. result.GetProperty("notSeen").EnumerateArray().Select(one => one.GetString()!)];
        Assert.All(seen.Split(','), table => Assert.NotEmpty(host.FilesOf(table)));
        Assert.All(
            notSeen.Split(','),
            table =>
            {
                Assert.Contains(table, withheld);
                Assert.False(Directory.Exists(Path.Combine(host.Mirror, table)));
            }
        );
        Assert.True((await host.Verify()).GetProperty("isSame").GetBoolean());
    }

    [Fact]
    public async Task Decisions_OfARoleThatIsToldOfEverybodysLeads_HaveOnlyFactsThatItSees()
    {
        File.WriteAllText(
            Path.Combine(_policies, "access.yaml"),
            """
            classes: {public: [leadSource, source], personal: [email, company, jobTitle]}
            purposes: {sales-contact: , ads: {consent: required}}
            roles:
              lead-desk: {purposes: [sales-contact], read: {public: allow}, sees: [companies, all-leads], does: [leads]}
            owner: {team: privacy, contact: "#privacy"}
            examples:
              - {input: {role: lead-desk, purpose: sales-contact, field: email}, expect: {gives: withhold}}
            """
        );
        // Neither asks for a role that this file does not have.
        File.Delete(Path.Combine(_policies, "destinations.yaml"));
        await using ExportHost host = await Start("lead-desk", "sales-contact");
        await SendLead(host, "jane");

        await host.Export();

        Assert.Equal(
            ["demo|demos||"],
            host.Query(
                """
                select facts->>'$.source', rule, facts->>'$.email', facts->>'$.company'
                from read_parquet('$mirror/routing_decisions/*.parquet')
                """
            )
        );
        Assert.DoesNotContain("jane@", await MirrorText.Everything(host), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Erasure_OfALeadsPerson_LeavesNothingOfHerInTheRawFiles()
    {
        await using ExportHost host = await Start();
        string lead = await SendLead(host, "jane");
        await host.Grid.Send(
            "group",
            "\"userId\":\"jane\",\"groupId\":\"lantern-works\",\"traits\":{\"name\":\"Lanterns\",\"contact\":\"jane@lantern-works.example\"}"
        );
        await host.Export();
        string before = await MirrorText.Everything(host);
        Assert.Contains("jane@lantern-works.example", before, StringComparison.Ordinal);
        Assert.Contains(lead, before, StringComparison.Ordinal);

        await host.Grid.Erase("user_id:jane");

        string after = await MirrorText.Everything(host);
        foreach (string value in (string[])["jane@lantern-works.example", lead, "Chief of Lanterns"])
        {
            Assert.DoesNotContain(value, after, StringComparison.OrdinalIgnoreCase);
        }

        Assert.True((await host.Verify()).GetProperty("isSame").GetBoolean());
    }

    public void Dispose() => Directory.Delete(_policies, recursive: true);

    private Task<ExportHost> Start(string role = "admin", string purpose = "") =>
        ExportHost.Start(
            role,
            purpose,
            more:
            [
                ("Customer360:Policies:Folder", _policies),
                // What only browsers say makes no deals.
                ("Customer360:Keys:2:Trust", "server"),
                ("Customer360:Destinations:Secrets:FIRST", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
            ]
        );

    /// <summary>Somebody becomes a lead, and Ann is given it; answers the lead's id.</summary>
    private static async Task<string> SendLead(ExportHost host, string user)
    {
        await host.Grid.Send("track", $"\"userId\":\"{user}\",\"event\":\"Demo Requested\"");
        await host.Grid.Send("track", $"\"userId\":\"{user}\",\"event\":\"Form Submitted\"");
        await host.Grid.Send(
            "identify",
            $$"""
            "userId":"{{user}}","traits":{"email":"{{user}}@lantern-works.example","company":"Lantern Works","jobTitle":"Chief of Lanterns","leadSource":"demo","territory":"emea"}
            """
        );
        JsonElement page = default;
        await Until(async () =>
        {
            (_, page) = await host.Grid.Officer(HttpMethod.Get, "/v1/leads?status=offered");
            return page.GetProperty("leads").GetArrayLength() == 1;
        });
        return page.GetProperty("leads")[0].GetProperty("leadId").GetString()!;
    }

    private static async Task SendDeal(ExportHost host)
    {
        await host.Grid.Send(
            "group",
            "\"userId\":\"boss\",\"groupId\":\"acme\",\"traits\":{\"name\":\"Acme\",\"domain\":\"acme.example\",\"ownerId\":\"ann\",\"segment\":\"mid\"}"
        );
        foreach (
            string deal in (string[])
                [
                    "\"recordId\":\"d-1\",\"stage\":\"discovery\",\"amount\":\"100\",\"currency\":\"EUR\"",
                    "\"recordId\":\"d-1\",\"stage\":\"negotiation\",\"amount\":\"12500.50\",\"currency\":\"EUR\"",
                    "\"recordId\":\"d-2\",\"stage\":\"closedwon\",\"amount\":\"700\"",
                ]
        )
        {
            await host.Grid.Send(
                "track",
                $"\"userId\":\"boss\",\"event\":\"CRM Opportunity Changed\",\"context\":{{\"groupId\":\"acme\"}},\"properties\":{{{deal}}}"
            );
        }
    }

    /// <summary>Two enter an audience, one of them leaves it, and nobody may be told, as nobody has consented. Then the destinations are others.</summary>
    private static async Task SendAudience(ExportHost host)
    {
        await host.Grid.Send("identify", "\"userId\":\"g-1\",\"traits\":{\"country\":\"DE\"}");
        await host.Grid.Send("identify", "\"userId\":\"g-2\",\"traits\":{\"country\":\"DE\"}");
        await UntilSize(host, 2);
        await host.Grid.Send("identify", "\"userId\":\"g-2\",\"traits\":{\"country\":\"FR\"}");
        await UntilSize(host, 1);
        await Until(async () =>
        {
            (_, JsonElement list) = await host.Grid.Officer(
                HttpMethod.Get,
                "/v1/destinations/hook/deliveries?outcome=withheld"
            );
            return list.GetProperty("deliveries").GetArrayLength() == 3;
        });
        (HttpStatusCode status, JsonElement put) = await host.Grid.Officer(
            HttpMethod.Put,
            "/v1/policies/destinations",
            Destinations + "\n    freshness: 60\n"
        );
        Assert.True(status == HttpStatusCode.OK, $"{put}");
    }

    private static Task UntilSize(ExportHost host, long members) =>
        Until(async () =>
            (await host.Grid.Officer(HttpMethod.Get, "/v1/audiences/germans/size"))
                .Answer.GetProperty("members")
                .GetInt64() == members
        );

    private static async Task Until(Func<Task<bool>> isSo)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await isSo())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
        }
    }
}
