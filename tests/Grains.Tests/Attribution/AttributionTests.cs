using System.Text;
using System.Text.Json.Nodes;
using Customer360.Grains.Contracts;
using Customer360.Grains.Tests.Support;
using Customer360.Rules.Attribution;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Policies;
using Microsoft.Extensions.DependencyInjection;
using static Customer360.Grains.Tests.Attribution.JourneyMessages;
using static Customer360.Grains.Tests.Support.Messages;

namespace Customer360.Grains.Tests.Attribution;

/// <summary>Credit follows people: whatever becomes of them is written as reversals and new lines, and adds up.</summary>
public sealed class AttributionTests : IAsyncLifetime
{
    private const string Policy = """
        owner: {team: revenue, contact: revenue}
        ownHosts: [example.com]
        conversions:
          - {name: order, event: Order Completed, refunded: Order Refunded}
          - {name: deal, opportunities: true, refunded: Deal Refunded, lookBack: 180d}
        """;

    private static int s_number;

    private readonly PolicyFolderOf _folder = new("attribution.yaml", Policy);
    private TestGrid _grid = null!;

    public async Task InitializeAsync()
    {
        _grid = await TestGrid.StartAsync(_folder.Setting);
        await TestGrid.Until(() => !InForce.IsEmpty);
    }

    public async Task DisposeAsync()
    {
        await _grid.DisposeAsync();
        _folder.Dispose();
    }

    private AttributionPolicy InForce => _grid.Services.GetRequiredService<IPolicy<AttributionPolicy>>().Current;

    [Fact]
    public async Task Order_IsCreditedToTheJourney_AndFollowsMergeSplitRefundLateVisitAndConsent()
    {
        await _grid.CollectApplied(
            Says("c1", "a1", grants: true),
            Visit("v1", "a1", 10, "?gclid=1"),
            Visit("v2", "a1", 3, "?utm_source=news&utm_medium=email"),
            Says("c2", "a2", grants: true),
            Visit("v3", "a2", 20, "", "https://www.google.com/")
        );
        await _grid.CollectApplied(Order("o1", "a1", "100.00"));
        string order = ConversionReader.IdOf("order", "o1");
        await Credit(order, AttributionModel.First, "Paid Search 10000", RestatementReason.NewConversion);
        await Credit(order, AttributionModel.Linear, "Email 5000, Paid Search 5000", RestatementReason.NewConversion);

        // The same order, told twice, is one.
        await _grid.CollectApplied(Order("o1", "a1", "100.00"));
        await TestGrid.UntilAsync(async () => (await Find(order)).Statements.Length == 2);

        await _grid.CollectApplied(Identify("i1", "u1", "a1"), Identify("i2", "u1", "a2"));
        string owner = (await _grid.OwnerOf("user_id:u1"))!;
        Assert.Equal(owner, await _grid.OwnerOf("anonymous_id:a2"));
        await Credit(order, AttributionModel.First, "Organic Search 10000", RestatementReason.Merge);

        await Split(owner, "anonymous_id:a2");
        await Credit(order, AttributionModel.First, "Paid Search 10000", RestatementReason.Split);

        await _grid.CollectApplied(Visit("v4", "a1", 15, "?utm_source=partner.example&utm_medium=referral"));
        await Credit(order, AttributionModel.First, "Referral 10000", RestatementReason.LateEvent);

        await _grid.CollectApplied(Refund("o1", "a1", "30.00"));
        await Credit(order, AttributionModel.First, "Referral 7000", RestatementReason.Refunded);

        await _grid.CollectApplied(Says("c3", "a1", grants: false));
        await Credit(order, AttributionModel.First, "no_consent 7000", RestatementReason.ConsentChanged);
        Assert.DoesNotContain(
            "partner.example",
            CreditAsked.Current(await _grid.FindConversion(order)),
            StringComparison.Ordinal
        );

        ConversionFile file = await Find(order);
        Assert.Equal(
            [
                RestatementReason.NewConversion,
                RestatementReason.Merge,
                RestatementReason.Split,
                RestatementReason.LateEvent,
                RestatementReason.Refunded,
                RestatementReason.ConsentChanged,
            ],
            file.History.Select(one => one.Reason)
        );
        Assert.Equal(Enumerable.Range(1, 6), file.History.Select(one => one.Number));
    }

    [Fact]
    public async Task Erasure_LeavesTheAmount_AndNoTouch_AlsoAfterARestart()
    {
        await _grid.CollectApplied(
            Says("c1", "a1", grants: true),
            Visit("v1", "a1", 10, "?utm_source=sometimes&utm_medium=email")
        );
        await _grid.CollectApplied(Order("o1", "a1", "100.00"));
        string order = ConversionReader.IdOf("order", "o1");
        await Credit(order, AttributionModel.Last, "Email 10000", RestatementReason.NewConversion);

        string owner = (await _grid.OwnerOf("anonymous_id:a1"))!;
        EraseReply reply = await _grid
            .Grains.GetGrain<ICustomerGrain>(owner)
            .Erase([Identifier.Parse("anonymous_id:a1")], "p_1");
        Assert.True(reply.IsErased);
        await _grid.RestartAsync();

        await Credit(order, AttributionModel.Last, "erased 10000", RestatementReason.Erasure);
        string stored = Encoding.UTF8.GetString((await _grid.StoredAsync(GrainKeys.ConversionState, order)).Span);
        Assert.DoesNotContain("sometimes", stored, StringComparison.Ordinal);
        Assert.DoesNotContain(owner, stored, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deals_ReconcileWithWhatAccountsKnow_ToTheCent()
    {
        await _grid.CollectApplied(
            Says("c1", "jane", grants: true, contact: "7:1"),
            Visit("v1", "jane", 10, "?gclid=1"),
            Says("c2", "joe", grants: true, contact: "7:2"),
            Visit("v2", "joe", 200, "?gclid=1"),
            Group("g1", "crm", "acme")
        );
        await _grid.CollectApplied(
            Deal("m1", "D1", "20000.00", "7:1"),
            Deal("m2", "D2", "15000.00", "7:2"),
            Deal("m3", "D3", "9999.99", contact: null)
        );
        await _grid.CollectApplied(Deal("m4", "D4", "12000.00", "7:1"));
        await _grid.CollectApplied(Deal("m5", "D4", "12000.00", "7:1", stage: "Negotiation"));
        await _grid.CollectApplied(Deal("m6", "D4", "11500.00", "7:1"));
        await _grid.CollectApplied(Deal("m7", "D5", "2500.01", "7:1"), DealRefund("m8", "D5", "650.00"));

        string? report = null;
        await TestGrid.UntilAsync(async () =>
        {
            report = Summary(await Reconcile(AttributionModel.Linear));
            return report.Contains("net 58350.00", StringComparison.Ordinal);
        });

        Assert.Equal(
            "EUR 5 closedWon 59000.00 refunded -650.00 net 58350.00 | Paid Search 33350.01 | "
                + "no_people 9999.99, outside_lookback 15000.00 | closedAgain 11500.00, refunded -650.00, reopened -12000.00 | 0.00 True",
            report
        );
        foreach (AttributionModel model in Enum.GetValues<AttributionModel>())
        {
            Assert.Contains("Paid Search 33350.01", Summary(await Reconcile(model)), StringComparison.Ordinal);
        }

        // The CRM's record says more than its messages did: a state of an account that a message was lost of.
        await _grid.WriteBesideAsync(
            GrainKeys.AccountState,
            "acme",
            state => state["account"]!["opportunities"]![0]!["amount"] = "20000.50"
        );
        Assert.Equal(
            "EUR 5 closedWon 59000.50 refunded -650.00 net 58350.50 | Paid Search 33350.01 | "
                + "no_people 9999.99, not_synced 0.50, outside_lookback 15000.00 | closedAgain 11500.00, refunded -650.00, reopened -12000.00 | 0.00 True",
            Summary(await Reconcile(AttributionModel.First))
        );
    }

    [Fact]
    public async Task Policy_ThatIsAnother_HasEverythingCreditedAnew_WithTheReason()
    {
        await _grid.CollectApplied(
            Says("c1", "a1", grants: true),
            Visit("v1", "a1", 10, "?utm_source=acme&utm_medium=partner")
        );
        await _grid.CollectApplied(Order("o1", "a1", "100.00"));
        string order = ConversionReader.IdOf("order", "o1");
        await Credit(order, AttributionModel.Last, "Unassigned 10000", RestatementReason.NewConversion);

        PolicyReply reply = await Policies.Put(
            _grid,
            AttributionPolicyKind.KindName,
            $"{Policy}\nchannels:\n  - {{name: Partners, if: {{fact: medium, equals: partner}}}}\n"
        );
        Assert.Null(reply.Objection);

        await Credit(order, AttributionModel.Last, "Partners 10000", RestatementReason.RulesChanged);
        Assert.Equal(
            ["Unassigned 10000", "Unassigned -10000", "Partners 10000"],
            (await Find(order))
                .Ledger.Where(row => row.Model == AttributionModel.Last)
                .Select(row => $"{row.Channel} {row.Minor}")
        );
    }

    private Task Credit(string conversion, AttributionModel model, string expected, RestatementReason reason) =>
        _grid.AssertCredit(conversion, model, expected, reason);

    private async Task<ConversionFile> Find(string conversion) => (await _grid.FindConversion(conversion))!;

    private async Task<JsonNode> Reconcile(AttributionModel model)
    {
        ReadOnlyMemory<byte> json = await _grid
            .Grains.GetGrain<IAttributionReportGrain>(0)
            .Reconcile(
                new ReconciliationQuery(Now.AddDays(-1), Now.AddDays(1), (int)model, null, IsAsReported: false),
                CancellationToken.None
            );
        return JsonNode.Parse(json.Span)!;
    }

    private static string Summary(JsonNode report) =>
        string.Join(
            "; ",
            report["currencies"]!
                .AsArray()
                .Select(one =>
                    $"{one!["currency"]} {one["conversions"]} closedWon {one["closedWon"]} refunded {one["refunded"]} net {one["net"]} | "
                    + $"{Lines(one["channels"]!)} | {Lines(one["residuals"]!)} | {Lines(one["movements"]!)} | {one["difference"]} {(bool)one["isReconciled"]!}"
                )
        );

    private static string Lines(JsonNode lines) =>
        string.Join(", ", lines.AsArray().Select(line => $"{line!["name"]} {line["amount"]}"));

    private Task<SplitReply> Split(string from, string identifier)
    {
        string splitId = $"d_credit{Interlocked.Increment(ref s_number):D25}";
        return _grid
            .Grains.GetGrain<ICustomerGrain>(CustomerId.ForSplit(splitId, from, Now))
            .SplitFrom(
                new SplitRequest(
                    splitId,
                    from,
                    [Identifier.Parse(identifier)],
                    "test",
                    "operator",
                    TimeProvider.System.GetUtcNow()
                )
            );
    }
}
