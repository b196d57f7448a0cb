using Customer360.Rules.Events;
using Customer360.Rules.Identity;

namespace Customer360.Rules.Tests.Identity;

public sealed class ProfileSizeTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly Identifier s_device = Identifier.Create("anonymous_id", "a1");

    [Fact]
    public void Check_WhenOneWouldHoldTooMany_Objects()
    {
        CustomerFacts full = Customer(1, 10) with { IdentifiersMax = 10 };

        Assert.Equal(JoinObstacle.Size, Link(full, s_device)?.Obstacle);
        Assert.Null(Link(full with { IdentifiersMax = 11 }, s_device));
        Assert.Equal(
            JoinObstacle.Size,
            JoinCheck.OfMerge(full, Customer(2, 1), [], s_now, IdentityRules.Default, asksLimits: false)?.Obstacle
        );
    }

    [Fact]
    public void Check_WhenNothingIsAdded_DoesNotObject()
    {
        CustomerFacts over = Customer(1, 10) with { IdentifiersMax = 5, IsOversized = true };

        Assert.Null(Link(over, over.Held[0].Identifier));
        Assert.Null(JoinCheck.OfMessage([new(s_device, null)], [], s_now, IdentityRules.Default));
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

    private static JoinObjection? Link(CustomerFacts customer, Identifier added) =>
        JoinCheck.OfLink(customer, [added], s_now, IdentityRules.Default, asksLimits: false);

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
