using Customer360.Rules.Events;
using Customer360.Rules.Identity;

namespace Customer360.Rules.Tests.Identity;

public sealed class ProfileSizeTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly Identifier s_device = Identifier.Create("anonymous_id", "a1");

    [Fact]
    public void IsBroken_WhenOneWouldHoldTooMany_IsTrue()
    {
        CustomerFacts full = Customer(1, 10) with { IdentifiersMax = 10 };

        Assert.True(ProfileSize.IsBroken([full], [s_device]));
        Assert.False(ProfileSize.IsBroken([full with { IdentifiersMax = 11 }], [s_device]));
        Assert.True(ProfileSize.IsBroken([full, Customer(2, 1)], []));
    }

    [Fact]
    public void IsBroken_WhenNothingIsAdded_IsFalse()
    {
        CustomerFacts over = Customer(1, 10) with { IdentifiersMax = 5, IsOversized = true };

        Assert.False(ProfileSize.IsBroken([over], [over.Held[0].Identifier]));
        Assert.False(ProfileSize.IsBroken([], [s_device]));
    }

    [Fact]
    public void Decide_WhenTheCustomerIsOversized_LinksNothingMoreToIt()
    {
        CustomerFacts over = Customer(1, 3) with { IsOversized = true };

        IdentityDecision decision = IdentityDecision.Decide(
            [new(over.Held[0].Identifier, over), new(s_device, null)],
            s_now,
            IdentityRules.Default
        );

        var link = Assert.IsType<IdentityDecision.Link>(decision);
        Assert.Equal([over.Held[0].Identifier], link.Identifiers.ToArray());
        Assert.Equal(
            [new DemotedIdentifier(s_device, DemotionReason.Size, "profile_too_large")],
            link.Demoted.ToArray()
        );
    }

    [Theory]
    [InlineData(false, 1000, 10, false)]
    [InlineData(false, 1001, 10, true)]
    [InlineData(false, 1, 101, true)]
    [InlineData(true, 1, 51, true)]
    [InlineData(true, 500, 50, false)]
    public void IsOversized_FlagsOverAndUnflagsUnderHalf(bool before, int identifiers, long bytes, bool expected) =>
        Assert.Equal(expected, ProfileSize.IsOversized(before, identifiers, 1000, bytes, 100));

    private static CustomerFacts Customer(int age, int identifiers) =>
        new(
            CustomerId.From(s_now, 0, age),
            [
                .. Enumerable
                    .Range(0, identifiers)
                    .Select(index => new HeldIdentifier(Identifier.Create("user_id", $"{age}-{index}"), s_now)),
            ]
        );
}
