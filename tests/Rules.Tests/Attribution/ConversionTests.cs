using System.Collections.Immutable;
using System.Globalization;
using Customer360.Rules.Attribution;
using Customer360.Rules.Crm.Mapping;
using Customer360.Rules.Events;
using Customer360.Rules.Tests.Conditions;
using static Customer360.Rules.Tests.Attribution.Journeys;
using static Customer360.Rules.Tests.Events.Messages;

namespace Customer360.Rules.Tests.Attribution;

/// <summary>What is a conversion, and what it is worth.</summary>
public sealed class ConversionTests
{
    private static readonly AttributionPolicy s_policy = Policy(SmallYaml.Sample("attribution"));

    [Theory]
    [InlineData("\"total\":\"199.00\",\"currency\":\"eur\"", "19900 EUR None")]
    [InlineData("\"total\":199,\"currency\":\"JPY\"", "199 JPY None")]
    [InlineData("\"total\":1.234,\"currency\":\"KWD\"", "1234 KWD None")]
    [InlineData("\"total\":199", "19900 EUR None")]
    [InlineData("\"total\":1.234,\"currency\":\"EUR\"", "none AmountMissing")]
    [InlineData("\"total\":-5,\"currency\":\"EUR\"", "none AmountMissing")]
    [InlineData("\"total\":\"many\",\"currency\":\"EUR\"", "none AmountMissing")]
    [InlineData("\"total\":5,\"currency\":\"Euro\"", "none CurrencyMissing")]
    [InlineData("\"total\":1.25E7,\"currency\":\"EUR\"", "1250000000 EUR None")]
    [InlineData("\"total\":\"1E3\",\"currency\":\"EUR\"", "100000 EUR None")]
    [InlineData("\"total\":\"1E300\",\"currency\":\"EUR\"", "none AmountMissing")]
    [InlineData("\"total\":{\"amount\":\"5.00\",\"currency\":\"USD\"}", "500 USD None")]
    [InlineData("\"total\":\"1000000000000.00\",\"currency\":\"EUR\"", "100000000000000 EUR None")]
    [InlineData("\"total\":\"1000000000000.01\",\"currency\":\"EUR\"", "none AmountMissing")]
    [InlineData("\"total\":\"92233720368547758.07\",\"currency\":\"EUR\"", "none AmountMissing")]
    [InlineData("\"currency\":\"EUR\"", "none AmountMissing")]
    public void Order_IsWorthWhatItSays_ExactOrNotAtAll(string said, string expected)
    {
        ConversionStatement statement = One($"{{\"order_id\":\"o1\",{said}}}").Statement;

        Assert.Equal(
            expected,
            statement.Money is { } money
                ? $"{money.Minor} {money.Currency} {statement.Fault}"
                : $"none {statement.Fault}"
        );
    }

    /// <summary>All of it goes back where no amount is named. One that nobody can read is not none.</summary>
    [Theory]
    [InlineData("", "all")]
    [InlineData(",\"total\":null", "all")]
    [InlineData(",\"total\":\"10.00\"", "1000")]
    [InlineData(",\"total\":{\"amount\":\"10.00\"}", "1000")]
    [InlineData(",\"total\":[10]", "unread")]
    [InlineData(",\"total\":true", "unread")]
    [InlineData(",\"total\":\"\"", "unread")]
    [InlineData(",\"total\":{\"value\":10}", "unread")]
    [InlineData(",\"total\":\"-92233720368547758.08\"", "unread")]
    public void Refund_OfAnAmount_TakesThatBack_AndOfNoneAll(string total, string expected)
    {
        ConversionStatement refund = Assert
            .Single(
                ConversionReader.Read(
                    s_policy,
                    Accept(
                        "{\"type\":\"track\",\"userId\":\"u\",\"messageId\":\"r\",\"event\":\"Order Refunded\",\"properties\":{"
                            + $"\"order_id\":\"o1\",\"currency\":\"EUR\"{total}}}}}"
                    ),
                    new LogPlace(0, 2)
                )
            )
            .Statement;

        Assert.Equal(
            expected,
            refund.Money is { } money ? $"{money.Minor}"
                : refund.Fault == CreditResidual.None ? "all"
                : "unread"
        );
    }

    [Fact]
    public void Order_WithoutACurrency_WhereNoneIsAssumed_IsWorthNobodyKnowsWhat()
    {
        AttributionPolicy policy = Policy(
            "owner: {team: a, contact: b}\nconversions:\n  - {name: order, event: Order Completed}\n"
        );

        Assert.Equal(
            CreditResidual.CurrencyMissing,
            Assert
                .Single(ConversionReader.Read(policy, Order("{\"order_id\":\"o1\",\"total\":5}"), new LogPlace(0, 1)))
                .Statement.Fault
        );
    }

    [Fact]
    public void Order_ThatAServerTold_IsNoPagesToChange_AndOfPagesTheFirstCounts()
    {
        ConversionStatement server = One("{\"order_id\":\"o1\",\"total\":100}").Statement;
        ConversionStatement page = server with
        {
            Place = new LogPlace(0, 2),
            At = server.At.AddHours(-1),
            IsClaimed = true,
            Money = server.Money!.Value with { Minor = 1 },
        };
        ConversionStatement laterPage = page with { Place = new LogPlace(0, 3), At = server.At.AddHours(1) };

        Assert.Equal([server], ConversionStanding.Counting([page, server, laterPage]));
        Assert.Equal([page], ConversionStanding.Counting([laterPage, page]));
        Assert.Equal(10_000, ConversionStanding.Of([page, server, laterPage]).Money!.Value.Minor);
    }

    [Theory]
    [InlineData("{\"order_id\":\"o1\",\"total\":30}", 7_000)]
    [InlineData("{\"order_id\":\"o1\",\"total\":-30}", 7_000)]
    [InlineData("{\"order_id\":\"o1\",\"total\":30,\"currency\":\"USD\"}", 10_000)]
    public void Refund_WithoutACurrency_IsOfThatOfItsOrder(string refund, long left)
    {
        AttributionPolicy policy = Policy(
            "owner: {team: a, contact: b}\nconversions:\n"
                + "  - {name: order, event: Order Completed, refunded: Order Refunded, sources: [shop]}\n"
        );
        (string Name, string Source, string Properties)[] all =
        [
            ("Order Completed", "shop", "{\"order_id\":\"o1\",\"total\":100,\"currency\":\"EUR\"}"),
            ("Order Refunded", "billing", refund),
            ("Order Completed", "elsewhere", "{\"order_id\":\"o1\",\"total\":5,\"currency\":\"EUR\"}"),
        ];
        ConversionStatement[] statements = all.SelectMany(
                (said, place) =>
                    ConversionReader.Read(
                        policy,
                        Accept(
                            $$"""{"type":"track","userId":"u","messageId":"m{{place}}","event":"{{said.Name}}","properties":{{said.Properties}}}"""
                        ) with
                        {
                            Source = said.Source,
                        },
                        new LogPlace(0, place)
                    )
            )
            .Select(heard => heard.Statement)
            .ToArray();

        Assert.Equal(left, ConversionStanding.Of([.. statements]).Money!.Value.Minor);
    }

    [Theory]
    [InlineData("Order Completed", "order_id", true)]
    [InlineData("Order Updated", "order_id", false)]
    [InlineData("Order Refunded", "order_id", false)]
    [InlineData("Order Cancelled", "order_id", false)]
    [InlineData("Deal Refunded", "opportunityId", false)]
    public void Page_SaysThatSomethingWasBought_AndTakesNothingBack(string name, string id, bool isHeard)
    {
        Envelope said = Accept(
            $$"""{"type":"track","userId":"u","messageId":"m1","event":"{{name}}","properties":{"{{id}}":"hubspot:1","total":5,"amount":5} }"""
        );

        Assert.Single(ConversionReader.Read(s_policy, said, new LogPlace(0, 1)));
        Assert.Equal(
            isHeard,
            ConversionReader.Read(s_policy, said with { Trust = StatementTrust.Claimed }, new LogPlace(0, 1)).Any()
        );
    }

    [Fact]
    public void Order_ThatIsToldTwice_IsOne_AndOneWithoutAnIdIsItsOwn()
    {
        Assert.Equal(One("{\"order_id\":\"o1\",\"total\":5}").Id, One("{\"order_id\":\"o1\",\"total\":6}").Id);
        Assert.NotEqual(One("{\"order_id\":\"o1\"}").Id, One("{\"order_id\":\"o2\"}").Id);
        Assert.Equal("message:m1", One("{\"total\":5}").ExternalId);
    }

    [Fact]
    public void Deal_IsReadAsTheAccountReadsIt()
    {
        ConversionHeard heard = Assert.Single(
            ConversionReader.Read(
                s_policy,
                Accept(
                    """
                    {"type":"track","userId":"crm","messageId":"m","event":"CRM Opportunity Changed","context":{"groupId":"acme"},
                    "properties":{"recordId":"006A","amount":-20.5,"currency":"EUR","stage":"Closed Won","closeDate":"2026-11-20"}}
                    """
                ),
                new LogPlace(3, 7)
            )
        );

        Assert.Equal(
            ("deal", "web:006A", StatementKind.DealWon),
            (heard.Definition.Name, heard.ExternalId, heard.Statement.Kind)
        );
        // A CRM's sum has what is less than nothing, so ours has it.
        Assert.Equal(Euro(-20.5m), heard.Statement.Money);
        Assert.Equal(new DateTimeOffset(2026, 11, 20, 23, 59, 59, 999, 999, TimeSpan.Zero), heard.Statement.ClosedAt);
    }

    [Fact]
    public void Clock_ThatGoesAhead_MakesNoConversionOfTomorrow() =>
        Assert.Equal(ReceivedAt, One("{\"order_id\":\"o1\"}", ",\"timestamp\":\"2031-01-01T00:00:00Z\"").Statement.At);

    [Theory]
    [InlineData("happened 100", "100 | NewConversion 100")]
    [InlineData("happened 100, refunded 30", "70 | NewConversion 100, Refunded -30")]
    [InlineData("happened 100, refunded 30, refunded 30", "40 | NewConversion 100, Refunded -30, Refunded -30")]
    [InlineData("happened 100, refunded all", "0 | NewConversion 100, Refunded -100")]
    [InlineData("happened 100, refunded 130", "0 | NewConversion 100, Refunded -100")]
    [InlineData("happened 100, updated 120", "120 | NewConversion 100, AmountEdited 20")]
    [InlineData("happened 100, happened 100", "100 | NewConversion 100")]
    [InlineData("happened 100, cancelled all", "none | NewConversion 100, Cancelled -100")]
    [InlineData("happened 100, cancelled all, happened 100", "none | NewConversion 100, Cancelled -100")]
    [InlineData("refunded 10", "none | ")]
    [InlineData("won 100", "100 | NewConversion 100")]
    [InlineData("open 100", "none | ")]
    [InlineData("open 50, won 100, won 110", "110 | NewConversion 100, AmountEdited 10")]
    [InlineData("won 120, open 120, won 115", "115 | NewConversion 120, Reopened -120, ClosedAgain 115")]
    [InlineData("won 120, lost 120", "none | NewConversion 120, Reopened -120")]
    [InlineData("won 120, deleted all", "none | NewConversion 120, Deleted -120")]
    [InlineData("won 120, deleted all, won 120", "none | NewConversion 120, Deleted -120")]
    public void Standing_IsWhatAllStatementsComeTo_InWhateverOrderTheyCame(string said, string expected)
    {
        ImmutableArray<ConversionStatement> statements =
        [
            .. said.Split(", ")
                .Select(
                    (text, index) =>
                    {
                        string[] parts = text.Split(' ');
                        StatementKind kind = Enum.GetValues<StatementKind>()
                            .First(one => one.ToString().EndsWith(parts[0], StringComparison.OrdinalIgnoreCase));
                        return Statement(
                            kind,
                            index + 1,
                            ConvertedAt.AddHours(index),
                            parts[1] == "all" ? null : Euro(decimal.Parse(parts[1], CultureInfo.InvariantCulture))
                        );
                    }
                ),
        ];

        foreach (
            ImmutableArray<ConversionStatement> order in (ImmutableArray<ConversionStatement>[])
                [statements, [.. statements.Reverse()]]
        )
        {
            ConversionStanding standing = ConversionStanding.Of(order);
            Assert.Equal(
                expected,
                $"{(standing.Money is { } money ? $"{money.Minor / 100}" : "none")} | "
                    + string.Join(", ", standing.Movements.Select(one => $"{one.Reason} {one.Minor / 100}"))
            );
        }
    }

    [Fact]
    public void Deal_ConvertsOnItsCloseDate_AndNotInTheFuture()
    {
        var day = new DateTimeOffset(2026, 11, 10, 23, 59, 59, 999, 999, TimeSpan.Zero);
        ConversionStatement won = Statement(StatementKind.DealWon, 1, ConvertedAt, Euro(10)) with { ClosedAt = day };

        Assert.Equal(day, ConversionStanding.Of([won]).ConvertedAt);
        Assert.Equal(ConvertedAt, ConversionStanding.Of([won with { ClosedAt = ConvertedAt.AddYears(3) }]).ConvertedAt);
        ConversionStanding moved = ConversionStanding.Of([
            won,
            won with
            {
                Place = new LogPlace(1, 2),
                At = ConvertedAt.AddDays(1),
                ClosedAt = day.AddDays(5),
            },
        ]);
        Assert.Equal(day.AddDays(5), moved.ConvertedAt);
        Assert.Equal([1_000L, -1_000L, 1_000L], moved.Movements.Select(one => one.Minor));
    }

    [Theory]
    [InlineData("2026-07-01", "USD", 100_00, 8_634L)]
    [InlineData("2026-06-30", "USD", 100_00, 8_512L)]
    [InlineData("2026-06-30", "JPY", 1_000, null)]
    [InlineData("2026-07-01", "JPY", 1_000, 575L)]
    [InlineData("2025-12-31", "USD", 100_00, null)]
    [InlineData("2026-07-01", "CHF", 100_00, null)]
    [InlineData("2026-07-01", "EUR", 100_00, 10_000L)]
    // 0.5 cents go to the even one.
    [InlineData("2026-07-01", "USD", -125, -108L)]
    public void Rate_IsThatOfTheDay_OrThereIsNone(string day, string currency, long minor, long? expected) =>
        Assert.Equal(
            expected,
            s_policy.Rates.Convert(
                new MoneyValue(minor, currency),
                new DateTimeOffset(
                    DateOnly.Parse(day, CultureInfo.InvariantCulture),
                    new TimeOnly(12, 0),
                    TimeSpan.Zero
                )
            )
        );

    private static Envelope Order(string properties, string more = "") =>
        Accept(
            $$"""{"type":"track","userId":"u","messageId":"m1","event":"Order Completed","properties":{{properties}}{{more}}}"""
        );

    private static ConversionHeard One(string properties, string more = "") =>
        Assert.Single(ConversionReader.Read(s_policy, Order(properties, more), new LogPlace(0, 1)));
}
