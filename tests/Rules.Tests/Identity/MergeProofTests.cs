using System.Collections.Immutable;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;

namespace Customer360.Rules.Tests.Identity;

/// <summary>What trust and kind of a message's identifiers allow.</summary>
public sealed class MergeProofTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    /// <summary>The limits are wide, so that nothing but trust and kind decides.</summary>
    private static readonly IdentityRules s_rules = new(
        [
            new("user_id", 1, 9, LimitWindow.Ever, Normalisation.Exact) { Trust = IdentifierTrust.Verified },
            new("email", 2, 9, LimitWindow.Ever, Normalisation.Exact),
            new("device", 3, 9, LimitWindow.Ever, Normalisation.Exact) { Kind = IdentifierKind.Device },
            new("domain", 4, 9, LimitWindow.Ever, Normalisation.Exact) { Kind = IdentifierKind.Account },
        ],
        "US"
    );

    [Fact]
    public void Claimed_WhenBothHoldAVerifiedOne_DoesNotMergeThem()
    {
        CustomerFacts jane = Customer(1, "user_id:jane");
        CustomerFacts john = Customer(2, "user_id:john", "email:family@x.com");

        IdentityDecision decision = Decide(("user_id:jane", jane), ("email:family@x.com", john));

        var link = Assert.IsType<IdentityDecision.Link>(decision);
        Assert.Equal(jane.CustomerId, link.CustomerId);
        DemotedIdentifier left = Assert.Single(link.Demoted);
        Assert.Equal(("email:family@x.com", DemotionReason.Proof), (left.Identifier.ToString(), left.Reason));
        Assert.Equal("a claimed identifier does not merge customers that each hold a verified one", left.Because);
    }

    [Fact]
    public void Claimed_WhenOneHoldsAVerifiedOne_MergesThem()
    {
        CustomerFacts jane = Customer(1, "user_id:jane");
        CustomerFacts visitor = Customer(2, "email:jane@x.com");

        Assert.IsType<IdentityDecision.Merge>(Decide(("user_id:jane", jane), ("email:jane@x.com", visitor)));
    }

    [Fact]
    public void Claimed_WhenNobodyOwnsIt_IsLinked()
    {
        CustomerFacts jane = Customer(1, "user_id:jane");

        IdentityDecision decision = Decide(("user_id:jane", jane), ("email:jane@x.com", null));

        Assert.Empty(Assert.IsType<IdentityDecision.Link>(decision).Demoted);
    }

    [Fact]
    public void Verified_WhenTheMessageCarriesOneOfEach_MergesThem()
    {
        CustomerFacts one = Customer(1, "user_id:jane");
        CustomerFacts other = Customer(2, "user_id:j.doe");

        Assert.IsType<IdentityDecision.Merge>(Decide(("user_id:j.doe", other), ("user_id:jane", one)));
    }

    /// <summary>
    /// A crash came between claim and listing. The older customer, which asks again, sees what is listed: a decision that
    /// counted the claim would be refused and made again without end (the simulation found it, seed 12296).
    /// </summary>
    [Fact]
    public void Verified_WhenItsOwnerHasClaimedItOnly_DoesNotVouchForIt()
    {
        CustomerFacts jane = Customer(1, "email:e1", "user_id:jane");
        CustomerFacts john = Customer(2, "device:d1", "user_id:john");

        IdentityDecision decision = Decide(("user_id:jane2", jane), ("user_id:john", john), ("email:e1", jane));

        Assert.IsType<IdentityDecision.Link>(decision);
        Assert.Equal(["user_id:john"], decision.Demoted.Select(left => left.Identifier.ToString()));
    }

    [Fact]
    public void Claimed_WhenTheAnchorIsTheOneWithoutAVoucher_LeavesTheOtherOut()
    {
        CustomerFacts jane = Customer(1, "email:jane@x.com", "user_id:jane");
        CustomerFacts john = Customer(2, "user_id:john");
        var rules = new IdentityRules(
            [
                new("email", 1, 9, LimitWindow.Ever, Normalisation.Exact),
                new("user_id", 2, 9, LimitWindow.Ever, Normalisation.Exact) { Trust = IdentifierTrust.Verified },
            ],
            "US"
        );

        var decision = IdentityDecision.Decide(Owned(("email:jane@x.com", jane), ("user_id:john", john)), s_now, rules);

        Assert.Equal("user_id:john", Assert.Single(decision.Demoted).Identifier.ToString());
    }

    [Fact]
    public void Device_WhenTwoPersonsShareIt_DoesNotMergeThem()
    {
        CustomerFacts jane = Customer(1, "email:jane@x.com", "device:tablet");
        CustomerFacts bob = Customer(2, "email:bob@x.com");

        IdentityDecision decision = Decide(("email:bob@x.com", bob), ("device:tablet", jane));

        DemotedIdentifier left = Assert.Single(Assert.IsType<IdentityDecision.Link>(decision).Demoted);
        Assert.Equal("device:tablet", left.Identifier.ToString());
        Assert.Equal(
            "a device does not merge customers that each hold a person's identifier of one type",
            left.Because
        );
    }

    [Fact]
    public void Device_WhenTheOtherIsKnownByAnotherType_MergesThem()
    {
        // The visitor that signed up for a newsletter logs in: an address and a login complete each other.
        CustomerFacts visitor = Customer(1, "email:jane@x.com", "device:phone");
        CustomerFacts jane = Customer(2, "user_id:jane");

        Assert.IsType<IdentityDecision.Merge>(Decide(("user_id:jane", jane), ("device:phone", visitor)));
    }

    [Fact]
    public void Device_WhenTheMessageNamesBothPersons_IsNotWhatMergesThem()
    {
        CustomerFacts home = Customer(1, "email:jane@home.com", "device:phone");
        CustomerFacts work = Customer(2, "email:jane@work.com");

        Assert.IsType<IdentityDecision.Merge>(
            Decide(("email:jane@work.com", work), ("email:jane@home.com", home), ("device:phone", home))
        );
    }

    [Fact]
    public void Account_WhenAPersonCarriesIt_JoinsNobody()
    {
        CustomerFacts acme = Customer(1, "domain:acme.com");
        CustomerFacts jane = Customer(2, "email:jane@acme.com");

        IdentityDecision decision = Decide(("email:jane@acme.com", jane), ("domain:acme.com", acme));

        DemotedIdentifier left = Assert.Single(Assert.IsType<IdentityDecision.Link>(decision).Demoted);
        Assert.Equal(("domain:acme.com", DemotionReason.Account), (left.Identifier.ToString(), left.Reason));
    }

    [Fact]
    public void Account_WhenNobodyOwnsIt_IsNotTakenOnEither()
    {
        CustomerFacts jane = Customer(2, "email:jane@acme.com");

        IdentityDecision decision = Decide(("email:jane@acme.com", jane), ("domain:acme.com", null));

        Assert.Equal(["email:jane@acme.com"], decision.Identifiers.Select(one => one.ToString()));
    }

    [Fact]
    public void Account_WhenItIsAllThatAMessageHas_IsItsOwn()
    {
        IdentityDecision decision = Decide(("domain:acme.com", null), ("domain:acme.org", null));

        Assert.Equal(
            ["domain:acme.com"],
            Assert.IsType<IdentityDecision.Create>(decision).Identifiers.Select(one => one.ToString())
        );
    }

    [Fact]
    public void Account_WhateverItComesWith_HasNoDegree()
    {
        Assert.False(
            Containment.Counts(Identifier.Parse("domain:acme.com"), Identifier.Parse("email:a@b.co"), s_rules)
        );
        Assert.True(Containment.Counts(Identifier.Parse("device:d"), Identifier.Parse("email:a@b.co"), s_rules));
    }

    private static CustomerFacts Customer(int age, params string[] held) =>
        new(
            CustomerId.From(s_now.AddDays(age - 10), 0, age),
            [.. held.Select(one => new HeldIdentifier(Identifier.Parse(one), s_now.AddDays(-1)))]
        );

    private static ImmutableArray<OwnedIdentifier> Owned(params (string Identifier, CustomerFacts? Owner)[] all) =>
        [.. all.Select(one => new OwnedIdentifier(Identifier.Parse(one.Identifier), one.Owner))];

    private static IdentityDecision Decide(params (string Identifier, CustomerFacts? Owner)[] all) =>
        IdentityDecision.Decide(Owned(all), s_now, s_rules);
}
