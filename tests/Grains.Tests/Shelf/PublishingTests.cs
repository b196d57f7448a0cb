using Customer360.Grains.Contracts;
using Customer360.Grains.Tests.Support;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using static Customer360.Grains.Tests.Support.Messages;

namespace Customer360.Grains.Tests.Shelf;

/// <summary>What customers of a real grid publish, and when they take it off.</summary>
public sealed class PublishingTests
{
    [Fact]
    public async Task Customer_WhenReadOnce_ShowsEachFurtherMessageWithoutACall()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await grid.CollectApplied(Identify("m1", "u1", "a1"));
        Assert.Null(await grid.OnShelf("user_id:u1"));
        await grid.Profile("user_id:u1");

        await grid.CollectApplied(Track("m2", "u1", null, "Bought"));

        PublishedProfile shown = (await grid.OnShelf("anonymous_id:a1"))!;
        Assert.Contains(shown.View.Fold.Counters, counter => counter.Name == "Bought");
        await grid.AssertShelfIsWhatCallsShow("user_id:u1", "anonymous_id:a1");
    }

    [Fact]
    public async Task Customer_WhenItTakesAnIdentifierOn_ShowsItUnderThat()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await grid.CollectApplied(Identify("m1", "u1", "a1"));
        await grid.Profile("user_id:u1");

        await grid.CollectApplied(Identify("m2", "u1", "a2"));

        Assert.Equal(3, (await grid.OnShelf("anonymous_id:a2"))!.View.Identifiers.Length);
        await grid.AssertShelfIsWhatCallsShow("user_id:u1", "anonymous_id:a1", "anonymous_id:a2");
    }

    [Fact]
    public async Task Merge_WhenAtAnyOfItsWrites_ShowsNothingOfTheYounger()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await grid.CollectApplied(Identify("m1", "u1", "a1"));
        await grid.CollectApplied(Track("m2", null, "b1"));
        string younger = (await grid.OwnerOf("anonymous_id:b1"))!;
        string older = (await grid.OwnerOf("user_id:u1"))!;
        await grid.Profile("user_id:u1");
        await grid.Profile("anonymous_id:b1");
        await grid.OnShelf("anonymous_id:b1");
        List<string> seen = [];
        grid.Faults.OnWrite(_ =>
        {
            lock (seen)
            {
                seen.Add(grid.Shelf.Find(Identifier.Parse("anonymous_id:b1"))?.View.CustomerId ?? "nothing");
            }

            return Task.CompletedTask;
        });

        await grid
            .Grains.GetGrain<ICustomerGrain>(younger)
            .MergeInto(
                new MergeRequest(
                    older,
                    "d_merge",
                    "m3",
                    "test",
                    DateTimeOffset.UnixEpoch,
                    grid.Rules.Current.Version,
                    [Identifier.Parse("user_id:u1"), Identifier.Parse("anonymous_id:b1")]
                )
            );

        // It is sealed and absorbed by the older one, which shows the profile from then on.
        Assert.Equal(["nothing", "nothing"], seen[..2]);
        Assert.All(seen, one => Assert.NotEqual(younger, one));
        Assert.Equal(older, seen[^1]);
        Assert.Null(await grid.OnShelf($"customer:{younger}"));
        await grid.AssertShelfIsWhatCallsShow("user_id:u1", "anonymous_id:a1", "anonymous_id:b1");
    }

    [Fact]
    public async Task Split_WhenDone_ShowsEachIdentifierItsOwnCustomer()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await grid.CollectApplied(Identify("m1", "u1", "a1"), Track("m2", null, "a1"));
        string from = (await grid.OwnerOf("user_id:u1"))!;
        await grid.Profile("user_id:u1");
        DateTimeOffset at = TimeProvider.System.GetUtcNow();
        string to = CustomerId.ForSplit($"d_{7:x32}", from, at);

        await grid
            .Grains.GetGrain<ICustomerGrain>(to)
            .SplitFrom(new SplitRequest($"d_{7:x32}", from, [Identifier.Parse("anonymous_id:a1")], "test", "test", at));

        Assert.Null(await grid.OnShelf("anonymous_id:a1"));
        Assert.Single((await grid.OnShelf("user_id:u1"))!.View.Identifiers);
        await grid.Profile("anonymous_id:a1");
        Assert.Equal(to, (await grid.OnShelf("anonymous_id:a1"))!.View.CustomerId);
        await grid.AssertShelfIsWhatCallsShow("user_id:u1", "anonymous_id:a1");
    }

    [Theory]
    [InlineData(FaultKind.BeforeCommit)]
    [InlineData(FaultKind.AfterCommit)]
    public async Task Change_WhenItsWriteFails_LeavesNothingOnTheShelf(FaultKind kind)
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await grid.CollectApplied(Identify("m1", "u1", "a1"));
        string customer = (await grid.OwnerOf("user_id:u1"))!;
        await grid.Profile("user_id:u1");
        Assert.NotNull(await grid.OnShelf("user_id:u1"));
        grid.Faults.Plan(_ => kind);

        await Assert.ThrowsAnyAsync<Exception>(() => SetAside(grid, customer));

        Assert.Null(await grid.OnShelf("user_id:u1"));
        Assert.Equal(0, grid.Shelf.Entries);
        grid.Faults.Heal();
        await grid.Profile("user_id:u1");
        await grid.AssertShelfIsWhatCallsShow("user_id:u1", "anonymous_id:a1");
    }

    /// <summary>Does to this activation what a second one of the customer, on another silo, would do.</summary>
    [Fact]
    public async Task Change_WhenAnotherActivationWroteFirst_LeavesNothingOnTheShelf()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await grid.CollectApplied(Identify("m1", "u1", "a1"));
        string customer = (await grid.OwnerOf("user_id:u1"))!;
        await grid.Profile("user_id:u1");
        Assert.NotNull(await grid.OnShelf("user_id:u1"));
        await grid.WriteBesideAsync(GrainKeys.CustomerState, customer, state => state["revision"] = 40);

        await Assert.ThrowsAnyAsync<Exception>(() => SetAside(grid, customer));

        Assert.Null(await grid.OnShelf("user_id:u1"));
        Assert.Equal(41, (long)(await grid.Profile("user_id:u1"))["version"]!);
        await grid.AssertShelfIsWhatCallsShow("user_id:u1");
    }

    [Fact]
    public async Task Activation_WhenItEnds_TakesItsProfileOff()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await grid.CollectApplied(Identify("m1", "u1", "a1"));
        await grid.Profile("user_id:u1");
        Assert.NotNull(await grid.OnShelf("user_id:u1"));

        await grid.Grains.GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero);

        await TestGrid.Until(() => grid.Shelf.Entries == 0);
        Assert.Null(await grid.OnShelf("user_id:u1"));
    }

    [Fact]
    public async Task Read_WhenItIsOfNobody_LeavesNoActivation()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await grid.CollectApplied(Identify("m1", "u1", "a1"));
        string somebody = (await grid.OwnerOf("user_id:u1"))!;
        int before = await Activations(grid);

        for (int index = 0; index < 200; index++)
        {
            Assert.Null(await grid.Grains.GetGrain<IIdentifierGrain>($"email:nobody{index}@x.com").FindOwner());
            string nobody = CustomerId.ForSplit(
                $"d_{index:x32}",
                somebody,
                DateTimeOffset.UnixEpoch.AddDays(index + 1)
            );
            Assert.False((await grid.Grains.GetGrain<ICustomerGrain>(nobody).GetProfile()).Exists);
        }

        await TestGrid.UntilAsync(async () => await Activations(grid) <= before);
    }

    /// <summary>Makes a small change of identity: it writes the state, and readers see nothing of it.</summary>
    private static Task<string?> SetAside(TestGrid grid, string customer) =>
        grid.Grains.GetGrain<ICustomerGrain>(customer).SetAside(Identifier.Parse("user_id:u1"), position: 1_000);

    private static async Task<int> Activations(TestGrid grid) =>
        (await grid.Grains.GetGrain<IManagementGrain>(0).GetSimpleGrainStatistics())
            .Where(one => one.GrainType.Contains("IdentifierGrain") || one.GrainType.Contains("CustomerGrain"))
            .Sum(one => one.ActivationCount);
}
