using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Customer360.Rules.Attribution;
using Customer360.Rules.Tests.Conditions;
using FsCheck;
using FsCheck.Fluent;
using static Customer360.Rules.Tests.Attribution.Journeys;

namespace Customer360.Rules.Tests.Attribution;

/// <summary>Credit of conversions, and what moves it.</summary>
public sealed class LedgerTests
{
    private static readonly AttributionPolicy s_policy = Policy(SmallYaml.Sample("attribution"));
    private static readonly ConversionDefinition s_deal = s_policy.Find("deal")!;
    private static readonly ConversionFile s_file = new("v_1", "deal", "D1", []);

    [Fact]
    public void Quarter_OfTheWorkedExample_ReconcilesToTheCent()
    {
        var ledger = new List<CreditRow>();
        var files = new List<ConversionFile>();
        // D1: touched. D2: touches 200 days old. D3: no contact role. D4: won, reopened, closed again. D5: a part went back.
        Close("D1", Known(Touch(10, "google", "cpc", 1)), (StatementKind.DealWon, 20_000.00m));
        Close("D2", Known(Touch(200, "google", "cpc", 2)), (StatementKind.DealWon, 15_000.00m));
        Close("D3", new JourneyKnown([]) { LacksPeople = true }, (StatementKind.DealWon, 9_999.99m));
        Close(
            "D4",
            Known(Touch(20, "news", "email", 3)),
            (StatementKind.DealWon, 12_000.00m),
            (StatementKind.DealOpen, 12_000.00m),
            (StatementKind.DealWon, 11_500.00m)
        );
        Close(
            "D5",
            Known(Touch(9, "x", "referral", 4), Touch(8, "", "", 5)),
            (StatementKind.DealWon, 2_500.01m),
            (StatementKind.Refunded, 650.00m)
        );

        Assert.Equal(5_835_000, files.Sum(file => ConversionFileRules.RowOf(file).Minor));
        foreach (AttributionModel model in AttributionModels.OfOneJourney)
        {
            CreditRow[] rows = [.. ledger.Where(row => row.Model == model)];
            Assert.Equal(3_335_001, rows.Where(row => row.Residual == CreditResidual.None).Sum(row => row.Minor));
            Assert.Equal(
                [("NoPeople", 999_999L), ("OutsideLookback", 1_500_000L)],
                rows.Where(row => row.Residual != CreditResidual.None)
                    .GroupBy(row => row.Residual)
                    .Select(group => (group.Key.ToString(), group.Sum(row => row.Minor)))
                    .Where(one => one.Item2 != 0)
                    .Order()
            );
        }

        Assert.Equal(
            [(RestatementReason.Reopened, -1_200_000L), (RestatementReason.Refunded, -65_000L)],
            files
                .SelectMany(file => file.Current!.Credit.Standing.Movements)
                .Where(one => one.Reason is RestatementReason.Reopened or RestatementReason.Refunded)
                .Select(one => (one.Reason, one.Minor))
        );

        void Close(string id, JourneyKnown known, params (StatementKind Kind, decimal Amount)[] said)
        {
            ConversionFile file = s_file with { Id = id, ExternalId = id };
            for (int index = 0; index < said.Length; index++)
            {
                // Each statement comes, and is credited, by itself.
                file = ConversionFileRules.Hear(
                    file,
                    Statement(said[index].Kind, index + 1, ConvertedAt.AddMinutes(index), Euro(said[index].Amount))
                );
                (file, ImmutableArray<CreditRow> rows) = Restate(file, known);
                ledger.AddRange(rows);
            }

            files.Add(file);
        }
    }

    [Fact]
    public void Refund_TakesBackFromWhoeverHadIt_AtTheTimeOfTheRefund()
    {
        JourneyKnown known = Known(Touch(9, "google", "cpc", 1), Touch(3, "news", "email", 2));
        ConversionFile file = Won(100);
        (file, _) = Restate(file, known);
        DateTimeOffset later = ConvertedAt.AddMonths(2);

        (file, ImmutableArray<CreditRow> rows) = Restate(
            ConversionFileRules.Hear(file, Statement(StatementKind.Refunded, 9, later, Euro(30))),
            known
        );

        CreditRow[] linear = [.. rows.Where(row => row.Model == AttributionModel.Linear)];
        Assert.Equal([-5_000L, -5_000L, 3_500L, 3_500L], linear.Select(row => row.Minor));
        Assert.All(linear, row => Assert.Equal((RestatementReason.Refunded, later), (row.Reason, row.BookedAt)));
        Assert.All(linear, row => Assert.Equal(ConvertedAt, row.ConvertedAt));
        Assert.Equal(2, file.Current!.Number);
    }

    [Fact]
    public void Touches_BehindTheConversion_AndOlderThanTheLookBack_GetNothing()
    {
        ConversionCredit credit = CreditOf(
            Known(
                Touch(181, "a", "b", 1),
                Touch(180, "google", "cpc", 2),
                Touch(0, "news", "email", 3),
                Touch(-0.001, "x", "y", 4)
            )
        );

        Assert.Equal([2L, 3L], credit.Touches.Select(touch => touch.Place.Position));
    }

    [Fact]
    public void Touches_OfOneSecond_AreTwo_InTheOrderInWhichTheyStand()
    {
        ConversionCredit credit = CreditOf(Known(Touch(1, "b", "c", 2), Touch(1, "a", "c", 1), Touch(1, "a", "c", 1)));

        Assert.Equal([1L, 2L], credit.Touches.Select(touch => touch.Place.Position));
    }

    [Fact]
    public void Credit_WithoutConsent_IsNoChannels()
    {
        JourneyTouch[] touches = [Touch(3, "google", "cpc", 1), Touch(2, "news", "email", 2)];
        var known = new JourneyKnown([
            new PersonTouch("c_1", touches[0], MayBeUsed: false),
            new PersonTouch("c_2", touches[1], MayBeUsed: true),
        ]);

        (ConversionFile file, ImmutableArray<CreditRow> rows) = Restate(Won(100), known);

        Assert.Equal(
            [(null, CreditResidual.NoConsent, 5_000L), ("Email", CreditResidual.None, 5_000L)],
            rows.Where(row => row.Model == AttributionModel.Linear)
                .Select(row => (row.Channel, row.Residual, row.Minor))
        );
        Assert.DoesNotContain("google", Json(file), StringComparison.Ordinal);
        Assert.Equal([CreditRules.Withheld, "Email"], ConversionFileRules.RowOf(file).Path.AsEnumerable());
    }

    [Theory]
    [InlineData(false, false, false, false, "NoTouchEver")]
    [InlineData(true, true, false, false, "NoAccountMatch")]
    [InlineData(false, true, false, false, "NoPeople")]
    [InlineData(false, false, true, false, "Erased")]
    [InlineData(false, false, false, true, "OutsideLookback")]
    public void Residual_IsTheFirstReasonThatHolds(
        bool lacksAccount,
        bool lacksPeople,
        bool hasErased,
        bool hasOlder,
        string expected
    )
    {
        ConversionCredit credit = CreditOf(
            new JourneyKnown([])
            {
                LacksAccount = lacksAccount,
                LacksPeople = lacksPeople,
                HasErased = hasErased,
                HasOlder = hasOlder,
            }
        );

        Assert.All(credit.Models, model => Assert.Equal(expected, Assert.Single(model.Parts).Residual.ToString()));
    }

    [Fact]
    public void Residual_OfSpamAlone_SaysSo() =>
        Assert.Equal(
            CreditResidual.ExcludedTouchesOnly,
            CreditOf(Known(Touch(1, "semalt.com", "referral", 1) with { IsExcluded = true }))
                .Models[0]
                .Parts[0]
                .Residual
        );

    [Theory]
    [InlineData("keep", new long[] { 25_000, 25_000, 25_000, 25_000 })]
    [InlineData("dropUnlessAll", new long[] { 33_334, 33_333, 33_333 })]
    [InlineData("dropTrailing", new long[] { 33_334, 33_333, 33_333 })]
    public void Direct_ThatIsLeftOut_LosesItsPartToTheOthers(string direct, long[] expected)
    {
        AttributionPolicy policy = Policy(
            $"owner: {{team: a, contact: b}}\ndirect: {direct}\nconversions:\n  - {{name: deal, opportunities: true}}\n"
        );
        JourneyKnown known = Known(
            Touch(21, "google", "organic", 1),
            Touch(14, "google", "cpc", 2),
            Touch(7, "news", "email", 3),
            Touch(0, "", "", 4)
        );

        ConversionCredit credit = CreditRules.Credit(
            policy,
            policy.Conversions[0],
            ConversionStanding.Of(Won(1_000).Statements),
            known
        );

        Assert.Equal(
            expected,
            credit.Models.First(one => one.Model == AttributionModel.Linear).Parts.Select(part => part.Minor)
        );
    }

    [Fact]
    public void Path_OfTenThousandTouches_KeepsTheFirstAndTheLast()
    {
        ConversionCredit credit = CreditOf(
            Known([.. Enumerable.Range(0, 10_000).Select(at => Touch((10_000 - at) / 100.0, "google", "cpc", at + 1))])
        );

        Assert.Equal((AttributionPolicy.TouchesMax, 9_500), (credit.Touches.Length, credit.LeftOut));
        Assert.Equal((1L, 10_000L), (credit.Touches[0].Place.Position, credit.Touches[^1].Place.Position));
        Assert.All(credit.Models, model => Assert.Equal(10_000, model.Parts.Sum(part => part.Minor)));
    }

    [Fact]
    public void Restate_OfTheSame_WritesNothing()
    {
        JourneyKnown known = Known(Touch(3, "google", "cpc", 1));
        (ConversionFile file, _) = Restate(Won(100), known);

        (ConversionFile again, ImmutableArray<CreditRow> rows) = Restate(file, known);

        Assert.Same(file, again);
        Assert.Empty(rows);
    }

    [Fact]
    public void Restate_AfterAMerge_TakesBackAndGivesAnew_AndEditsNothing()
    {
        (ConversionFile file, ImmutableArray<CreditRow> first) = Restate(Won(100), Known(Touch(3, "google", "cpc", 1)));
        (file, ImmutableArray<CreditRow> second) = ConversionFileRules.Restate(
            file,
            CreditOf(Known(Touch(9, "news", "email", 2), Touch(3, "google", "cpc", 1))),
            RestatementReason.Merge,
            "m_1",
            "p2",
            ConvertedAt.AddDays(1)
        );

        Assert.Equal(
            [(RestatementReason.NewConversion, 1), (RestatementReason.Merge, 2)],
            file.History.Select(one => (one.Reason, one.Number))
        );
        // The last touch has what it had, so that model's lines stand.
        Assert.DoesNotContain(second, row => row.Model == AttributionModel.Last);
        Assert.Equal(
            [("Paid Search", -10_000L), ("Email", 10_000L)],
            second.Where(row => row.Model == AttributionModel.First).Select(row => (row.Channel!, row.Minor))
        );
        Assert.Equal(AttributionModels.OfOneJourney.Length * 10_000L, first.Concat(second).Sum(row => row.Minor));
    }

    [Fact]
    public void Erase_LeavesTheAmount_AndNothingOfTheJourney()
    {
        (ConversionFile file, _) = Restate(Won(100) with { People = ["c_1"] }, Known(Touch(3, "google", "cpc", 1)));

        ConversionFile erased = ConversionFileRules.Erase(file, "c_1");
        (erased, ImmutableArray<CreditRow> rows) = Restate(
            erased,
            new JourneyKnown([]) { LacksPeople = true, HasErased = true }
        );

        Assert.Empty(erased.People);
        Assert.DoesNotContain("google", Json(erased), StringComparison.Ordinal);
        // What was booked stays booked, then and as much: no period that was reported is another.
        Assert.Empty(rows);
        AssertAllErased(erased, file.Ledger[0].BookedAt);
    }

    private static void AssertAllErased(ConversionFile erased, DateTimeOffset bookedAt)
    {
        Assert.All(erased.Ledger, row => Assert.Equal((CreditResidual.Erased, bookedAt), (row.Residual, row.BookedAt)));
        Assert.All(erased.Ledger, row => Assert.Null(row.Channel));
        Assert.Equal(
            AttributionModels.OfOneJourney.Select(model => (model, 10_000L)),
            erased.Ledger.GroupBy(row => row.Model).Select(rows => (rows.Key, rows.Sum(row => row.Minor))).Order()
        );
    }

    [Fact]
    public void EraseAll_WithoutJourneys_LeavesTheAmountAsNobodys()
    {
        (ConversionFile file, _) = Restate(Won(100) with { People = ["c_1"] }, Known(Touch(3, "google", "cpc", 1)));

        ConversionFile erased = ConversionFileRules.EraseAll(file, ["c_1"]);

        Assert.Empty(ConversionFileRules.CustomersOf(erased));
        Assert.DoesNotContain("google", Json(erased), StringComparison.Ordinal);
        AssertAllErased(erased, file.Ledger[0].BookedAt);
        Assert.Equal(RestatementReason.Erasure, erased.Current!.Reason);
    }

    [Fact]
    public void VisibleTo_OfSomebodyWhoMayNotBeSeen_ShowsWhenAndNothingElse()
    {
        JourneyTouch[] touches = [Touch(3, "google", "cpc", 1), Touch(2, "news", "email", 2)];
        (ConversionFile file, _) = Restate(
            Won(100) with
            {
                People = ["c_1", "c_2"],
            },
            new JourneyKnown([.. touches.Select((touch, index) => new PersonTouch($"c_{index + 1}", touch, true))])
        );

        ConversionFile seen = ConversionFileRules.VisibleTo(file, new HashSet<string> { "c_2" });

        Assert.DoesNotContain("google", Json(seen), StringComparison.Ordinal);
        Assert.DoesNotContain("c_1", Json(seen), StringComparison.Ordinal);
        Assert.Contains("news", Json(seen), StringComparison.Ordinal);
        Assert.Empty(seen.Ledger);
        Assert.Equal(
            file.Ledger.AsEnumerable(),
            ConversionFileRules.VisibleTo(file, new HashSet<string> { "c_1", "c_2" }).Ledger
        );
    }

    [Fact]
    public void Ledger_OfAConversionThatIsRestatedAgainAndAgain_IsBounded_AndAddsUp()
    {
        ConversionFile file = Won(100);
        for (int round = 0; round < 400; round++)
        {
            (file, _) = Restate(
                file,
                Known(Touch(3, round % 2 == 0 ? "google" : "news", round % 2 == 0 ? "cpc" : "email", 1))
            );
        }

        Assert.InRange(file.Ledger.Length, 1, ConversionFile.LedgerMax);
        Assert.Equal(ConversionFile.HistoryMax, file.History.Length);
        Assert.All(
            AttributionModels.OfOneJourney,
            model => Assert.Equal(10_000, file.Ledger.Where(row => row.Model == model).Sum(row => row.Minor))
        );
    }

    [Fact]
    public void Deal_ThatIsSavedThousandsOfTimes_KeepsWhatSaysSomethingNew()
    {
        ConversionFile file = s_file;
        for (int position = 1; position <= 3_000; position++)
        {
            file = ConversionFileRules.Hear(
                file,
                Statement(
                    position < 1_500 ? StatementKind.DealOpen : StatementKind.DealWon,
                    position,
                    ConvertedAt.AddSeconds(position),
                    Euro(position < 2_500 ? 10 : 20)
                )
            );
        }

        ConversionStanding standing = ConversionStanding.Of(file.Statements);
        Assert.InRange(file.Statements.Length, 3, ConversionFile.StatementsMax);
        Assert.Equal((Euro(20), ConvertedAt.AddSeconds(1_500)), (standing.Money!.Value, standing.ConvertedAt));
    }

    [Fact]
    public void File_AsItIsStored_IsReadAsItWas()
    {
        (ConversionFile file, _) = Restate(
            Won(100) with
            {
                People = ["c_1"],
                HasErased = true,
            },
            Known(
                Touch(3, "google", "cpc", 1) with
                {
                    Page = "/",
                    Faults = CampaignFaults.Template,
                },
                Touch(2, "", "", 2)
            )
        );

        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(Json(file)));
        reader.Read();
        ConversionFile read = ConversionFileJson.Read(ref reader);

        Assert.Equal(Json(file), Json(read));
        Assert.Same(
            read,
            Restate(
                read,
                Known(
                    Touch(3, "google", "cpc", 1) with
                    {
                        Page = "/",
                        Faults = CampaignFaults.Template,
                    },
                    Touch(2, "", "", 2)
                )
            ).File
        );
    }

    [Fact]
    public void Ledger_AfterAnyStatementsAndJourneys_AddsUpToWhatStands_ByEveryModel() =>
        Prop.ForAll(
                Gen.Choose(0, int.MaxValue).ToArbitrary(),
                seed =>
                {
                    var random = new Random(seed);
                    ConversionFile file = s_file;
                    var ledger = new List<CreditRow>();
                    for (int step = 1; step <= 8; step++)
                    {
                        var kind = (StatementKind)random.Next(1, 9);
                        file = ConversionFileRules.Hear(
                            file,
                            Statement(
                                kind,
                                step,
                                ConvertedAt.AddMinutes(random.Next(8)),
                                random.Next(4) == 0
                                    ? null
                                    : Euro(random.Next(1, 1_000) / 7.0m is var amount ? Math.Round(amount, 2) : 0)
                            )
                        );
                        (file, ImmutableArray<CreditRow> rows) = Restate(
                            file,
                            Known([
                                .. Enumerable
                                    .Range(0, random.Next(5))
                                    .Select(at => Touch(random.Next(200), at % 2 == 0 ? "google" : "", "cpc", at + 1)),
                            ])
                        );
                        ledger.AddRange(rows);
                        long stands = file.Current?.Credit.Standing.Money?.Minor ?? 0;
                        foreach (AttributionModel model in AttributionModels.OfOneJourney)
                        {
                            Assert.Equal(stands, ledger.Where(row => row.Model == model).Sum(row => row.Minor));
                        }
                    }
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    private static ConversionFile Won(decimal amount) =>
        ConversionFileRules.Hear(s_file, Statement(StatementKind.DealWon, 1, ConvertedAt, Euro(amount)));

    private static ConversionCredit CreditOf(JourneyKnown known) =>
        CreditRules.Credit(s_policy, s_deal, ConversionStanding.Of(Won(100).Statements), known);

    private static (ConversionFile File, ImmutableArray<CreditRow> Rows) Restate(
        ConversionFile file,
        JourneyKnown known
    ) =>
        ConversionFileRules.Restate(
            file,
            CreditRules.Credit(s_policy, s_deal, ConversionStanding.Of(file.Statements), known),
            RestatementReason.LateEvent,
            "log:0:1",
            "p1",
            ConvertedAt.AddDays(1)
        );

    private static string Json(ConversionFile file)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        ConversionFileJson.Write(writer, file);
        writer.Flush();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
