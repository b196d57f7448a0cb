using System.Collections.Immutable;
using System.Text;
using Customer360.Rules.Attribution;
using Customer360.Rules.Configuration;
using Customer360.Rules.Policies;
using Customer360.Rules.Tests.Conditions;
using static Customer360.Rules.Tests.Attribution.Journeys;

namespace Customer360.Rules.Tests.Attribution;

/// <summary>Views, by numbers that were worked out by hand.</summary>
public sealed class ViewTests
{
    private const string Text = """
        owner: {team: a, contact: b}
        conversions:
          - {name: deal, opportunities: true, lookBack: 180d}
        costs:
          - {from: 2026-11-16, to: 2026-11-25, channel: Paid Search, campaign: spring, amount: 100.00, currency: EUR}
          - {from: 2026-11-20, channel: Email, amount: 7.50, currency: EUR}
          - {from: 2026-10-01, channel: Display, amount: 9.00, currency: EUR}
        """;

    private static readonly AttributionPolicy s_policy = Policy(Text);
    private static readonly ConversionDefinition s_deal = s_policy.Find("deal")!;

    private static readonly ReconciliationScope s_scope = new(
        new DateTimeOffset(2026, 11, 20, 0, 0, 0, TimeSpan.Zero),
        new DateTimeOffset(2026, 11, 24, 0, 0, 0, TimeSpan.Zero),
        AttributionModel.Linear,
        [s_deal],
        IsAsReported: false
    );

    [Fact]
    public void PaidMedia_IsSpendOfThePeriod_BesideCredit()
    {
        ViewReport report = Report(
            AttributionView.PaidMedia,
            Won("D1", 300, Touch(9, "google", "cpc", 1), Touch(3, "news", "email", 2)),
            Won("D2", 100, Touch(5, "google", "cpc", 3)),
            Won("D3", 500, Touch(5, "x.com", "referral", 4))
        );

        // Four of ten days of 100.00.
        Assert.Equal(
            [
                "Email EUR spend=7.50 credit=150.00 conversions=1 return=20.0000 costPerConversion=7.50",
                "Paid Search EUR spend=40.00 credit=250.00 conversions=2 return=6.2500 costPerConversion=20.00",
            ],
            Lines(report)
        );
        Assert.All(report.Rows, row => Assert.True(row.IsFew));
    }

    [Fact]
    public void Costs_MoveNoCredit_SoTheVersionStays_AndTheFileIsAnother()
    {
        AttributionPolicy without = Policy(Text[..Text.IndexOf("costs:", StringComparison.Ordinal)]);

        Assert.Equal(without.Version, s_policy.Version);
        Assert.Equal(3, s_policy.Costs.Length);
    }

    [Theory]
    [InlineData("{from: 2026-11-16, to: 2026-11-15, channel: Email, amount: 1.00, currency: EUR}", "to")]
    [InlineData("{from: 2026-11-16, to: 2028-11-15, channel: Email, amount: 1.00, currency: EUR}", "to")]
    [InlineData("{from: 16.11.2026, channel: Email, amount: 1.00, currency: EUR}", "from")]
    [InlineData("{from: 2026-11-16, channel: Post, amount: 1.00, currency: EUR}", "channel")]
    [InlineData("{from: 2026-11-16, channel: Email, amount: -1.00, currency: EUR}", "amount")]
    [InlineData("{from: 2026-11-16, channel: Email, amount: 1.00, currency: euro}", "amount")]
    public void Cost_ThatIsNone_IsRefusedWithItsLine(string cost, string member)
    {
        PolicyReading<AttributionPolicy> read = new AttributionPolicyKind().ReadFile(
            $"owner: {{team: a, contact: b}}\nconversions: []\ncosts:\n  - {cost}\n",
            SmallYaml.Instance
        );

        ConfigFault fault = Assert.Single(read.Faults);
        Assert.Contains($"costs[0].{member}", fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Content_IsCreditByPage_AndWhatOnlyAssisted()
    {
        ViewReport report = Report(
            AttributionView.Content,
            Won(
                "D1",
                100,
                Touch(9, "google", "cpc", 1) with
                {
                    Page = "/paper",
                },
                Touch(3, "news", "email", 2) with
                {
                    Page = "/pricing",
                }
            ),
            Won("D2", 50, Touch(5, "google", "cpc", 3) with { Page = "/pricing" })
        );

        Assert.Equal(
            ["/pricing EUR credit=100.00 conversions=2 assisted=0", "/paper EUR credit=50.00 conversions=1 assisted=1"],
            Lines(report)
        );
    }

    [Fact]
    public void WinRate_IsByTheFirstTouch_OfWonAndLost()
    {
        ViewReport report = Report(
            AttributionView.WinRate,
            Won("D1", 100, Touch(9, "google", "cpc", 1), Touch(3, "news", "email", 2)),
            Lost("D2", Touch(9, "google", "cpc", 3)),
            Lost("D3", Touch(9, "google", "cpc", 4)),
            Won("D4", 100)
        );

        Assert.Equal(
            ["(no touch)  won=1 lost=0 winRate=1.0000", "Paid Search  won=1 lost=2 winRate=0.3333"],
            Lines(report)
        );
    }

    /// <summary>The literature's example: 40 deals, a quarter won, 12,000 each, in 60 days: 2,000 a day.</summary>
    [Fact]
    public void Velocity_OfTheWorkedExample_IsWhatItSays()
    {
        ConversionFile[] deals =
        [
            .. Enumerable.Range(0, 10).Select(number => Opened(Won($"W{number}", 12_000), days: 60)),
            .. Enumerable.Range(0, 30).Select(number => Opened(Lost($"L{number}"), days: 60)),
        ];

        Assert.Equal(
            [" EUR closedDeals=40 winRate=0.2500 averageWon=12000.00 averageCycleDays=60.0000 velocityPerDay=2000.00"],
            Lines(Report(AttributionView.PipelineVelocity, deals))
        );
    }

    [Fact]
    public void Exceptions_NameEachConversion_WithItsReason()
    {
        ViewReport report = Report(
            AttributionView.Exceptions,
            Won("D1", 100, Touch(9, "google", "cpc", 1) with { Evidence = TouchEvidence.ClickId }),
            Won("D2", 100, Touch(9, "google", "cpc", 1) with { Evidence = TouchEvidence.ClickId }),
            Won("D3", 70, Touch(3, "x", "y", 2) with { Faults = CampaignFaults.Template }),
            Won("D4", 30)
        );

        Assert.Equal(
            [
                "double_conversion  conversions=1",
                "missing_campaign  conversions=2",
                "no_touch_ever  conversions=1",
                "utm_template  conversions=1",
            ],
            Lines(report)
        );
        Assert.Equal(
            [
                "double_conversion D2",
                "missing_campaign D1",
                "missing_campaign D2",
                "no_touch_ever D4",
                "utm_template D3",
            ],
            report.Cases.Select(one => $"{one.Reason} {one.ExternalId}")
        );
    }

    [Fact]
    public void Drift_IsAShareThatIsTwentyPointsAnother()
    {
        DateTimeOffset before = ConvertedAt.AddDays(-4);
        ViewReport report = Report(
            AttributionView.Exceptions,
            Won("B1", 50, before, Touch(1, "news", "email", 1, before)),
            Won("B2", 51, before, Touch(1, "partner.example", "referral", 2, before)),
            Won("N1", 100, Touch(1, "news", "email", 3))
        );

        Assert.Equal(
            ["drift: Email EUR shareBefore=0.4950 share=1.0000", "drift: Referral EUR shareBefore=0.5050 share=0.0000"],
            Lines(report)
        );
    }

    [Fact]
    public void Rows_OfFewPeople_AreCountedAndNotShown_ToThoseWhoDoNotSeeThem()
    {
        ViewReport report = Report(
            AttributionView.Content,
            Won("D1", 100, Touch(9, "a", "cpc", 1) with { Page = "/x" })
        );

        string all = Json(foldsFew: false);
        string few = Json(foldsFew: true);

        Assert.Contains("\"name\":\"/x\"", all, StringComparison.Ordinal);
        Assert.Contains("\"rowsWithheld\":0", all, StringComparison.Ordinal);
        Assert.Contains("\"rows\":[],\"rowsWithheld\":1", few, StringComparison.Ordinal);

        string Json(bool foldsFew) =>
            Encoding.UTF8.GetString(ViewJson.Write(AttributionView.Content, s_scope, report, "p1", foldsFew));
    }

    private static ViewReport Report(AttributionView view, params ConversionFile[] files)
    {
        ViewFold fold = AttributionViews.Of(view, s_scope, s_policy, s_scope.To);
        foreach (ConversionFile file in files)
        {
            fold.Take(file, s_deal);
        }

        return fold.Report();
    }

    private static IEnumerable<string> Lines(ViewReport report) =>
        report.Rows.Select(row =>
            $"{row.Name} {row.Currency} {string.Join(' ', row.Values.Select(one => $"{one.Key}={one.Value}"))}"
        );

    private static ConversionFile Won(string id, decimal amount, params JourneyTouch[] touches) =>
        Won(id, amount, ConvertedAt, touches);

    private static ConversionFile Won(string id, decimal amount, DateTimeOffset at, params JourneyTouch[] touches) =>
        Credited(id, Statement(StatementKind.DealWon, 1, at, Euro(amount)), touches);

    private static ConversionFile Lost(string id, params JourneyTouch[] touches) =>
        Credited(id, Statement(StatementKind.DealLost, 1, ConvertedAt, Euro(1)), touches);

    private static ConversionFile Opened(ConversionFile deal, int days)
    {
        ConversionStatement opened = Statement(StatementKind.DealOpen, 0, ConvertedAt.AddDays(-days), Euro(1));
        return Credited(deal.ExternalId, deal.Statements[0], [], opened);
    }

    private static ConversionFile Credited(
        string id,
        ConversionStatement statement,
        JourneyTouch[] touches,
        ConversionStatement? before = null
    )
    {
        ImmutableArray<ConversionStatement> statements = before is { } first ? [first, statement] : [statement];
        var file = new ConversionFile($"v_{id}", "deal", id, statements) { People = ["c_1"] };
        return ConversionFileRules
            .Restate(
                file,
                CreditRules.Credit(s_policy, s_deal, ConversionStanding.Of(statements), Known(touches)),
                RestatementReason.NewConversion,
                "log:0:1",
                "p1",
                ConvertedAt
            )
            .File;
    }
}
