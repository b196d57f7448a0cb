using System.Text;
using Customer360.Grains.Contracts;
using Customer360.Grains.Tests.Leads;
using Customer360.Grains.Tests.Retention;
using Customer360.Grains.Tests.Support;
using Customer360.Rules.Attribution;
using Customer360.Rules.Consent;
using Customer360.Rules.Events;
using Customer360.Rules.Policies;
using Microsoft.Extensions.DependencyInjection;
using static Customer360.Grains.Tests.Attribution.JourneyMessages;
using static Customer360.Grains.Tests.Support.Messages;

namespace Customer360.Grains.Tests.Attribution;

/// <summary>What moves credit though no message is about it, and what must not.</summary>
public sealed class CreditStaysTests : IDisposable
{
    private const string Policy = """
        owner: {team: revenue, contact: revenue}
        ownHosts: [example.com]
        conversions:
          - {name: order, event: Order Completed, refunded: Order Refunded}
          - {name: deal, opportunities: true, refunded: Deal Refunded, lookBack: 180d, scope: account}
        """;

    private const string ForADay = "purposes:\n  analytics: {scope: device, days: 1}\n";
    private const string NotNeeded = "purposes:\n  analytics: {scope: device, choice: none}\n";

    private readonly PolicyFolderOf _folder = new("attribution.yaml", Policy);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Touches_WhosePagesRetentionHasEmptied_KeepTheirCredit()
    {
        await using RetentionGrid retention = await RetentionGrid.Start(RetentionGrid.ThirtyDays, _folder.Setting);
        TestGrid grid = retention.Grid;
        await Begun(grid);
        await grid.CollectApplied(
            Says("c1", "a1", grants: true),
            Visit("v1", "a1", 50, "?gclid=1"),
            Visit("v2", "a1", 45, "", "https://www.google.com/")
        );
        await grid.CollectApplied(Order("o1", "a1", "100.00"));
        string order = ConversionReader.IdOf("order", "o1");
        await grid.AssertCredit(
            order,
            AttributionModel.Linear,
            "Organic Search 5000, Paid Search 5000",
            RestatementReason.NewConversion
        );

        await retention.Client.Run(JobKind.Retention, null);
        Assert.DoesNotContain("gclid", (await retention.Log())["v1"], StringComparison.Ordinal);
        grid.Age = TimeSpan.Zero;
        await grid.CollectApplied(Refund("o1", "a1", "30.00"));

        await grid.AssertCredit(
            order,
            AttributionModel.Linear,
            "Organic Search 3500, Paid Search 3500",
            RestatementReason.Refunded
        );
    }

    [Fact]
    public async Task Contact_WhoIsKnownAfterTheClose_IsCredited()
    {
        await using TestGrid grid = await Start();
        await grid.CollectApplied(Deal("m1", "D1", "100.00", "7:9"));
        string deal = ConversionReader.IdOf("deal", "test:D1");
        await grid.AssertCredit(deal, AttributionModel.Last, "no_people 10000", RestatementReason.NewConversion);

        // She was here as a device, and the CRM says a day later who she is.
        await grid.CollectApplied(Says("c1", "jane", grants: true), Visit("v1", "jane", 3, "?gclid=1"));
        await grid.CollectApplied(Says("c2", "jane", grants: true, contact: "7:9"));

        await grid.AssertCredit(deal, AttributionModel.Last, "Paid Search 10000", RestatementReason.PeopleChanged);
        // It waits for nobody any more: from now on it follows her.
        ICustomerConversionsGrain waiting = grid.Grains.GetGrain<ICustomerConversionsGrain>(
            AwaitedConversions.KeyOf(Identifier.Parse("hubspot.contact:7:9"))
        );
        await TestGrid.UntilAsync(async () => (await waiting.GetAll()).IsEmpty);
    }

    [Fact]
    public async Task Member_WhoJoinsTheAccountAfterTheClose_IsCredited_AlsoBehindARestart()
    {
        await using TestGrid grid = await Start();
        await grid.CollectApplied(
            Says("c1", "boss", grants: true),
            Visit("v1", "boss", 3, "?utm_source=news&utm_medium=email"),
            Group("g1", "crm", "acme")
        );
        await grid.CollectApplied(Deal("m1", "D1", "100.00", contact: null));
        string deal = ConversionReader.IdOf("deal", "test:D1");
        await grid.AssertCredit(deal, AttributionModel.Last, "no_touch_ever 10000", RestatementReason.NewConversion);
        await grid.RestartAsync();

        await grid.CollectApplied(Identify("i1", "u-boss", "boss"), Group("g2", "u-boss", "acme"));

        await grid.AssertCredit(deal, AttributionModel.Last, "Email 10000", RestatementReason.PeopleChanged);
    }

    [Fact]
    public async Task ConsentPolicy_ThatIsAnother_MovesCredit()
    {
        await using TestGrid grid = await Start();
        await grid.CollectApplied(Visit("v1", "a1", 3, "?gclid=1"));
        await grid.CollectApplied(Order("o1", "a1", "100.00"));
        string order = ConversionReader.IdOf("order", "o1");
        await grid.AssertCredit(order, AttributionModel.Last, "no_consent 10000", RestatementReason.NewConversion);

        Assert.Null((await Policies.Put(grid, ConsentPolicyKind.KindName, NotNeeded)).Objection);
        await TestGrid.UntilAsync(async () =>
        {
            await Ring(grid);
            return (await grid.FindConversion(order))!.History.Length > 1;
        });

        await grid.AssertCredit(order, AttributionModel.Last, "Paid Search 10000", RestatementReason.ConsentChanged);
    }

    [Fact]
    public async Task Grant_ThatEndsByItself_TakesItsTouchesBack()
    {
        var time = new ShiftedTime();
        await using TestGrid grid = await TestGrid.StartAsync(
            builder => builder.Services.AddSingleton<TimeProvider>(time),
            _folder.Setting
        );
        await Begun(grid);
        PolicyReply reply = await Policies.Put(grid, ConsentPolicyKind.KindName, ForADay);
        Assert.Null(reply.Objection);
        await TestGrid.Until(() =>
            grid.Services.GetRequiredService<IPolicy<ConsentPolicy>>().InForce.Body.Version == reply.Current!.Version
        );
        await grid.CollectApplied(Says("c1", "a1", grants: true), Visit("v1", "a1", 3, "?gclid=1"));
        await grid.CollectApplied(Order("o1", "a1", "100.00"));
        string order = ConversionReader.IdOf("order", "o1");
        await grid.AssertCredit(order, AttributionModel.Last, "Paid Search 10000", RestatementReason.NewConversion);
        DateTimeOffset lapses = (await grid.FindConversion(order))!.LapsesAt!.Value;
        Assert.InRange(lapses, Now.AddHours(23), Now.AddHours(25));

        await TestGrid.UntilAsync(async () =>
        {
            // The first ring notes from when on it looks: nothing is looked for that ended before.
            await Ring(grid);
            return Encoding
                .UTF8.GetString((await grid.StoredAsync(GrainKeys.AttributionState, GrainKeys.Current)).Span)
                .Contains("lapsedUntil", StringComparison.Ordinal);
        });
        time.Pass(TimeSpan.FromHours(27));
        await TestGrid.UntilAsync(async () =>
        {
            await Ring(grid);
            return (await grid.FindConversion(order))!.History.Length > 1;
        });

        await grid.AssertCredit(order, AttributionModel.Last, "no_consent 10000", RestatementReason.ConsentChanged);
    }

    private static Task Ring(TestGrid grid) => grid.Grains.GetGrain<IAttributionGrain>(GrainKeys.Current).Ring();

    private async Task<TestGrid> Start()
    {
        TestGrid grid = await TestGrid.StartAsync(_folder.Setting);
        await Begun(grid);
        return grid;
    }

    private static Task Begun(TestGrid grid) =>
        TestGrid.Until(() => !grid.Services.GetRequiredService<IPolicy<AttributionPolicy>>().Current.IsEmpty);
}
