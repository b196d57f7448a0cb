using System.Text.Json;
using System.Text.Json.Nodes;
using Customer360.Grains.Contracts;
using Customer360.Grains.Tests.Leads;
using Customer360.Grains.Tests.Support;
using Customer360.Rules.Destinations;
using Customer360.Rules.Leads;
using Customer360.Rules.Policies;
using Customer360.Rules.Ports;
using Microsoft.Extensions.DependencyInjection;

namespace Customer360.Grains.Tests.Destinations;

/// <summary>Leads that are handed over are written to the CRM, and know what it said.</summary>
public sealed class CrmTests
{
    private const string Policy = """
        owner: {team: sales-operations, contact: sales-operations}
        destinations:
          crm:
            kind: hubSpot
            address: https://api.hubapi.com
            secrets: [TOKEN]
            purpose: sales-contact
            role: sales
            effects: [lead.handoff]
            object: contacts
            key: email
            map:
              email: {from: identifiers.email}
              lifecyclestage: {from: lead.stage}
              hubspot_owner_id: {from: lead.ownerId}
        """;

    [Fact]
    public async Task Handoff_ThatTheCrmTakes_IsWrittenThere()
    {
        var crm = new FakeReceiver { Answer = static (body, _) => (200, ResultOf(body, "77")) };
        await using LeadGrid leads = await Start(crm);
        await leads.Arrive("jane");
        await leads.AskForDemo("jane");

        CrmWrite write = await WriteOf(leads, "user_id:jane");

        Assert.Equal((true, "77"), (write.IsWritten, write.RecordId));
        LeadFile lead = await leads.LeadOf("user_id:jane");
        JsonElement sent = crm.Bodies.First().GetProperty("inputs")[0];
        Assert.Equal("jane@example.org", sent.GetProperty("id").GetString());
        Assert.Equal(lead.Lead.OwnerId, sent.GetProperty("properties").GetProperty("hubspot_owner_id").GetString());
        Assert.All(
            crm.Requests,
            request =>
                Assert.Equal(
                    ("POST", "https://api.hubapi.com/crm/v3/objects/contacts/batch/upsert"),
                    (request.Method, request.Url.AbsoluteUri)
                )
        );
    }

    [Fact]
    public async Task Handoff_ThatTheCrmRefuses_SaysWhy_AndHarmsNoOther()
    {
        var crm = new FakeReceiver
        {
            Answer = static (body, _) =>
            {
                JsonElement[] inputs = [.. body.GetProperty("inputs").EnumerateArray()];
                JsonElement[] bad = [.. inputs.Where(input => IdOf(input).StartsWith("bad", StringComparison.Ordinal))];
                return bad.Length == 0
                    ? (200, ResultOf(body, "1"))
                    : (
                        207,
                        JsonSerializer.Serialize(
                            new
                            {
                                results = inputs
                                    .Where(input => !IdOf(input).StartsWith("bad", StringComparison.Ordinal))
                                    .Select(input => Record(input, "1")),
                                errors = bad.Select(input => new
                                {
                                    category = "VALIDATION_ERROR",
                                    context = new
                                    {
                                        objectWriteTraceId = (string[])
                                            [input.GetProperty("objectWriteTraceId").GetString()!],
                                    },
                                }),
                            }
                        )
                    );
            },
        };
        await using LeadGrid leads = await Start(crm);
        foreach (string user in (string[])["bad", "good"])
        {
            await leads.Arrive(user);
            await leads.AskForDemo(user);
        }

        CrmWrite refused = await WriteOf(leads, "user_id:bad");

        Assert.Equal((false, "VALIDATION_ERROR"), (refused.IsWritten, refused.Code));
        Assert.True((await WriteOf(leads, "user_id:good")).IsWritten);
    }

    [Fact]
    public async Task Batch_ThatIsRefusedAsAWhole_IsTakenApartUntilTheBadOneIsFound()
    {
        var crm = new FakeReceiver
        {
            Answer = static (body, _) =>
                body.GetProperty("inputs").EnumerateArray().Any(input => IdOf(input) == "u3@example.org")
                    ? (400, """{"status":"error","category":"VALIDATION_ERROR"}""")
                    : (200, ResultOf(body, "1")),
        };
        using var consent = new PolicyFolderOf("consent.yaml", DeliveryTests.Consent);
        await using TestGrid grid = await TestGrid.StartAsync(builder => AddTo(builder.Services, crm), consent.Setting);
        await Put(grid, Policy.Replace("lead.handoff", "profile.changed", StringComparison.Ordinal));
        IDestinationGrain destination = grid.Grains.GetGrain<IDestinationGrain>("crm");
        await destination.Pause("test");
        for (int number = 0; number < 8; number++)
        {
            var traits = new JsonObject { ["email"] = $"u{number}@example.org" };
            await grid.CollectApplied(Messages.Identify($"m{number}", $"u{number}", null, traits));
        }

        await destination.Resume("test");
        await TestGrid.UntilAsync(async () => await destination.Get() is { Sent: 7, Failed: 1 });

        DeliveryLine dead = Assert.Single(await destination.List(Filter("failed")));
        Assert.Equal(("refused", 400, "VALIDATION_ERROR"), (dead.Reason, dead.Status, dead.Note));
        // Eight, then halves: at most two requests for each halving.
        Assert.InRange(crm.Requests.Count, 2, 10);
    }

    private static DeliveryFilter Filter(string outcome) => new(outcome, null, null, null, null, null, 0, 100);

    private static string ResultOf(JsonElement body, string id) =>
        JsonSerializer.Serialize(
            new { results = body.GetProperty("inputs").EnumerateArray().Select(input => Record(input, id)) }
        );

    private static object Record(JsonElement input, string id) => new { id, properties = new { email = IdOf(input) } };

    private static string IdOf(JsonElement input) => input.GetProperty("id").GetString()!;

    private static void AddTo(IServiceCollection services, FakeReceiver crm)
    {
        services.AddSingleton<IDeliverySender>(crm);
        services.AddSingleton<IDestinationSecrets>(crm);
    }

    private static async Task<LeadGrid> Start(FakeReceiver crm)
    {
        LeadGrid leads = await LeadGrid.Start(configure: services => AddTo(services, crm));
        await Put(leads.Grid, Policy);
        return leads;
    }

    private static async Task Put(TestGrid grid, string policy)
    {
        PolicyReply reply = await Policies.Put(grid, DestinationPolicyKind.KindName, policy);
        Assert.Null(reply.Objection);
        await TestGrid.Until(() =>
            !grid.Services.GetRequiredService<IPolicy<DestinationPolicy>>().Current.Demand.IsNothing
        );
    }

    private static async Task<CrmWrite> WriteOf(LeadGrid leads, string identifier)
    {
        CrmWrite? write = null;
        await TestGrid.UntilAsync(async () =>
            (write = (await leads.LeadOf(identifier)).Lead.Crm.GetValueOrDefault("crm")) is not null
        );
        return write!;
    }
}
