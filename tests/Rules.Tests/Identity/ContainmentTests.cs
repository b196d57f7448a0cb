using System.Collections.Immutable;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using FsCheck;
using FsCheck.Fluent;

namespace Customer360.Rules.Tests.Identity;

/// <summary>Degrees, quarantine, and what a decision makes of quarantined identifiers.</summary>
public sealed class ContainmentTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly Config s_many = Config.QuickThrowOnFailure.WithMaxTest(300);
    private static readonly Identifier s_user = Identifier.Create("user_id", "u1");
    private static readonly Identifier s_email = Identifier.Create("email", "test@test.com");
    private static readonly Identifier s_device = Identifier.Create("anonymous_id", "a1");

    /// <summary>A message's identifiers, some owned by one of four customers, some quarantined.</summary>
    private static readonly Arbitrary<ImmutableArray<OwnedIdentifier>> s_messages = Gen.Choose(0, 7)
        .SelectMany(_ => Gen.Choose(0, 4), (name, owner) => (name, owner))
        .SelectMany(_ => Gen.Elements(true, false), (made, isQuarantined) => (made.name, made.owner, isQuarantined))
        .NonEmptyListOf()
        .Resize(6)
        .Select(made => made.DistinctBy(one => one.name).Select(one => Make(one.name, one.owner, one.isQuarantined)))
        .Select(made => made.ToImmutableArray())
        .ToArbitrary();

    [Fact]
    public void Tie_WhenTheSamePairComesAgain_CountsOnce()
    {
        TieOutcome once = Containment.Tie([], s_user, degreeMax: 1);
        TieOutcome twice = Containment.Tie(once.Ties, s_user, degreeMax: 1);

        Assert.Equal(TieResult.Added, once.Result);
        Assert.Equal(TieResult.Known, twice.Result);
        Assert.Equal(once.Ties, twice.Ties);
    }

    [Fact]
    public void Tie_WhenOneMoreThanTheDegreeComes_IsTooMany()
    {
        ImmutableArray<ulong> ties = [];
        for (int index = 0; index < 50; index++)
        {
            TieOutcome outcome = Containment.Tie(ties, User(index), degreeMax: 50);
            Assert.Equal(TieResult.Added, outcome.Result);
            ties = outcome.Ties;
        }

        Assert.Equal(TieResult.TooMany, Containment.Tie(ties, User(50), degreeMax: 50).Result);
        Assert.Equal(TieResult.Known, Containment.Tie(ties, User(49), degreeMax: 50).Result);
    }

    [Fact]
    public void Tie_InAnyOrder_GivesTheSameTies() =>
        Prop.ForAll(
                Gen.Choose(0, 9)
                    .ArrayOf()
                    .SelectMany(made => Gen.Shuffle(made), (made, other) => (made, other))
                    .ToArbitrary(),
                run => TiesOf(run.made).SequenceEqual(TiesOf(run.other))
            )
            .Check(s_many);

    [Fact]
    public void TieOf_IsTheSameForEver() =>
        // The value is stored, so it may never change.
        Assert.Equal(10431951400919232384UL, Containment.TieOf(s_user));

    [Fact]
    public void Counts_ForUserIdsAndTheAnchorItself_IsFalse()
    {
        Assert.True(Containment.Counts(s_email, s_user, IdentityRules.Default));
        Assert.False(Containment.Counts(s_user, s_email, IdentityRules.Default));
        Assert.False(Containment.Counts(s_email, s_email, IdentityRules.Default));
    }

    [Fact]
    public void Version_WhenADegreeDiffers_Differs()
    {
        IdentityRules other = new(
            IdentityRules.Default.Identifiers.Select(rule =>
                rule.Type == "email" ? rule with { QuarantineDegree = 7 } : rule
            ),
            "US"
        );

        Assert.NotEqual(IdentityRules.Default.Version, other.Version);
    }

    [Fact]
    public void Decide_WhenAnIdentifierIsQuarantined_LeavesItOutFirst()
    {
        CustomerFacts everybody = Customer(1, s_email);

        IdentityDecision decision = Decide(
            new(s_user, null),
            new(s_email, everybody) { IsQuarantined = true },
            new(s_device, null)
        );

        var create = Assert.IsType<IdentityDecision.Create>(decision);
        Assert.Equal([s_user, s_device], create.Identifiers.ToArray());
        Assert.Equal(
            [new DemotedIdentifier(s_email, DemotionReason.Quarantine, "quarantined")],
            create.Demoted.ToArray()
        );
    }

    [Fact]
    public void Decide_WhenTheAnchorIsQuarantined_KeepsItsOwnerAndLinksNothing()
    {
        CustomerFacts everybody = Customer(1, s_email);
        CustomerFacts jane = Customer(2, s_device);

        IdentityDecision decision = Decide(new(s_email, everybody) { IsQuarantined = true }, new(s_device, jane));

        var link = Assert.IsType<IdentityDecision.Link>(decision);
        Assert.Equal(everybody.CustomerId, link.CustomerId);
        Assert.Equal([s_email], link.Identifiers.ToArray());
    }

    [Fact]
    public void Decide_WhateverIsQuarantined_NeverJoinsCustomersThroughIt() =>
        Prop.ForAll(
                s_messages,
                identifiers =>
                {
                    IdentityDecision decision = IdentityDecision.Decide(identifiers, s_now, IdentityRules.Default);
                    HashSet<Identifier> quarantined =
                    [
                        .. identifiers.Where(one => one.IsQuarantined).Select(one => one.Identifier),
                    ];
                    // What a decision brings together holds no quarantined identifier, unless it is an anchor alone.
                    return decision.Identifiers.Length == 1 || !decision.Identifiers.Any(quarantined.Contains);
                }
            )
            .Check(s_many);

    [Fact]
    public void Decide_WhenQuarantinedOnesStandElsewhere_DecidesTheSame() =>
        Prop.ForAll(
                s_messages,
                identifiers =>
                {
                    // Behind the anchor it makes no difference where the quarantined ones stand, or whether there are any.
                    ImmutableArray<OwnedIdentifier> without =
                    [
                        .. identifiers.Where((one, index) => index == 0 || !one.IsQuarantined),
                    ];
                    ImmutableArray<OwnedIdentifier> last =
                    [
                        .. without,
                        .. identifiers.Where((one, index) => index > 0 && one.IsQuarantined),
                    ];
                    return Outcome(identifiers) == Outcome(without) && Outcome(identifiers) == Outcome(last);
                }
            )
            .Check(s_many);

    private static string Outcome(ImmutableArray<OwnedIdentifier> identifiers)
    {
        IdentityDecision decision = IdentityDecision.Decide(identifiers, s_now, IdentityRules.Default);
        return $"{decision.GetType().Name} {string.Join(' ', decision.Identifiers)}";
    }

    private static ImmutableArray<ulong> TiesOf(IEnumerable<int> anchors) =>
        anchors.Aggregate(
            ImmutableArray<ulong>.Empty,
            (ties, anchor) => Containment.Tie(ties, User(anchor), degreeMax: 100).Ties
        );

    private static OwnedIdentifier Make(int name, int owner, bool isQuarantined)
    {
        var identifier = Identifier.Create(name % 2 == 0 ? "email" : "anonymous_id", $"v{name}");
        return new OwnedIdentifier(
            identifier,
            owner == 0 ? null : Customer(owner, Identifier.Create("phone", $"{owner}"))
        )
        {
            IsQuarantined = isQuarantined,
        };
    }

    private static Identifier User(int number) => Identifier.Create("user_id", $"u{number}");

    private static IdentityDecision Decide(params ImmutableArray<OwnedIdentifier> identifiers) =>
        IdentityDecision.Decide(identifiers, s_now, IdentityRules.Default);

    private static CustomerFacts Customer(int age, params Identifier[] identifiers) =>
        new(
            CustomerId.From(s_now, 0, age),
            [.. identifiers.Select(identifier => new HeldIdentifier(identifier, s_now.AddDays(-1)))]
        );
}
