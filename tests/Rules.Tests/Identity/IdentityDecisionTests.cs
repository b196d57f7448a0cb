using System.Collections.Immutable;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;

namespace Customer360.Rules.Tests.Identity;

public sealed class IdentityDecisionTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly Identifier s_user = Identifier.Create("user_id", "abc123");
    private static readonly Identifier s_otherUser = Identifier.Create("user_id", "abc456");
    private static readonly Identifier s_email = Identifier.Create("email", "jane@example.com");
    private static readonly Identifier s_device = Identifier.Create("anonymous_id", "a-1");

    [Fact]
    public void Decide_WhenNobodyOwnsAny_Creates()
    {
        IdentityDecision decision = Decide(Unowned(s_user), Unowned(s_email));

        var create = Assert.IsType<IdentityDecision.Create>(decision);
        Assert.Equal([s_user, s_email], create.Identifiers.ToArray());
        Assert.Empty(create.Demoted);
    }

    [Fact]
    public void Decide_WhenOneCustomerOwnsSome_LinksTheOthersToIt()
    {
        CustomerFacts jane = Customer(1, s_user);

        IdentityDecision decision = Decide(Owned(s_user, jane), Unowned(s_device));

        var link = Assert.IsType<IdentityDecision.Link>(decision);
        Assert.Equal(jane.CustomerId, link.CustomerId);
        Assert.Equal([s_user, s_device], link.Identifiers.ToArray());
    }

    [Fact]
    public void Decide_WhenSeveralOwnThem_MergesTheYoungerIntoTheOldest()
    {
        CustomerFacts older = Customer(1, s_device);
        CustomerFacts younger = Customer(2, s_user);
        CustomerFacts youngest = Customer(3, s_email);

        IdentityDecision decision = Decide(Owned(s_user, younger), Owned(s_email, youngest), Owned(s_device, older));

        var merge = Assert.IsType<IdentityDecision.Merge>(decision);
        Assert.Equal(older.CustomerId, merge.Oldest);
        Assert.Equal([youngest.CustomerId, younger.CustomerId], merge.Younger.ToArray());
    }

    [Fact]
    public void Decide_WhenTheMergeBreaksALimit_DemotesTheLowestAndDecidesAgain()
    {
        // This is the example of Segment's documentation: {abc123, jane@} and a message with {abc456, jane@}.
        CustomerFacts jane = Customer(1, s_user, s_email);

        IdentityDecision decision = Decide(Unowned(s_otherUser), Owned(s_email, jane));

        var create = Assert.IsType<IdentityDecision.Create>(decision);
        Assert.Equal([s_otherUser], create.Identifiers.ToArray());
        Assert.Equal([new DemotedIdentifier(s_email, DemotionReason.Limit, "user_id")], create.Demoted.ToArray());
    }

    [Fact]
    public void Decide_WhenACustomerHoldsItsLimit_DemotesTheNewIdentifier()
    {
        Identifier[] devices = [.. Enumerable.Range(0, 5).Select(n => Identifier.Create("anonymous_id", $"d{n}"))];
        CustomerFacts jane = Customer(1, [s_user, .. devices]);

        IdentityDecision decision = Decide(Owned(s_user, jane), Unowned(s_device));

        var link = Assert.IsType<IdentityDecision.Link>(decision);
        Assert.Equal([s_user], link.Identifiers.ToArray());
        Assert.Equal([new DemotedIdentifier(s_device, DemotionReason.Limit, "anonymous_id")], link.Demoted.ToArray());
    }

    [Fact]
    public void Decide_WhenTheLimitHasAWindow_CountsOnlyWhatWasLinkedInIt()
    {
        var rules = new IdentityRules(
            [
                new IdentifierRule("user_id", 1, 1, LimitWindow.Ever, Normalisation.Exact),
                new IdentifierRule("anonymous_id", 2, 1, LimitWindow.Weekly, Normalisation.Exact),
            ],
            "US"
        );
        var longAgo = new HeldIdentifier(Identifier.Create("anonymous_id", "old"), s_now.AddDays(-8));
        var justNow = new HeldIdentifier(Identifier.Create("anonymous_id", "new"), s_now.AddDays(-6));
        var user = new HeldIdentifier(s_user, s_now.AddDays(-30));
        var quiet = new CustomerFacts(IdOf(1), [user, longAgo]);
        var busy = new CustomerFacts(IdOf(1), [user, justNow]);

        Assert.Empty(IdentityDecision.Decide([Owned(s_user, quiet), Unowned(s_device)], s_now, rules).Demoted);
        Assert.Single(IdentityDecision.Decide([Owned(s_user, busy), Unowned(s_device)], s_now, rules).Demoted);
    }

    [Fact]
    public void Decide_WhenACustomerIsOverItsLimitAlready_StillTakesItsOwnMessages()
    {
        CustomerFacts both = Customer(1, s_user, s_otherUser, s_email);

        IdentityDecision decision = Decide(Owned(s_user, both), Owned(s_email, both));

        Assert.IsType<IdentityDecision.Link>(decision);
        Assert.Empty(decision.Demoted);
    }

    [Fact]
    public void Decide_AlwaysKeepsTheAnchor()
    {
        CustomerFacts jane = Customer(1, s_user);
        CustomerFacts john = Customer(2, s_otherUser);

        IdentityDecision decision = Decide(Owned(s_user, jane), Owned(s_otherUser, john));

        var link = Assert.IsType<IdentityDecision.Link>(decision);
        Assert.Equal(jane.CustomerId, link.CustomerId);
        Assert.Equal([s_user], link.Identifiers.ToArray());
    }

    [Fact]
    public void Decide_WhenASeparationStandsAgainstIt_LeavesOutTheOneThatItIsAbout()
    {
        var separation = new Separation("s_1", [s_email], [s_user]);
        CustomerFacts jane = Customer(1, s_user) with { Separations = [separation] };
        CustomerFacts john = Customer(2, s_email) with { Separations = [separation] };

        IdentityDecision decision = Decide(Owned(s_user, jane), Owned(s_email, john), Unowned(s_device));

        var link = Assert.IsType<IdentityDecision.Link>(decision);
        Assert.Equal([s_user, s_device], link.Identifiers.ToArray());
        Assert.Equal([new DemotedIdentifier(s_email, DemotionReason.Separation, "s_1")], link.Demoted.ToArray());
    }

    private static IdentityDecision Decide(params ImmutableArray<OwnedIdentifier> identifiers) =>
        IdentityDecision.Decide(identifiers, s_now, IdentityRules.Default);

    private static OwnedIdentifier Unowned(Identifier identifier) => new(identifier, null);

    private static OwnedIdentifier Owned(Identifier identifier, CustomerFacts owner) => new(identifier, owner);

    private static string IdOf(int age) => CustomerId.From(s_now, 0, age);

    private static CustomerFacts Customer(int age, params Identifier[] identifiers) =>
        new(IdOf(age), [.. identifiers.Select(identifier => new HeldIdentifier(identifier, s_now.AddDays(-1)))]);
}
