using System.Globalization;
using System.Net;
using System.Text.Json;
using Customer360.Api.Tests.Privacy;
using Customer360.Tests.Support;

namespace Customer360.Api.Tests.Attribution;

/// <summary>How long leads wait, on the program that users run; and who is told of whom.</summary>
public sealed class SalesViewsTests : IDisposable
{
    private const string Team = """
        calendars:
          all:
            zone: Etc/UTC
            week: {sun: ["00:00-24:00"], mon: ["00:00-24:00"], tue: ["00:00-24:00"], wed: ["00:00-24:00"], thu: ["00:00-24:00"], fri: ["00:00-24:00"], sat: ["00:00-24:00"]}
        people:
          ann: {calendar: all}
        owner: {team: sales-operations, contact: "#sales-operations"}
        """;

    private const string Routing = """
        queues: [triage]
        pools: {demo-desk: {members: [ann]}}
        answers: {duplicate: continue, openOpportunity: continue, territoryMissing: continue, ownerAway: {queue: triage}, noCapacity: {queue: triage}, outsideHours: assign, otherwise: {queue: triage}}
        rules:
          - name: demos
            if: {fact: source, equals: demo}
            then: {pool: demo-desk}
            examples: [{facts: {source: demo}, fires: true}]
        owner: {team: sales-operations, contact: "#sales-operations"}
        """;

    private readonly string _policies = Directory.CreateTempSubdirectory("c360-views-policies-").FullName;

    public SalesViewsTests()
    {
        foreach (string file in (string[])["lifecycle.yaml", "scoring.yaml"])
        {
            File.Copy(Repository.Path("docs", "policies", file), Path.Combine(_policies, file));
        }

        File.WriteAllText(Path.Combine(_policies, "sales-team.yaml"), Team);
        File.WriteAllText(Path.Combine(_policies, "routing.yaml"), Routing);
    }

    [Fact]
    public async Task SpeedToLead_IsOfWhoeverAccepted_AndNamesSalesPeopleToThoseWhoWorkWithLeads()
    {
        await using PrivacyHost host = await PrivacyHost.Start(
            keys: PrivacyHost.KeysFor("analytics"),
            more: ("Customer360:Policies:Folder", _policies)
        );
        string lead = await SendLead(host);
        string[] before = Rows(await View(host, ProfilesHost.AdminKey), "touched", "waiting");
        (HttpStatusCode status, JsonElement accepted) = await host.Officer(
            HttpMethod.Post,
            $"/v1/leads/{lead}:accept",
            """{"person":"ann"}"""
        );
        Assert.True(status == HttpStatusCode.OK, $"{accepted}");

        JsonElement all = await View(host, ProfilesHost.AdminKey);
        JsonElement some = await View(host, PrivacyHost.KeyOf("analytics"));

        Assert.Equal("all 0 1", before[0]);
        Assert.Equal(
            ["all 1 0", "owner: ann 1 0", "pool: demo-desk 1 0", "source: demo 1 0"],
            Rows(all, "touched", "waiting")
        );
        Assert.Contains("median", all.GetProperty("definition").GetString(), StringComparison.Ordinal);
        Assert.True(
            decimal.Parse(
                all.GetProperty("rows")[0].GetProperty("values").GetProperty("medianMinutes").GetString()!,
                CultureInfo.InvariantCulture
            ) >= 0
        );
        Assert.Equal(["all 1 0", "source: demo 1 0"], Rows(some, "touched", "waiting"));
        Assert.Equal(2, some.GetProperty("rowsWithheld").GetInt32());
    }

    public void Dispose() => Directory.Delete(_policies, recursive: true);

    private static string[] Rows(JsonElement view, params string[] values) =>
        [
            .. view.GetProperty("rows")
                .EnumerateArray()
                .Select(row =>
                    $"{row.GetProperty("name").GetString()} {string.Join(' ', values.Select(one => row.GetProperty("values").GetProperty(one).GetString()))}"
                ),
        ];

    private static async Task<JsonElement> View(PrivacyHost host, string key)
    {
        string to = TimeProvider.System.GetUtcNow().AddDays(2).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        (HttpStatusCode status, JsonElement view) = await host.Ask(
            HttpMethod.Get,
            $"/v1/attribution/views/speed-to-lead?from=2026-01-01&to={to}",
            key
        );
        Assert.True(status == HttpStatusCode.OK, $"{view}");
        return view;
    }

    private static async Task<string> SendLead(PrivacyHost host)
    {
        await host.Send("track", "\"userId\":\"jane\",\"event\":\"Demo Requested\"");
        await host.Send("track", "\"userId\":\"jane\",\"event\":\"Form Submitted\"");
        await host.Send(
            "identify",
            """
            "userId":"jane","traits":{"email":"jane@lantern-works.example","company":"Lantern Works","jobTitle":"Chief of Lanterns","leadSource":"demo"}
            """
        );
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            (_, JsonElement page) = await host.Officer(HttpMethod.Get, "/v1/leads?status=offered");
            if (page.GetProperty("leads").GetArrayLength() == 1)
            {
                return page.GetProperty("leads")[0].GetProperty("leadId").GetString()!;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
        }
    }
}
