using Customer360.Grains.Contracts;
using Customer360.Grains.Tests.Support;
using Customer360.Rules.Events;
using Customer360.Tests.Support;
using static Customer360.Grains.Tests.Support.Messages;

namespace Customer360.Grains.Tests.Shelf;

/// <summary>A customer that moves to another silo leaves nothing on the shelf of the one that it lived on.</summary>
public sealed class TwoSilosTests
{
    [DatabaseFact]
    public async Task Customer_WhenItsActivationMovesToAnotherSilo_IsShownByThatOne()
    {
        await using TwoSilos grid = await TwoSilos.StartAsync();
        (string user, string customer) = await grid.CustomerOfFirst();
        var identifier = Identifier.Parse($"user_id:{user}");

        await TwoSilos.ActivateOn(grid.Second, customer);
        await grid.Collect(Track("moved", user, null, "Moved"));

        Assert.Null(grid.First.Shelf.Find(identifier));
        Assert.Null(grid.First.Shelf.Find(Identifier.Parse($"customer:{customer}")));
        PublishedProfile shown = grid.Second.Shelf.Find(Identifier.Parse($"customer:{customer}"))!;
        Assert.Contains(shown.View.Fold.Counters, counter => counter.Name == "Moved");
        // A reader at the first silo asks, and is shown what the second has; nothing of it is kept here.
        ProfileViewReply asked = await grid.First.Grains.GetGrain<ICustomerGrain>(customer).GetView();
        Assert.Equal(shown.View.Version, asked.View!.Version);
        Assert.Null(grid.First.Shelf.Find(Identifier.Parse($"customer:{customer}")));
    }

    /// <summary>
    /// The first silo goes on although the others have declared it dead: its activations are there, and would answer its own
    /// calls. Its shelf is closed before it ends, and stays closed.
    /// </summary>
    [DatabaseFact]
    public async Task Silo_WhenDeclaredDead_ShowsNothingWhileItsCustomersChangeElsewhere()
    {
        await using TwoSilos grid = await TwoSilos.StartAsync();
        (string user, string customer) = await grid.CustomerOfFirst();
        var identifier = Identifier.Parse($"user_id:{user}");
        Assert.NotNull(grid.First.Shelf.Find(identifier));

        await grid.DeclareFirstDead();
        await TestGrid.Until(() => grid.First.Shelf.Find(identifier) is null);

        // The shelf knows first: it looks at the membership, and the silo is told when that was taken in.
        await TestGrid.Until(() => grid.First.IsTold);
        ProfileViewReply before = await grid.AskSecond(customer);
        await grid.Collect(Track("elsewhere", user, null, "Elsewhere"));
        ProfileViewReply after = await grid.AskSecond(customer);
        Assert.True(after.View!.Version > before.View!.Version);
        Assert.NotNull(grid.Second.Shelf.Find(Identifier.Parse($"customer:{customer}")));
        Assert.Null(grid.First.Shelf.Find(identifier));
        Assert.Null(grid.First.Shelf.Find(Identifier.Parse($"customer:{customer}")));
    }

    [DatabaseFact]
    public async Task Cluster_WhenItsMembershipChanges_ShowsNothingOfBefore()
    {
        await using TwoSilos grid = await TwoSilos.StartAsync();
        (string user, string customer) = await grid.CustomerOfFirst();
        var identifier = Identifier.Parse($"user_id:{user}");

        await grid.StopSecond();
        await TestGrid.Until(() => grid.First.Tenure.Term != IShelfTenure.None);
        // Its activation is still there, and has shown nothing since.
        await TestGrid.Until(() => grid.First.Shelf.Find(identifier) is null);
        ProfileViewReply asked = await grid.First.Grains.GetGrain<ICustomerGrain>(customer).GetView();

        await TestGrid.UntilAsync(async () =>
        {
            asked = await grid.First.Grains.GetGrain<ICustomerGrain>(customer).GetView();
            return grid.First.Shelf.Find(identifier) is not null;
        });
        Assert.Equal(asked.View!.Version, grid.First.Shelf.Find(identifier)!.View.Version);
    }
}
