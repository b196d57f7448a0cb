using System.Buffers;
using System.Text;
using System.Text.Json;
using Customer360.Rules.Accounts;
using Customer360.Rules.Crm.Mapping;
using Customer360.Rules.Events;
using Customer360.Rules.Privacy;
using FsCheck;
using FsCheck.Fluent;
using static Customer360.Rules.Tests.Events.Messages;

namespace Customer360.Rules.Tests.Accounts;

/// <summary>What an account learns of its deals.</summary>
public sealed class OpportunityTests
{
    private static readonly Config s_many = Config.QuickThrowOnFailure.WithMaxTest(300);

    [Fact]
    public void Deal_AsHubSpotTellsOfIt_IsRead()
    {
        OpportunityFacts facts = One(
            Deal(
                """
                "recordId":"5","name":"Acme","amount":"12500.50","currency":"eur","stage":"contractsent","isClosed":"false",
                "ownerId":"ann","contacts":[{"type":"hubspot.contact","id":"7:1"},{"type":"email","id":"Jane@x.com"}]
                """
            )
        ).Facts;

        Assert.Equal(new MoneyValue(1_250_050, "EUR"), facts.Money);
        Assert.Equal(("Acme", "contractsent", "ann"), (facts.Name, facts.Stage, facts.Owner));
        Assert.True(facts.IsOpen);
        // An address in whatever spelling would be missed when its person is forgotten: only records of CRMs are kept.
        Assert.Equal(["hubspot.contact:7:1"], facts.Contacts.Select(one => one.Identifier.ToString()));
    }

    [Theory]
    [InlineData("\"stage\":\"closedwon\"", true, true)]
    [InlineData("\"stage\":\"Closed Won\"", true, true)]
    [InlineData("\"stage\":\"Closed Lost\"", true, false)]
    [InlineData("\"stage\":\"Prospecting\"", false, false)]
    [InlineData("\"stage\":\"Gewonnen\",\"isClosed\":true,\"isWon\":true", true, true)]
    [InlineData("\"stage\":\"x\",\"isWon\":\"true\"", true, true)]
    [InlineData("\"stage\":\"closedwon\",\"isClosed\":false", false, false)]
    [InlineData("\"stage\":\"x\"", false, false)]
    public void Deal_InAStage_IsClosedAndWonAsTheCrmSays(string said, bool closed, bool won)
    {
        OpportunityFacts facts = One(Deal($"\"recordId\":\"5\",{said}")).Facts;

        Assert.Equal((closed, won), (facts.IsClosed, facts.IsWon));
    }

    [Fact]
    public void Amount_WithoutACurrency_IsNoMoney()
    {
        OpportunityFacts facts = One(Deal("\"recordId\":\"5\",\"amount\":12")).Facts;

        Assert.Null(facts.Money);
        Assert.Equal("12", facts.AmountText);
    }

    [Fact]
    public void Deal_ThatIsOnlyClaimed_CountsForNothing()
    {
        Envelope claimed = Accept(Json("\"recordId\":\"5\""), Context with { Trust = SourceTrust.Public });

        Assert.Same(AccountFold.Empty, AccountFold.Empty.Apply(claimed, new LogPlace(0, 1)));
    }

    [Theory]
    [InlineData("\"name\":\"no id\"")]
    [InlineData("\"recordId\":[1]")]
    [InlineData("\"recordId\":\"\"")]
    public void Deal_WithoutAnId_IsNone(string said) =>
        Assert.Same(AccountFold.Empty, AccountFold.Empty.Apply(Deal(said), new LogPlace(0, 1)));

    [Fact]
    public void Deal_ThatIsDeleted_ComesBackByNoOlderWord()
    {
        Envelope deleted = Accept(Json("\"recordId\":\"5\"", name: OpportunityEvents.DealDeleted, minute: 5));
        AccountFold fold = AccountFold
            .Empty.Apply(deleted, new LogPlace(0, 2))
            .Apply(Deal("\"recordId\":\"5\",\"stage\":\"won\""), new LogPlace(0, 3));

        Assert.True(Assert.Single(fold.Opportunities).Facts.IsDeleted);
    }

    [Fact]
    public void Fold_InAnyOrderAndInAnyParts_IsTheSame() =>
        Prop.ForAll(
                Gen.Choose(0, 1_000_000).ToArbitrary(),
                seed =>
                {
                    var chance = new Random(seed);
                    (Envelope Message, LogPlace Place)[] messages =
                    [
                        .. Enumerable
                            .Range(1, 12)
                            .Select(number =>
                                (
                                    Deal(
                                        $"\"recordId\":\"{chance.Next(3)}\",\"stage\":\"s{number}\"",
                                        minute: chance.Next(4),
                                        id: $"m{number}"
                                    ),
                                    new LogPlace(0, number)
                                )
                            ),
                    ];
                    AccountFold inOrder = Fold(messages);
                    chance.Shuffle(messages);
                    int cut = chance.Next(messages.Length + 1);
                    AccountFold inParts = AccountFold.Join(Fold(messages[..cut]), Fold(messages[cut..]));
                    return Text(inOrder) == Text(inParts) && Text(inOrder) == Text(ReadAgain(inOrder));
                }
            )
            .Check(s_many);

    [Fact]
    public void Deal_OfWhoIsForgotten_KeepsTheOthers()
    {
        AccountFold fold = AccountFold.Empty.Apply(
            Deal(
                """
                "recordId":"5","contacts":[{"type":"hubspot.contact","id":"7:1","role":"Buyer"},{"type":"hubspot.contact","id":"7:2"}]
                """
            ),
            new LogPlace(0, 1)
        );

        AccountFold redacted = AccountRedaction.Redact(
            fold,
            new ErasureTargets([Identifier.Create("hubspot.contact", "7:1")])
        );

        Assert.DoesNotContain("7:1", Text(redacted), StringComparison.Ordinal);
        Assert.Equal(
            ["hubspot.contact:7:2"],
            Assert.Single(redacted.Opportunities).Facts.Contacts.Select(one => one.Identifier.ToString())
        );
    }

    /// <summary>What is taken in after somebody was forgotten, or was on its way then, brings her back in no company's deal.</summary>
    [Fact]
    public void Deal_ThatComesAfterSomebodyWasForgotten_DoesNotNameHer()
    {
        Envelope deal = Deal(
            """
            "recordId":"5","contacts":[{"type":"hubspot.contact","id":"7:1"},{"type":"hubspot.contact","id":"7:2"}]
            """
        );

        byte[] redacted = EnvelopeRedaction.Redact(
            deal.Json.Span,
            new ErasureTargets([Identifier.Create("hubspot.contact", "7:1")])
        )!;

        Assert.Equal(
            ["hubspot.contact:7:2"],
            One(EnvelopeReader.FromJson(redacted)).Facts.Contacts.Select(one => one.Identifier.ToString())
        );
    }

    [Fact]
    public void Record_OfACompany_IsNoMemberOfIt()
    {
        Envelope company = Accept(
            """{"type":"group","groupId":"hubspot.company:7:9","messageId":"g1","timestamp":"2026-11-22T09:00:00Z","traits":{"name":"Acme"},"context":{"externalIds":[{"id":"7:9","type":"hubspot.company","collection":"users","encoding":"none"}]}}"""
        );

        Assert.Empty(AccountFold.Empty.Apply(company, new LogPlace(0, 1)).Members);
    }

    [Theory]
    [InlineData("\"domain\":\"Acme.com\"", "acme.com")]
    [InlineData("\"website\":\"https://www.acme.com/about?x=1\"", "acme.com")]
    [InlineData("\"website\":\"www.acme.com\"", "acme.com")]
    [InlineData("\"website\":\"acme.com:8080/x\"", "acme.com")]
    [InlineData("\"domains\":[\"b.example\",\"a.example\",7,\"b.example\"]", "a.example b.example")]
    [InlineData("\"domains\":\"a.example; b.example\"", "a.example b.example")]
    [InlineData("\"domain\":\"localhost\"", "")]
    [InlineData("\"domain\":\"a b\"", "")]
    [InlineData("\"domain\":null", "")]
    [InlineData("\"website\":\"https://[::1]/\"", "")]
    [InlineData("\"domain\":\"xn--bcher-kva.example\"", "bücher.example")]
    public void Domains_OfAnAccount_AreReadFromWhatItsSourcesState(string traits, string expected)
    {
        AccountFold fold = AccountFold.Empty.Apply(Company(traits, SourceTrust.Server), new LogPlace(0, 1));

        Assert.Equal(expected, string.Join(' ', AccountDomains.OfTraits(fold.Traits, out _)));
    }

    [Fact]
    public void Domain_ThatIsOnlyClaimed_CountsWhereNobodyElseStatesOne()
    {
        AccountFold claimed = AccountFold.Empty.Apply(
            Company("\"domain\":\"acme.com\"", SourceTrust.Public),
            new LogPlace(0, 1)
        );
        AccountFold both = claimed.Apply(
            Accept(
                """{"type":"group","userId":"u","groupId":"g","messageId":"g2","timestamp":"2026-11-22T08:00:00Z","traits":{"website":"acme.example"}}""",
                Context with
                {
                    Source = "crm",
                }
            ),
            new LogPlace(0, 2)
        );

        Assert.Equal("acme.com", AccountDomains.OfTraits(claimed.Traits, out bool isClaimed).Single());
        Assert.True(isClaimed);
        Assert.Equal("acme.example", AccountDomains.OfTraits(both.Traits, out isClaimed).Single());
        Assert.False(isClaimed);
    }

    private static Envelope Company(string traits, SourceTrust trust) =>
        Accept(
            $$"""{"type":"group","userId":"u","groupId":"g","messageId":"g1","timestamp":"2026-11-22T09:00:00Z","traits":{{{traits}}} }""",
            Context with
            {
                Trust = trust,
            }
        );

    private static AccountFold Fold(IEnumerable<(Envelope Message, LogPlace Place)> messages) =>
        messages.Aggregate(AccountFold.Empty, (fold, one) => fold.Apply(one.Message, one.Place));

    private static Opportunity One(Envelope message) =>
        Assert.Single(AccountFold.Empty.Apply(message, new LogPlace(0, 1)).Opportunities);

    private static Envelope Deal(string properties, int minute = 0, string id = "m1") =>
        Accept(Json(properties, OpportunityEvents.DealChanged, minute, id));

    private static string Json(
        string properties,
        string name = OpportunityEvents.DealChanged,
        int minute = 0,
        string id = "m1"
    ) =>
        $$$"""
            {"type":"track","userId":"u","event":"{{{name}}}","messageId":"{{{id}}}","timestamp":"2026-11-22T09:0{{{minute}}}:00Z",
            "context":{"groupId":"g"},"properties":{{{{properties}}}} }
            """;

    private static string Text(AccountFold fold)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            fold.WriteJson(writer);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static AccountFold ReadAgain(AccountFold fold)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(Text(fold)));
        reader.Read();
        return AccountFold.ReadJson(ref reader);
    }
}
