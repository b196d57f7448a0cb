using System.Collections.Immutable;
using System.Text;
using Customer360.Rules.Attribution;
using Customer360.Rules.Events;
using Customer360.Rules.Leads;
using Customer360.Rules.Tests.Contracts;
using static Customer360.Rules.Tests.Attribution.Journeys;

namespace Customer360.Rules.Tests.Attribution;

/// <summary>Views of leads, of what sales had a part in, and of forms, by numbers that were worked out by hand.</summary>
public sealed class SalesViewTests
{
    private static readonly AttributionPolicy s_policy = Policy(
        """
        owner: {team: a, contact: b}
        conversions:
          - {name: deal, opportunities: true, lookBack: 180d}
          - {name: form, event: Form Submitted, id: order_id, amount: total, currency: currency, lookBack: 30d}
        """
    );

    private static readonly ConversionDefinition s_deal = s_policy.Find("deal")!;

    private static readonly DateTimeOffset s_from = new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset s_to = s_from.AddDays(7);

    /// <summary>
    /// Ten leads wait 10, 20 … 100 minutes for a person and get one 5 minutes after they begin: the median lies between 50 and 60, and nine
    /// of ten took 90 at most. One more waits still.
    /// </summary>
    [Fact]
    public void SpeedToLead_IsMedianAndP90OfWhatWasTouched_BesideWhatWaits()
    {
        LeadFile[] leads =
        [
            .. Enumerable.Range(1, 10).Select(number => Touched($"l_{number}", s_from.AddDays(1), number * 10)),
            Offered("l_11", s_from.AddDays(2), "ann"),
            // Neither of these is of the period.
            Touched("l_12", s_from.AddDays(-1), 1),
            Touched("l_13", s_to, 1),
            Touched("l_14", s_from.AddDays(1), 1) with
            {
                Lead = Touched("l_14", s_from.AddDays(1), 1).Lead with
                {
                    DuplicateOf = new DuplicateLink("l_1", "merge", s_from),
                },
            },
        ];

        const string Times =
            "leads=11 touched=10 waiting=1 medianMinutes=55.0 p90Minutes=90.0 medianMinutesFromHandoff=50.0 p90MinutesFromHandoff=85.0";
        Assert.Equal(
            [$"all {Times}", $"owner: ann {Times}", $"pool: (none) {Times}", $"source: (none) {Times}"],
            Lines(Report(AttributionView.SpeedToLead, leads))
        );
    }

    [Fact]
    public void SpeedToLead_IsByOwnerPoolAndSource_AndARejectionIsATouch()
    {
        LeadFile first = Touched("l_1", s_from, 30) with
        {
            Decision = """
                {"attempt":1,"at":"2026-11-23T00:00:00.000Z","policyVersion":"p","teamVersion":"t","facts":{"source":"demo"},
                 "decision":{"outcome":"assigned","person":"ann","pool":"emea","rule":"demos","answers":[],"rules":[]}}
                """,
        };
        LeadFile second = With(
            Offered("l_2", s_from, "bob"),
            new Handoff(1, "bob", "", s_from, "routing")
            {
                Status = HandoffStatus.Rejected,
                EndedAt = s_from.AddMinutes(7),
            },
            LeadStatus.Rejected
        );

        Assert.Equal(
            [
                "all touched=2 medianMinutes=18.5 p90Minutes=30.0",
                "owner: ann touched=1 medianMinutes=30.0 p90Minutes=30.0",
                "owner: bob touched=1 medianMinutes=7.0 p90Minutes=7.0",
                "pool: (none) touched=1 medianMinutes=7.0 p90Minutes=7.0",
                "pool: emea touched=1 medianMinutes=30.0 p90Minutes=30.0",
                "source: (none) touched=1 medianMinutes=7.0 p90Minutes=7.0",
                "source: demo touched=1 medianMinutes=30.0 p90Minutes=30.0",
            ],
            Lines(Report(AttributionView.SpeedToLead, first, second), "touched", "medianMinutes", "p90Minutes")
        );
    }

    [Fact]
    public void SpeedToLead_WhereOnlyAStageWasSaid_CountsThatPersonsWord()
    {
        LeadFile lead = Offered("l_1", s_from, "ann") with
        {
            History = LifecycleHistory.Empty.Add(
                new StageEntry("sql", s_from.AddMinutes(45), StageSource.Person, "ann-crm", null, "x")
            ),
        };

        Assert.StartsWith(
            "all leads=1 touched=1 waiting=0 medianMinutes=45.0",
            Lines(Report(AttributionView.SpeedToLead, lead)).First(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Rows_OfSalesPeople_AreCountedAndNotShown_ToWhoDoesNotWorkWithLeads()
    {
        ViewReport report = Report(
            AttributionView.SpeedToLead,
            [.. Enumerable.Range(1, 5).Select(number => Touched($"l_{number}", s_from, 5, $"c_{number}"))]
        );

        string shown = Encoding.UTF8.GetString(
            ViewJson.Write(AttributionView.SpeedToLead, Scope(), report, "p1", foldsFew: true, hidesSales: true)
        );

        Assert.DoesNotContain("ann", shown, StringComparison.Ordinal);
        Assert.Contains("\"name\":\"all\"", shown, StringComparison.Ordinal);
        Assert.Contains("\"rowsWithheld\":2", shown, StringComparison.Ordinal);
    }

    /// <summary>
    /// Of 1,000 EUR that were won 600 and 100 had a sales act between first touch and close; Ann was in both, Bob in one, so their shares
    /// come to more than all that was assisted.
    /// </summary>
    [Fact]
    public void SalesAssist_IsWhatWasWonWithASalesActBetweenFirstTouchAndClose()
    {
        ViewFold fold = AttributionViews.Of(AttributionView.SalesAssist, Scope(-30), s_policy, s_to);
        fold.Take(Acted("l_1", "c_1", "ann", ConvertedAt.AddDays(-2)));
        fold.Take(Acted("l_2", "c_1", "bob", ConvertedAt.AddDays(-1)));
        fold.Take(Acted("l_3", "c_2", "ann", ConvertedAt));
        // Before the first touch, and after the close.
        fold.Take(Acted("l_4", "c_3", "ann", ConvertedAt.AddDays(-10)));
        fold.Take(Acted("l_5", "c_3", "ann", ConvertedAt.AddDays(1)));
        fold.Take(Won("D1", 600, "c_1", 5), s_deal);
        fold.Take(Won("D2", 100, "c_2", 5), s_deal);
        fold.Take(Won("D3", 300, "c_3", 5), s_deal);

        ViewReport report = fold.Report();

        Assert.Equal(
            [
                "all EUR deals=3 assisted=2 won=1000.00 wonAssisted=700.00 influence=0.7000",
                "owner: ann EUR assisted=2 wonAssisted=700.00 influence=0.7000",
                "owner: bob EUR assisted=1 wonAssisted=600.00 influence=0.6000",
            ],
            report.Rows.Select(row =>
                $"{row.Name} {row.Currency} {string.Join(' ', row.Values.Select(one => $"{one.Key}={one.Value}"))}"
            )
        );
        Assert.Equal([false, true, true], report.Rows.Select(row => row.IsOfSales));
    }

    [Fact]
    public void BrokenForms_AreThoseThatFellSilentOrSendLess_BesideTheWeekBefore()
    {
        SentForm[] forms =
        [
            .. Sent("silent", before: 5, now: 0),
            .. Sent("rare", before: 4, now: 0),
            .. Sent("fewer", before: 21, now: 5),
            .. Sent("quarter", before: 20, now: 5),
            .. Sent("new", before: 0, now: 9),
        ];

        Assert.Equal(
            [
                "form_fewer: web / fewer submissionsBefore=21 submissions=5",
                "form_silent: web / silent submissionsBefore=5 submissions=0",
            ],
            Lines(Report(s_to, forms))
        );
    }

    [Fact]
    public void BrokenForms_WhoseShareWithoutIdentifierOrCampaignRose_AreNamedWithBothShares()
    {
        SentForm[] forms =
        [
            // One of ten before, three of ten now: 20 points.
            .. Sent("nameless", 9, 7),
            .. Sent("nameless", 1, 3, hasIdentifier: false),
            .. Sent("tagless", 10, 5),
            .. Sent("tagless", 0, 5, hasCampaign: false),
            // 19 points are none.
            .. Sent("steady", 100, 81),
            .. Sent("steady", 0, 19, hasIdentifier: false, hasCampaign: false),
        ];

        Assert.Equal(
            [
                "form_without_campaign: web / tagless submissionsBefore=10 submissions=10 shareBefore=0.0000 share=0.5000",
                "form_without_identifiers: web / nameless submissionsBefore=10 submissions=10 shareBefore=0.1000 share=0.3000",
            ],
            Lines(Report(s_to, forms))
        );
    }

    /// <summary>It is Tuesday noon: what was sent last week after Tuesday noon is not missing yet.</summary>
    [Fact]
    public void BrokenForms_OfAPeriodThatIsNotOver_AreComparedWithAsMuchOfTheWeekBefore()
    {
        DateTimeOffset now = s_from.AddDays(1.5);
        SentForm[] late = [.. Enumerable.Range(0, 9).Select(_ => Form("late", s_from.AddDays(-7 + 1.6)))];
        SentForm[] early = [.. Enumerable.Range(0, 9).Select(_ => Form("early", s_from.AddDays(-7 + 1.4)))];

        Assert.Equal(
            ["form_silent: web / early submissionsBefore=9 submissions=0"],
            Lines(Report(now, [.. late, .. early]))
        );
    }

    [Theory]
    [InlineData("""{"formName":"Demo"}""", "\"anonymousId\":\"a-1\"", "", "Demo", false, false)]
    [InlineData("""{"formId":"f-7","name":"Jane Doe"}""", "\"userId\":\"u-1\"", "", "f-7", true, false)]
    [InlineData("""{"name":"Jane Doe"}""", "\"userId\":\"u-1\"", "", SentForm.Unnamed, true, false)]
    [InlineData(
        """{"form":"x","url":"https://e.com/?utm_source=news"}""",
        "\"anonymousId\":\"a-1\"",
        "",
        "x",
        false,
        true
    )]
    [InlineData("{}", "\"anonymousId\":\"a-1\"", "\"campaign\":{\"source\":\"news\"}", SentForm.Unnamed, false, true)]
    [InlineData("""{"url":"https://e.com/?gclid=1"}""", "\"userId\":\"u\"", "", SentForm.Unnamed, true, true)]
    [InlineData(
        """{"url":"https://e.com/?utm_source={{source}}"}""",
        "\"userId\":\"u\"",
        "",
        SentForm.Unnamed,
        true,
        false
    )]
    public void Form_OfAMessage_SaysWhatItCarries(
        string properties,
        string by,
        string context,
        string name,
        bool hasIdentifier,
        bool hasCampaign
    )
    {
        Envelope message = Logged.Message(
            $"{{\"type\":\"track\",\"messageId\":\"m\",{by},\"event\":\"Form Submitted\",\"context\":{{{context}}},\"properties\":{properties}}}"
        );

        SentForm form = SentForm.Of(message, new LogPlace(0, 1), s_policy.Forms)!.Value;

        Assert.Equal((name, hasIdentifier, hasCampaign), (form.Form, form.HasIdentifier, form.HasCampaign));
    }

    [Fact]
    public void Message_ThatIsNoForm_IsNone() =>
        Assert.Null(
            SentForm.Of(
                Logged.Message(
                    """{"type":"track","messageId":"m","userId":"u","event":"Form Viewed","properties":{"x":"Form Submitted"}}"""
                ),
                new LogPlace(0, 1),
                s_policy.Forms
            )
        );

    [Fact]
    public void Views_EachSayWhatTheirNumbersMean()
    {
        string[] definitions = [.. Enum.GetValues<AttributionView>().Select(AttributionViews.DefinitionOf)];

        Assert.Equal(definitions.Length, definitions.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(AttributionView.SpeedToLead, AttributionViews.Find("speed-to-lead"));
        Assert.Equal(AttributionView.SalesAssist, AttributionViews.Find("sales-assist"));
        Assert.Equal(AttributionView.BrokenForms, AttributionViews.Find("broken-forms"));
    }

    private static ReconciliationScope Scope(int daysEarlier = 0) =>
        new(s_from.AddDays(daysEarlier), s_to, AttributionModel.Linear, [s_deal], IsAsReported: false);

    private static ViewReport Report(AttributionView view, params LeadFile[] leads)
    {
        ViewFold fold = AttributionViews.Of(view, Scope(), s_policy, s_to);
        foreach (LeadFile lead in leads)
        {
            fold.Take(lead);
        }

        return fold.Report();
    }

    private static ViewReport Report(DateTimeOffset now, SentForm[] forms)
    {
        ViewFold fold = AttributionViews.Of(AttributionView.BrokenForms, Scope(), s_policy, now);
        foreach (SentForm form in forms)
        {
            fold.Take(form);
        }

        return fold.Report();
    }

    private static IEnumerable<string> Lines(ViewReport report, params string[] only) =>
        report.Rows.Select(row =>
            $"{row.Name} {string.Join(' ', row.Values.Where(one => only.Length == 0 || only.Contains(one.Key)).Select(one => $"{one.Key}={one.Value}"))}"
        );

    private static LeadFile Offered(string id, DateTimeOffset at, string person, string customer = "c_1") =>
        With(
            new LeadFile(new LeadState(id, "sales", at)) { CustomerId = customer },
            new Handoff(1, person, "", at.AddMinutes(5), "routing"),
            LeadStatus.Offered
        );

    /// <summary>A lead of Ann's, who was given it after five minutes and accepted it after so many.</summary>
    private static LeadFile Touched(string id, DateTimeOffset at, int minutes, string customer = "c_1") =>
        With(
            Offered(id, at, "ann", customer),
            new Handoff(1, "ann", "", at.AddMinutes(Math.Min(5, minutes)), "routing")
            {
                Status = HandoffStatus.Accepted,
                EndedAt = at.AddMinutes(minutes),
            },
            LeadStatus.Accepted
        );

    private static LeadFile Acted(string id, string customer, string person, DateTimeOffset at) =>
        With(
            new LeadFile(new LeadState(id, "sales", at.AddDays(-1))) { CustomerId = customer },
            new Handoff(1, person, "", at.AddDays(-1), "routing") { Status = HandoffStatus.Accepted, EndedAt = at },
            LeadStatus.Accepted
        );

    private static LeadFile With(LeadFile lead, Handoff handoff, LeadStatus status) =>
        lead with
        {
            Lead = lead.Lead with { Status = status, Handoffs = [handoff] },
        };

    private static ConversionFile Won(string id, decimal amount, string person, int touchedDaysBefore)
    {
        ImmutableArray<ConversionStatement> statements =
        [
            Statement(StatementKind.DealWon, 1, ConvertedAt, Euro(amount)),
        ];
        var file = new ConversionFile($"v_{id}", "deal", id, statements) { People = [person] };
        return ConversionFileRules
            .Restate(
                file,
                CreditRules.Credit(
                    s_policy,
                    s_deal,
                    ConversionStanding.Of(statements),
                    Known(Touch(touchedDaysBefore, "news", "email", 1))
                ),
                RestatementReason.NewConversion,
                "log:0:1",
                "p1",
                ConvertedAt
            )
            .File with
        {
            People = [person],
        };
    }

    private static IEnumerable<SentForm> Sent(
        string form,
        int before,
        int now,
        bool hasIdentifier = true,
        bool hasCampaign = true
    ) =>
        Enumerable
            .Range(0, before + now)
            .Select(number =>
                Form(form, number < before ? s_from.AddDays(-4) : s_from.AddDays(3), hasIdentifier, hasCampaign)
            );

    private static SentForm Form(string form, DateTimeOffset at, bool hasIdentifier = true, bool hasCampaign = true) =>
        new(at, "web", form, hasIdentifier, hasCampaign, Identifier.Create("anonymous_id", "a-1"));
}
