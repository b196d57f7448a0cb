using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using Customer360.Api.Tests.Privacy;
using Customer360.Tests.Support;

namespace Customer360.Api.Tests.Leads;

/// <summary>A lead is made of what is known of a person, so it is shown to her, and goes with her.</summary>
public sealed class LeadPrivacyTests : IDisposable
{
    private const string Jane = "jane.doe-118@example.com";

    private readonly string _policies = Directory.CreateTempSubdirectory("c360-lead-policies-").FullName;

    public LeadPrivacyTests()
    {
        foreach (string file in (string[])["lifecycle.yaml", "scoring.yaml", "routing.yaml", "sales-team.yaml"])
        {
            File.Copy(Repository.Path("docs", "policies", file), Path.Combine(_policies, file));
        }
    }

    [Fact]
    public async Task Erase_TakesTheLeadsAlong_AndTheListForgetsThem()
    {
        await using PrivacyHost host = await Start();
        await SendLead(host);
        string leadId = await LeadId(host);

        await host.Erase($"email:{Jane}");

        Assert.Equal(HttpStatusCode.NotFound, (await host.Officer(HttpMethod.Get, $"/v1/leads/{leadId}")).Status);
        (_, JsonElement page) = await host.Officer(HttpMethod.Get, "/v1/leads");
        Assert.Equal(0, page.GetProperty("leads").GetArrayLength());
        await host.StopAsync();
        foreach (string value in new[] { Jane, "Smythe-Works", "Chief of Lanterns" })
        {
            Assert.Empty(await RawStore.Find(host.Folder, value));
        }
    }

    [Fact]
    public async Task Package_SaysHowNearToBuyingSheWasTakenFor_AndNotByWhom()
    {
        await using PrivacyHost host = await Start();
        await SendLead(host);
        string id = await host.Begin($$"""{"type":"access","identifiers":["email:{{Jane}}"]}""");
        await host.WaitFor(id, "done");
        (_, JsonElement link) = await host.Officer(HttpMethod.Post, $"/v1/privacy/requests/{id}:link");

        byte[] package = await host.Fetch(link.GetProperty("path").GetString()!);

        using var zip = new ZipArchive(new MemoryStream(package), ZipArchiveMode.Read);
        using var reader = new StreamReader(zip.GetEntry("leads.json")!.Open(), Encoding.UTF8);
        string leads = await reader.ReadToEndAsync();
        using var json = JsonDocument.Parse(leads);
        JsonElement lead = json.RootElement[0];
        Assert.Equal("mql", lead.GetProperty("stage").GetString());
        Assert.Equal("Smythe-Works", lead.GetProperty("decidedBy").GetProperty("company").GetString());
        Assert.Equal(65, lead.GetProperty("score").GetProperty("points").GetDecimal());
        Assert.DoesNotContain("ann", leads.Replace("annually", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_policies, recursive: true);

    private Task<PrivacyHost> Start() => PrivacyHost.Start(more: ("Customer360:Policies:Folder", _policies));

    private static async Task SendLead(PrivacyHost host)
    {
        await host.Send("track", """ "userId":"jane-user-1","event":"Demo Requested" """);
        await host.Send("track", """ "userId":"jane-user-1","event":"Form Submitted" """);
        await host.Send(
            "identify",
            $$"""
            "userId":"jane-user-1","traits":{"email":"{{Jane}}","company":"Smythe-Works","jobTitle":"Chief of Lanterns","leadSource":"demo","territory":"emea"}
            """
        );
        await LeadId(host);
    }

    /// <summary>The id of the one lead, once it is given to somebody.</summary>
    private static async Task<string> LeadId(PrivacyHost host)
    {
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
