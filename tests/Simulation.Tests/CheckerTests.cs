using System.Collections.Immutable;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Ports;
using Customer360.Rules.Profiles;
using Customer360.Simulation.Checkers;
using Customer360.Simulation.Workload;
using Customer360.Simulation.World;

namespace Customer360.Simulation.Tests;

/// <summary>Each checker says no to a grid that breaks its invariant: one that can't would keep every promise.</summary>
public sealed class CheckerTests
{
    private static readonly Message s_message = new("m1", ["user_id:u1"], "event", "plan 1", 0);

    [Fact]
    public void CountedOnce_WhenAMessageIsNotInTheLog_SaysSo() =>
        Breaks("1 counted once", () => CountedOnce.Check(Grid(), ["m1"]));

    [Fact]
    public void CountedOnce_WhenAMessageIsInNoProfile_SaysSo() =>
        Breaks("1 counted once", () => CountedOnce.Check(Grid() with { Log = [Row()] }, ["m1"]));

    [Fact]
    public void OneOwner_WhenTwoListAnIdentifier_SaysSo() =>
        Breaks(
            "2 one owner",
            () => OneOwner.Check(Grid(Customer("c_1", "user_id:u1"), Customer("c_2", "user_id:u1")), new PlainModel([]))
        );

    [Fact]
    public void OneOwner_WhenTheOwnerDoesNotListIt_SaysSo() =>
        Breaks(
            "2 one owner",
            () =>
                OneOwner.Check(
                    Grid(Customer("c_1")) with
                    {
                        Owners = ImmutableSortedDictionary<string, string>.Empty.Add("user_id:u1", "c_1"),
                    },
                    new PlainModel([])
                )
        );

    [Fact]
    public void OneOwner_WhenStubsLeadInACircle_SaysSo() =>
        Breaks(
            "2 one owner",
            () =>
                OneOwner.Check(
                    Grid(Customer("c_1") with { MovedTo = "c_2" }, Customer("c_2") with { MovedTo = "c_1" }),
                    new PlainModel([])
                )
        );

    [Fact]
    public void ProfileIsFold_WhenAProfileSaysLessThanItsMessages_SaysSo() =>
        Breaks(
            "3 profile is fold",
            () => ProfileIsFold.Check(Grid(Customer("c_1", "user_id:u1")), new PlainModel([s_message]))
        );

    [Fact]
    public void KeptApart_WhenACustomerHasTwoUserIds_SaysSo() =>
        Breaks("4 kept apart", () => new KeptApart().Check(Grid(Customer("c_1", "user_id:u1", "user_id:u2"))));

    [Fact]
    public void KeptApart_WhenASeparationIsForgotten_SaysSo()
    {
        var checker = new KeptApart();
        SeenCustomer separated = Customer("c_1", "user_id:u1");
        var separation = new Separation(
            "s_1",
            [Identifier.Parse("user_id:u1")],
            [Identifier.Parse("email:e@x.example")]
        );
        checker.Check(Grid(separated with { Facts = separated.Facts with { Separations = [separation] } }));

        Breaks("4 kept apart", () => checker.Check(Grid(Customer("c_1", "user_id:u1", "email:e@x.example"))));
    }

    [Fact]
    public void Explained_WhenNoDecisionSaysHow_SaysSo() =>
        Breaks("6 explained", () => new Explained().Check(Grid(Customer("c_1", "user_id:u1")), new Journal()));

    [Fact]
    public void Journal_WhenAVersionGoesBack_SaysSo()
    {
        var journal = new Journal();
        journal.WasRead("c_1", version: 7, atLeast: 0);

        Breaks("version", () => journal.WasRead("c_1", version: 6, journal.VersionOf("c_1")));
    }

    private static void Breaks(string checker, Action check) =>
        Assert.Equal(checker, Assert.Throws<ViolationException>(check).Checker);

    private static AtRest Grid(params SeenCustomer[] customers) =>
        new(
            [],
            [],
            customers
                .SelectMany(customer => OneOwner.Held(customer).Select(held => (held, customer.Id)))
                .DistinctBy(one => one.held)
                .ToImmutableSortedDictionary(one => one.held, one => one.Id, StringComparer.Ordinal),
            customers.ToImmutableSortedDictionary(customer => customer.Id, customer => customer, StringComparer.Ordinal)
        );

    private static SeenCustomer Customer(string id, params string[] identifiers) =>
        new(
            id,
            null,
            new CustomerFacts(id, [.. identifiers.Select(one => new HeldIdentifier(Identifier.Parse(one), default))]),
            new ProfileView(id, 1, [], ProfileFold.Empty)
        );

    private static LogRow Row() => new(0, 1, "m1", "user_id:u1", default, default);
}
