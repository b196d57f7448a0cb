using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Customer360.Phones;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Outcomes;
using FsCheck;
using FsCheck.Fluent;

namespace Customer360.Rules.Tests.Identity;

/// <summary>Which region a message is of, and who may be one customer across regions.</summary>
public sealed class RegionTests
{
    private static readonly LibPhoneNumbers s_phones = new();

    private static readonly DateTimeOffset s_now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private static readonly Regions s_regions = new(
        "us",
        ["us", "eu", "jp"],
        new Dictionary<string, string> { ["web-eu"] = "eu" }
    );

    private static readonly IdentityRules s_rules = RulesOf(isUserCrossRegion: true);

    private static readonly Gen<(int Value, int Region, int Chance)[]> s_steps = (
        from value in Gen.Choose(0, 3)
        from region in Gen.Choose(0, 2)
        from chance in Gen.Choose(1, 7)
        select (value, region, chance)
    )
        .ListOf()
        .Select(steps => steps.ToArray());

    [Theory]
    [InlineData("web", null, "email:jane@x.com")]
    [InlineData("web", "us", "email:jane@x.com")]
    [InlineData("web", "jp", "email@jp:jane@x.com")]
    [InlineData("web-eu", null, "email@eu:jane@x.com")]
    [InlineData("web-eu", "jp", "email@eu:jane@x.com")]
    public void Region_IsTheSourcesThenTheMessagesThenTheDefault(string source, string? said, string email)
    {
        Envelope envelope = Read(s_rules, source, said).Value!;

        Assert.Equal(["user_id:jane", email], envelope.Identifiers.Select(one => one.ToString()));
        Assert.Equal(
            envelope.Identifiers.ToArray(),
            LoggedIdentifiers.Read(envelope.Json.Span, s_rules, s_phones).Identifiers.ToArray()
        );
    }

    [Theory]
    [InlineData("\"mars\"")]
    [InlineData("7")]
    [InlineData("{}")]
    public void Region_WhenItIsNoneOfTheRules_IsRefused(string said)
    {
        Outcome<Envelope> outcome = Read(s_rules, "web", said, isJson: true);

        Assert.Equal("context.region", Assert.IsType<MessageFieldInvalid>(outcome.Refusal).Field);
    }

    [Fact]
    public void Region_WhenTheRulesHaveNone_MeansNothing()
    {
        Envelope envelope = Read(IdentityRules.Default, "web", "mars").Value!;

        Assert.Equal(["user_id:jane", "email:jane@x.com"], envelope.Identifiers.Select(one => one.ToString()));
        Assert.Equal(
            ["user_id:jane", "email:jane@x.com"],
            LoggedIdentifiers.Read(envelope.Json.Span, s_rules, s_phones).Identifiers.Select(one => one.ToString())
        );
    }

    [Theory]
    [InlineData("email", "email:jane@x.com")]
    [InlineData("email@us", "email:jane@x.com")]
    [InlineData("email@eu", "email@eu:jane@x.com")]
    [InlineData("email@mars", null)]
    public void Normalize_ReadsTheRegionBehindTheType(string type, string? identifier) =>
        Assert.Equal(identifier, new EnvelopeReader(s_rules, s_phones).Normalize(type, "Jane@X.com")?.ToString());

    [Fact]
    public void Normalize_WhenTheTypeLinksRegions_IsTheSameInEach() =>
        Assert.Equal("user_id:jane", new EnvelopeReader(s_rules, s_phones).Normalize("user_id@eu", "jane")?.ToString());

    [Fact]
    public void Decide_WhenRegionsMeetByWhatNoLongerLinksThem_KeepsThemApart()
    {
        // user_id linked regions once: who is joined stays so, and gets nothing more.
        IdentityRules stricter = RulesOf(isUserCrossRegion: false);
        CustomerFacts joined = Customer(1, "user_id:jane", "email:jane@x.com", "email@eu:jane@x.com");
        CustomerFacts european = Customer(2, "device@eu:phone");

        var decision = IdentityDecision.Decide(
            Owned(("email@eu:jane@x.com", joined), ("device@eu:phone", european)),
            s_now,
            stricter
        );

        DemotedIdentifier left = Assert.Single(Assert.IsType<IdentityDecision.Link>(decision).Demoted);
        Assert.Equal(("device@eu:phone", DemotionReason.Region), (left.Identifier.ToString(), left.Reason));
        Assert.Equal("regions eu and us stay apart: nothing that is crossRegion links them", left.Because);
        Assert.IsType<IdentityDecision.Merge>(
            IdentityDecision.Decide(
                Owned(("email@eu:jane@x.com", joined), ("device@eu:phone", european)),
                s_now,
                s_rules
            )
        );
    }

    [Fact]
    public void Limit_CountsATypeOverAllRegions()
    {
        CustomerFacts jane = Customer(1, "user_id:jane", "email:1@x.com", "email@eu:2@x.com", "email@jp:3@x.com");

        var decision = IdentityDecision.Decide(
            Owned(("user_id:jane", jane), ("email@eu:4@x.com", null)),
            s_now,
            s_rules
        );

        Assert.Equal(DemotionReason.Limit, Assert.Single(decision.Demoted).Reason);
    }

    [Fact]
    public void Twins_AreTheSameValueInTheOtherRegions()
    {
        Assert.Equal(
            ["email:jane@x.com", "email@jp:jane@x.com"],
            RegionScope.Twins(Identifier.Parse("email@eu:jane@x.com"), s_rules).Select(one => one.ToString()).Order()
        );
        Assert.Empty(RegionScope.Twins(Identifier.Parse("user_id:jane"), s_rules));
        Assert.Empty(RegionScope.Twins(Identifier.Parse("email:jane@x.com"), IdentityRules.Default));
        Assert.Equal(
            "email is not crossRegion, so its value in region eu does not link the one in region us",
            RegionScope.BecauseOfTwin(
                Identifier.Parse("email@eu:jane@x.com"),
                Identifier.Parse("email:jane@x.com"),
                s_rules
            )
        );
    }

    /// <summary>
    /// Invariant 4 for regions, on any sequence of messages. When user_id stops linking regions, those who are joined stay as
    /// they are, and nobody else is joined.
    /// </summary>
    [Fact]
    public void Customers_OfSeveralRegions_AreLinkedByWhatIsCrossRegion() =>
        Prop.ForAll(
                s_steps.Two().ToArbitrary(),
                runs =>
                {
                    IdentityRules stricter = RulesOf(isUserCrossRegion: false);
                    var owners = new Dictionary<Identifier, int>();
                    int number = 0;
                    foreach ((int value, int region, int chance) in runs.Item1)
                    {
                        Apply(owners, MessageOf(value, s_regions.Names[region], chance, s_rules), number++, s_rules);
                        if (!Spanning(owners, s_rules).IsEmpty)
                        {
                            return false;
                        }
                    }

                    ImmutableHashSet<string> before = Spanning(owners, stricter);
                    foreach ((int value, int region, int chance) in runs.Item2)
                    {
                        Apply(owners, MessageOf(value, s_regions.Names[region], chance, stricter), number++, stricter);
                        if (!Spanning(owners, stricter).SetEquals(before))
                        {
                            return false;
                        }
                    }

                    return true;
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    /// <summary>The customers, by what they hold, that have several regions and nothing that links them.</summary>
    private static ImmutableHashSet<string> Spanning(Dictionary<Identifier, int> owners, IdentityRules rules) =>
        [
            .. owners
                .GroupBy(one => one.Value, one => one.Key)
                .Where(customer =>
                    customer.All(one => rules.RegionOf(one) is not null)
                    && customer.Select(rules.RegionOf).Distinct().Count() > 1
                )
                .Select(customer => string.Join(' ', customer.Order())),
        ];

    private static ImmutableArray<Identifier> MessageOf(int value, string region, int chance, IdentityRules rules)
    {
        string[] types = ["user_id", "email", "device"];
        return
        [
            .. types
                .Where((_, index) => (chance & (1 << index)) != 0)
                .Select((type, index) => Identifier.Create(rules.TypeIn(type, region), $"{(value + index) % 4}")),
        ];
    }

    /// <summary>What the grid does with decisions, without limits of its own.</summary>
    private static void Apply(
        Dictionary<Identifier, int> owners,
        ImmutableArray<Identifier> message,
        int number,
        IdentityRules rules
    )
    {
        while (true)
        {
            ImmutableArray<OwnedIdentifier> owned =
            [
                .. message.Select(one => new OwnedIdentifier(
                    one,
                    owners.TryGetValue(one, out int owner)
                        ? Customer(
                            owner,
                            [.. owners.Where(other => other.Value == owner).Select(x => x.Key.ToString())]
                        )
                        : null
                )),
            ];
            switch (IdentityDecision.Decide(owned, s_now, rules))
            {
                case IdentityDecision.Create create:
                    Hold(create.Identifiers, number);
                    return;
                case IdentityDecision.Link link:
                    Hold(link.Identifiers, NumberOf(link.CustomerId));
                    return;
                case IdentityDecision.Merge merge:
                    foreach (int younger in merge.Younger.Select(NumberOf))
                    {
                        foreach (
                            Identifier moved in owners.Where(one => one.Value == younger).Select(x => x.Key).ToArray()
                        )
                        {
                            owners[moved] = NumberOf(merge.Oldest);
                        }
                    }

                    break;
            }
        }

        void Hold(IEnumerable<Identifier> identifiers, int owner)
        {
            foreach (Identifier identifier in identifiers)
            {
                owners.TryAdd(identifier, owner);
            }
        }

        int NumberOf(string customerId) =>
            owners.Values.Distinct().Single(one => Customer(one).CustomerId == customerId);
    }

    private static IdentityRules RulesOf(bool isUserCrossRegion) =>
        new(
            [
                new("user_id", 1, 9, LimitWindow.Ever, Normalisation.Exact) { CrossRegion = isUserCrossRegion },
                new("email", 2, 3, LimitWindow.Ever, Normalisation.Email),
                new("device", 3, 9, LimitWindow.Ever, Normalisation.Exact) { Kind = IdentifierKind.Device },
            ],
            "US",
            regions: s_regions
        );

    private static CustomerFacts Customer(int age, params string[] held) =>
        new(
            CustomerId.From(s_now.AddDays(age - 200), 0, age),
            [.. held.Select(one => new HeldIdentifier(Identifier.Parse(one), s_now.AddDays(-1)))]
        );

    private static ImmutableArray<OwnedIdentifier> Owned(params (string Identifier, CustomerFacts? Owner)[] all) =>
        [.. all.Select(one => new OwnedIdentifier(Identifier.Parse(one.Identifier), one.Owner))];

    private static Outcome<Envelope> Read(IdentityRules rules, string source, string? said, bool isJson = false)
    {
        string region = said is null ? "" : $",\"region\":{(isJson ? said : JsonSerializer.Serialize(said))}";
        using SentBody body = SentBody.OfMessage(
            Encoding.UTF8.GetBytes(
                $$$"""{"type":"track","event":"e","userId":"jane","context":{"traits":{"email":"jane@x.com"}{{{region}}}}}"""
            )
        );
        return new EnvelopeReader(rules, s_phones).Read(body[0], new MessageContext(source, s_now, null, null, "r", 0));
    }
}
