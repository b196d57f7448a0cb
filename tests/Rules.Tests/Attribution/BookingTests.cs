using System.Collections.Immutable;
using Customer360.Rules.Attribution;
using Customer360.Rules.Crm.Mapping;
using Customer360.Rules.Tests.Conditions;
using FsCheck;
using FsCheck.Fluent;
using static Customer360.Rules.Tests.Attribution.Journeys;

namespace Customer360.Rules.Tests.Attribution;

/// <summary>Each movement of an amount is booked at its own time, however late it was heard of.</summary>
public sealed class BookingTests
{
    private static readonly AttributionPolicy s_policy = Policy(SmallYaml.Sample("attribution"));
    private static readonly ConversionDefinition s_deal = s_policy.Find("deal")!;
    private static readonly ConversionFile s_file = new("v_1", "deal", "D1", []);

    [Fact]
    public void WonAndRefunded_HeardOfAtOnce_AreBookedAtTheirOwnTimes()
    {
        DateTimeOffset later = ConvertedAt.AddMonths(2);
        ConversionFile file = Hear(
            s_file,
            Statement(StatementKind.DealWon, 1, ConvertedAt, Euro(100)),
            Statement(StatementKind.Refunded, 2, later, Euro(30))
        );

        (_, ImmutableArray<CreditRow> rows) = Restate(
            file,
            Known(Touch(9, "google", "cpc", 1), Touch(3, "news", "email", 2))
        );

        Assert.Equal(
            [(ConvertedAt, RestatementReason.NewConversion, 10_000L), (later, RestatementReason.Refunded, -3_000L)],
            rows.Where(row => row.Model == AttributionModel.Linear)
                .GroupBy(row => (row.BookedAt, row.Reason))
                .Select(group => (group.Key.BookedAt, group.Key.Reason, group.Sum(row => row.Minor)))
        );
    }

    [Fact]
    public void Reopened_HeardOfWithTheWin_BooksBoth_AndNothingStands()
    {
        DateTimeOffset later = ConvertedAt.AddMonths(2);
        ConversionFile file = Hear(
            s_file,
            Statement(StatementKind.DealWon, 1, ConvertedAt, Euro(100)),
            Statement(StatementKind.DealLost, 2, later)
        );

        (_, ImmutableArray<CreditRow> rows) = Restate(file, Known(Touch(9, "google", "cpc", 1)));

        Assert.Equal(
            [("Paid Search", ConvertedAt, 10_000L), ("Paid Search", later, -10_000L)],
            rows.Where(row => row.Model == AttributionModel.Last).Select(row => (row.Channel, row.BookedAt, row.Minor))
        );
    }

    [Fact]
    public void Ledger_UpToAnyTime_AddsUpToTheMovementsUntilThen_ByEveryModel() =>
        Prop.ForAll(
                Gen.Choose(0, int.MaxValue).ToArbitrary(),
                seed =>
                {
                    var random = new Random(seed);
                    ConversionFile file = s_file;
                    for (int step = 1; step <= 12; step++)
                    {
                        file = Hear(
                            file,
                            Statement(
                                (StatementKind)random.Next(1, 9),
                                step,
                                ConvertedAt.AddMinutes(random.Next(8)),
                                random.Next(5) == 0 ? null
                                    : random.Next(5) == 0 ? new MoneyValue(random.Next(1, 1_000), "USD")
                                    : new MoneyValue(random.Next(1, 100_000), "EUR")
                            )
                        );
                        if (random.Next(2) == 0)
                        {
                            // The next comes before this one is credited.
                            continue;
                        }

                        (file, _) = Restate(
                            file,
                            Known([
                                .. Enumerable
                                    .Range(0, random.Next(4))
                                    .Select(at => Touch(random.Next(1, 100), $"s{random.Next(3)}", "cpc", at + 1)),
                            ])
                        );
                        AssertBooked(file);
                    }
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Theory]
    [InlineData(null, CreditResidual.AmountMissing)]
    [InlineData("USD", CreditResidual.None)]
    public void Refund_ThatNobodyCanRead_TakesNothing_AndIsSaid(string? currency, CreditResidual fault)
    {
        ConversionFile file = Hear(
            s_file,
            Statement(StatementKind.DealWon, 1, ConvertedAt, Euro(100)),
            Statement(
                StatementKind.Refunded,
                2,
                ConvertedAt.AddDays(1),
                currency is null ? null : new MoneyValue(1_000, currency)
            ) with
            {
                Fault = fault,
            }
        );

        (file, _) = Restate(file, Known(Touch(9, "google", "cpc", 1)));

        Assert.Equal(1, file.Current!.Credit.Standing.UnreadRefunds);
        var report = new Reconciliation(
            new ReconciliationScope(
                ConvertedAt.AddDays(-1),
                ConvertedAt.AddDays(2),
                AttributionModel.Linear,
                [s_deal],
                IsAsReported: false
            ),
            DirectTouches.Keep
        );
        report.Take(file);
        ReconciliationCase said = Assert.Single(report.Report().Cases, one => one.Reason == "refund_not_read");
        Assert.Equal(("v_1", 10_000L, "EUR"), (said.Id, said.Minor, said.Currency));
    }

    [Fact]
    public void Channels_OfTooFewPeople_AreOneLineWithoutAName_AndTheSumStays()
    {
        var scope = new ReconciliationScope(
            ConvertedAt.AddDays(-1),
            ConvertedAt.AddDays(2),
            AttributionModel.Linear,
            [s_deal],
            IsAsReported: false
        );
        foreach (
            AttributionModel model in new[]
            {
                AttributionModel.Linear,
                AttributionModel.Markov,
                AttributionModel.Markov2,
            }
        )
        {
            var report = new Reconciliation(scope with { Model = model }, DirectTouches.Keep);
            for (int number = 1; number <= 6; number++)
            {
                ConversionFile file = Hear(
                    s_file with
                    {
                        Id = $"v_{number}",
                        ExternalId = $"D{number}",
                    },
                    Statement(StatementKind.DealWon, 1, ConvertedAt, Euro(100))
                );
                JourneyTouch touch = number == 6 ? Touch(9, "news", "email", 1) : Touch(9, "google", "cpc", 1);
                (file, _) = Restate(file, new JourneyKnown([new PersonTouch($"c_{number}", touch, MayBeUsed: true)]));
                report.Take(file);
            }

            CurrencyReconciliation euro = Assert.Single(report.Report().Folded().Currencies);
            Assert.Equal(
                [new ReconciliationLine("Paid Search", 50_000), new ReconciliationLine("(few)", 10_000)],
                euro.Channels.AsEnumerable()
            );
            Assert.Equal(0, euro.Difference);
        }
    }

    private static void AssertBooked(ConversionFile file)
    {
        if (file.Current is not { } current)
        {
            return;
        }

        foreach (AttributionModel model in AttributionModels.OfOneJourney)
        {
            foreach (string currency in new[] { "EUR", "USD" })
            {
                for (int minute = -1; minute <= 8; minute++)
                {
                    DateTimeOffset until = ConvertedAt.AddMinutes(minute);
                    Assert.Equal(
                        current
                            .Credit.Standing.Movements.Where(one => one.At <= until && one.Currency == currency)
                            .Sum(one => one.Minor),
                        file.Ledger.Where(row =>
                                row.Model == model && row.BookedAt <= until && row.Currency == currency
                            )
                            .Sum(row => row.Minor)
                    );
                }
            }
        }
    }

    private static ConversionFile Hear(ConversionFile file, params ConversionStatement[] said) =>
        said.Aggregate(file, (heard, one) => ConversionFileRules.Hear(heard, one));

    private static (ConversionFile File, ImmutableArray<CreditRow> Rows) Restate(
        ConversionFile file,
        JourneyKnown known
    )
    {
        ConversionStanding standing = ConversionStanding.Of(file.Statements);
        return ConversionFileRules.Restate(
            file,
            CreditRules.Credit(s_policy, s_deal, standing, known),
            RestatementReason.LateEvent,
            "log:0:1",
            "p1",
            ConvertedAt.AddDays(1),
            CreditRules.Shape(s_policy, s_deal, standing, known)
        );
    }
}
