using System.Collections.Immutable;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;

namespace Customer360.Rules.Tests.Identity.Joining;

/// <summary>Whether customers and identifiers may come together: one obstacle at a time, and which is named first.</summary>
public sealed class JoinCheckTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private static readonly IdentityRules s_rules = new(
        [
            new("user_id", 1, 1, LimitWindow.Ever, Normalisation.Exact)
            {
                Trust = IdentifierTrust.Verified,
                CrossRegion = true,
            },
            new("email", 2, 2, LimitWindow.Weekly, Normalisation.Exact),
            new("device", 3, 9, LimitWindow.Ever, Normalisation.Exact) { Kind = IdentifierKind.Device },
        ],
        "US",
        profileIdentifiersMax: 5,
        regions: new Regions("us", ["us", "eu"], new Dictionary<string, string>())
    );

    [Fact]
    public void Merge_WhenNothingStandsAgainstIt_IsAllowed() =>
        Assert.Null(Merge(Customer(1, "user_id:a"), Customer(2, "email:b"), ["email:b"]));

    [Fact]
    public void Merge_WhenASeparationKeepsThemApart_NamesIt()
    {
        var separation = new Separation("s_1", [Id("email:a")], [Id("email:b")]);
        CustomerFacts one = Customer(1, "email:a") with { Separations = [separation] };

        Assert.Equal((JoinObstacle.Separation, "s_1"), Of(Merge(one, Customer(2, "email:b"), [])));
    }

    [Fact]
    public void Merge_OfRegions_NeedsSomethingThatLinksThem()
    {
        Assert.Equal(
            (JoinObstacle.Region, "regions eu and us stay apart: nothing that is crossRegion links them"),
            Of(Merge(Customer(1, "email:a"), Customer(2, "email@eu:b"), []))
        );
        Assert.Null(Merge(Customer(1, "email:a", "user_id:a"), Customer(2, "email@eu:b"), []));
    }

    [Fact]
    public void Merge_OverALimit_NamesTheType_UnlessAJobAsks()
    {
        CustomerFacts one = Customer(1, "user_id:a");
        CustomerFacts other = Customer(2, "user_id:b");

        Assert.Equal((JoinObstacle.Limit, "user_id"), Of(Merge(one, other, [])));
        Assert.Null(JoinCheck.OfMerge(one, other, [], s_now, s_rules, asksLimits: false));
    }

    [Fact]
    public void Merge_WithinAWindow_CountsOnlyWhatWasLinkedInIt()
    {
        CustomerFacts two = Customer(1, "email:a", "email:b");
        CustomerFacts longAgo = new("c_2", [new HeldIdentifier(Id("email:c"), s_now.AddDays(-8))]);

        Assert.Equal((JoinObstacle.Limit, "email"), Of(Merge(two, Customer(2, "email:c"), [])));
        Assert.Null(Merge(two, longAgo, []));
    }

    [Theory]
    [InlineData("user_id:a", "user_id:b", JoinObstacle.Claimed)]
    [InlineData("email:a", "email:b", JoinObstacle.Device)]
    public void Merge_WithoutProof_NamesWhatIsLacking(string held, string other, JoinObstacle expected)
    {
        CustomerFacts one = Customer(1, held);
        CustomerFacts two = Customer(2, other, "device:d");
        ImmutableArray<Identifier> carried = [Id(held), Id("device:d")];

        JoinObjection? objection = JoinCheck.OfMerge(one, two, carried, s_now, s_rules, asksLimits: false);

        Assert.Equal((expected, 1), (objection?.Obstacle, objection?.Place));
    }

    [Fact]
    public void Merge_WhenTooLarge_SaysSo()
    {
        CustomerFacts one = Customer(1, "device:1", "device:2", "device:3");
        CustomerFacts other = Customer(2, "device:4", "device:5", "device:6");

        Assert.Equal((JoinObstacle.Size, ProfileSize.TooLarge), Of(Merge(one, other, [])));
        Assert.Equal(
            JoinObstacle.Size,
            Merge(Customer(1, "device:1") with { IsOversized = true }, Customer(2, "device:2"), [])?.Obstacle
        );
    }

    [Fact]
    public void Link_AddsOnlyWhatNobodyOfThemHolds()
    {
        CustomerFacts full = Customer(1, "user_id:a");

        Assert.Null(JoinCheck.OfLink(full, [Id("user_id:a")], s_now, s_rules, asksLimits: true));
        Assert.Equal(
            (JoinObstacle.Limit, "user_id"),
            Of(JoinCheck.OfLink(full, [Id("user_id:b")], s_now, s_rules, asksLimits: true))
        );
    }

    [Fact]
    public void Message_LeavesOutTheOneThatTheObstacleIsAbout()
    {
        var separation = new Separation("s_1", [Id("user_id:a")], [Id("email:b")]);
        CustomerFacts one = Customer(1, "user_id:a") with { Separations = [separation] };
        CustomerFacts other = Customer(2, "email:b") with { Separations = [separation] };
        ImmutableArray<OwnedIdentifier> carried =
        [
            new(Id("user_id:a"), one),
            new(Id("email:b"), other),
            new(Id("device:d"), null),
        ];

        Assert.Equal(1, JoinCheck.OfMessage(carried, [one, other], s_now, s_rules)?.Place);
    }

    /// <summary>A decision and the older customer, which asks again, must name the same: else one is made and refused in a circle.</summary>
    [Fact]
    public void Obstacles_AreNamedInOneOrder_WhoeverAsks()
    {
        var separation = new Separation("s_1", [Id("user_id:a")], [Id("user_id:b")]);
        CustomerFacts one = Customer(1, "user_id:a") with { Separations = [separation] };
        CustomerFacts other = Customer(2, "user_id:b") with { Separations = [separation] };

        JoinObjection? atDecision = JoinCheck.OfMessage(
            [new(Id("user_id:a"), one), new(Id("user_id:b"), other)],
            [one, other],
            s_now,
            s_rules
        );

        Assert.Equal(JoinObstacle.Separation, atDecision?.Obstacle);
        Assert.Equal(JoinObstacle.Separation, Merge(one, other, ["user_id:a", "user_id:b"])?.Obstacle);
    }

    private static JoinObjection? Merge(CustomerFacts one, CustomerFacts other, string[] carried) =>
        JoinCheck.OfMerge(one, other, [.. carried.Select(Id)], s_now, s_rules, asksLimits: true);

    private static (JoinObstacle, string)? Of(JoinObjection? objection) =>
        objection is { } one ? (one.Obstacle, one.Because) : null;

    private static Identifier Id(string text) => Identifier.Parse(text);

    private static CustomerFacts Customer(int age, params string[] held) =>
        new($"c_{age}", [.. held.Select(one => new HeldIdentifier(Id(one), s_now))]) { IdentifiersMax = 5 };
}
