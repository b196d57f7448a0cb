using System.Text;
using Customer360.Grains.Contracts;
using Customer360.Grains.Tests.Support;
using Customer360.Rules.Decisions;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using static Customer360.Grains.Tests.Support.Messages;

namespace Customer360.Grains.Tests.Customer;

/// <summary>
/// A customer claims an identifier before it lists it. Between the two the process may die, and before the message comes
/// again others may have changed what the customer is.
/// </summary>
public sealed class UnfinishedClaimTests
{
    [Fact]
    public async Task Message_WhenClaimantHasMergedAway_ReachesTheOlderCustomer()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await grid.CollectApplied(Identify("m1", "u1", "a1"));
        await grid.CollectApplied(Track("m2", null, "b1"));
        string older = (await grid.OwnerOf("user_id:u1"))!;
        string younger = (await grid.OwnerOf("anonymous_id:b1"))!;
        await ClaimAndDie(grid, "anonymous_id:b2", younger);
        await grid.CollectApplied(Identify("m3", "u1", "b1"));

        await grid.CollectApplied(Identify("m4", "u1", "b2"), Track("m5", null, "b2"));

        Assert.Equal(older, await grid.Grains.GetGrain<IIdentifierGrain>("anonymous_id:b2").GetOwner());
        Assert.Equal(5, (long?)(await grid.Profile("anonymous_id:b2"))["lifecycle"]!["messageCount"]);
    }

    [Fact]
    public async Task Message_WhenClaimantIsOverItsLimitByNow_ReachesACustomerOfItsOwn()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await grid.CollectApplied(Track("m1", null, "shared"));
        string claimant = (await grid.OwnerOf("anonymous_id:shared"))!;
        await ClaimAndDie(grid, "user_id:u2", claimant);
        await grid.CollectApplied(Identify("m2", "u1", "shared"));
        Assert.Equal(claimant, await grid.OwnerOf("user_id:u1"));

        await grid.CollectApplied(Identify("m3", "u2", "shared"));

        Assert.NotEqual(claimant, await grid.OwnerOf("user_id:u2"));
        Assert.Equal(2, (long?)(await grid.Profile("user_id:u1"))["lifecycle"]!["messageCount"]);
        Assert.Equal(1, (long?)(await grid.Profile("user_id:u2"))["lifecycle"]!["messageCount"]);
    }

    [Fact]
    public async Task Message_WhenItsIdentifierIsLeftOut_LeavesItToNobody()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await grid.CollectApplied(Identify("m1", "u1", "a1"));
        string claimant = (await grid.OwnerOf("user_id:u1"))!;
        await ClaimAndDie(grid, "anonymous_id:a6", claimant);
        await grid.CollectApplied([.. Enumerable.Range(2, 4).Select(n => Identify($"m{n}", "u1", $"a{n}"))]);

        await grid.CollectApplied(Identify("m6", "u1", "a6"));

        Assert.Null(await grid.OwnerOf("anonymous_id:a6"));
    }

    [Fact]
    public async Task Message_WhenItsIdentifierIsClaimedByOneThatNeverListedIt_GetsIt()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await grid.CollectApplied(Identify("m1", "u1", "a1"));
        await grid.CollectApplied(Identify("m2", "u2", "a2"));
        await ClaimAndDie(grid, "anonymous_id:a9", (await grid.OwnerOf("user_id:u2"))!);

        // It is left out because two users can't be one customer, but u2's customer does not list it.
        await grid.CollectApplied(Identify("m3", "u1", "a9"));

        Assert.Equal(await grid.OwnerOf("user_id:u1"), await grid.OwnerOf("anonymous_id:a9"));
        Assert.Equal(2, (long?)(await grid.Profile("anonymous_id:a9"))["lifecycle"]!["messageCount"]);
    }

    [Fact]
    public async Task Message_WhenTheCustomerThatItMadeWasMergedAwayMeanwhile_MakesAnother()
    {
        await using TestGrid grid = await TestGrid.StartAsync(("Customer360:Grid:CheckpointInterval", "01:00:00"));
        await grid.CollectApplied(Track("m1", null, "a1"));
        string older = (await grid.OwnerOf("anonymous_id:a1"))!;
        // It is handed over again after the crash, because the checkpoint of its partition is behind it.
        string device = DeviceWith(grid, "a1");
        await grid.CollectApplied(Track("m2", null, device));
        string made = (await grid.OwnerOf($"anonymous_id:{device}"))!;
        await grid
            .Grains.GetGrain<ICustomerGrain>(made)
            .MergeInto(new MergeRequest(older, "d_1", "m", "test", default, "v", []));
        await grid.Grains.GetGrain<IIdentifierGrain>($"anonymous_id:{device}").Release(older);

        await grid.CrashAndRestartAsync();

        string? another = await grid.OwnerOf($"anonymous_id:{device}");
        Assert.NotNull(another);
        Assert.DoesNotContain(another, new[] { made, older });
    }

    /// <summary>The simulation found this (seed 1136).</summary>
    [Fact]
    public async Task Message_WhenItsAnchorWasSplitFromTheClaimant_GetsWhatWasClaimed()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await grid.CollectApplied(Identify("m1", "u1", "a1"));
        string claimant = (await grid.OwnerOf("user_id:u1"))!;
        await ClaimAndDie(grid, "anonymous_id:a2", claimant);
        string split = await SplitOff(grid, claimant, "user_id:u1");

        await grid.CollectApplied(Identify("m2", "u1", "a2"));

        Assert.Equal(split, await grid.OwnerOf("anonymous_id:a2"));
    }

    /// <summary>The simulation found this (seed 4652): the customer did not ask about what it was told to leave out.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Message_WhenWhatItLeavesOutCouldNotBeRecorded_RecordsItAfterwards(int failing)
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await grid.CollectApplied(Identify("m1", "u1", "a1"));
        await grid.CollectApplied(Identify("m2", "u2", "b1"));
        grid.Faults.Plan(write => write == failing ? FaultKind.BeforeCommit : null);

        await grid.CollectApplied(Identify("m3", "u1", "b1"));

        string customer = (await grid.OwnerOf("user_id:u1"))!;
        Assert.Contains(await grid.DecisionsOf(customer), decision => decision.Kind == DecisionKinds.Demoted);
    }

    /// <summary>The simulation found this (seed 10844).</summary>
    [Fact]
    public async Task Undo_WhenBrokenOffAndMoreWasLinkedMeanwhile_RecordsAllThatLeaves()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await grid.CollectApplied(Track("m1", null, "a1"));
        await grid.CollectApplied(Track("m2", "u1", null));
        string younger = (await grid.OwnerOf("user_id:u1"))!;
        await grid.CollectApplied(Identify("m3", "u1", "a1"));
        string older = (await grid.OwnerOf("user_id:u1"))!;
        var undo = new UndoRequest(
            (await grid.DecisionsOf(younger)).Single(decision => decision.Kind == DecisionKinds.Merged).Id,
            "d_00000000000000000000000000000007",
            [Identifier.Parse("user_id:u1")],
            "a test",
            "steward",
            TimeProvider.System.GetUtcNow()
        );
        // The writes are the younger one's intent, the record, and then the older one's release.
        grid.Faults.Plan(write => write == 3 ? FaultKind.BeforeCommit : null);
        await Assert.ThrowsAnyAsync<Exception>(() => grid.Grains.GetGrain<ICustomerGrain>(younger).UndoMerge(undo));
        grid.Faults.Heal();
        await grid.CollectApplied(Identify("m4", "u1", "a2"));

        await grid.Grains.GetGrain<ICustomerGrain>(younger).GetIdentity();

        Assert.Equal(younger, await grid.OwnerOf("anonymous_id:a2"));
        Assert.Contains(
            await grid.DecisionsOf(older),
            decision =>
                decision.Kind == DecisionKinds.Split
                && Encoding.UTF8.GetString(decision.Payload.Span).Contains("anonymous_id:a2", StringComparison.Ordinal)
        );
    }

    /// <summary>The simulation found this (seeds 2144 and 2860): the message waited without end.</summary>
    [Fact]
    public async Task Message_WhenTheCustomerThatItMadeIsAnothersByNow_MakesAnother()
    {
        await using TestGrid grid = await TestGrid.StartAsync(("Customer360:Grid:CheckpointInterval", "01:00:00"));
        // The first message of a partition moves its checkpoint at once; the second is handed over again after a crash.
        await grid.CollectApplied(Track("m0", null, "a1"));
        string device = DeviceWith(grid, "a1");
        await grid.CollectApplied(Track("m1", null, device));
        string made = (await grid.OwnerOf($"anonymous_id:{device}"))!;
        await grid.CollectApplied(Identify("m2", "u1", device));
        string split = await SplitOff(grid, made, $"anonymous_id:{device}");
        await grid.Grains.GetGrain<IIdentifierGrain>($"anonymous_id:{device}").Release(split);

        await grid.CrashAndRestartAsync();

        string? another = await grid.OwnerOf($"anonymous_id:{device}");
        Assert.NotNull(another);
        Assert.DoesNotContain(another, new[] { made, split });
    }

    /// <summary>Another device whose messages go to the partition of this one's.</summary>
    private static string DeviceWith(TestGrid grid, string device)
    {
        int partition = Partitions.Of(Identifier.Parse($"anonymous_id:{device}"), grid.Partitions);
        return Enumerable
            .Range(0, 100)
            .Select(n => $"b{n}")
            .First(other => Partitions.Of(Identifier.Parse($"anonymous_id:{other}"), grid.Partitions) == partition);
    }

    private static async Task<string> SplitOff(TestGrid grid, string customer, string identifier)
    {
        const string splitId = "d_00000000000000000000000000000001";
        DateTimeOffset at = TimeProvider.System.GetUtcNow();
        string to = CustomerId.ForSplit(splitId, customer, at);
        SplitReply reply = await grid
            .Grains.GetGrain<ICustomerGrain>(to)
            .SplitFrom(new SplitRequest(splitId, customer, [Identifier.Parse(identifier)], "a test", "steward", at));
        Assert.Null(reply.Refused);
        return to;
    }

    /// <summary>The first half of what linking does; the second, the customer's own write, never came.</summary>
    private static async Task ClaimAndDie(TestGrid grid, string identifier, string customerId) =>
        Assert.Equal(customerId, await grid.Grains.GetGrain<IIdentifierGrain>(identifier).Claim(customerId));
}
