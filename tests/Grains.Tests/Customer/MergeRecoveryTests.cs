using Customer360.Grains.Contracts;
using Customer360.Grains.Tests.Support;
using static Customer360.Grains.Tests.Support.Messages;

namespace Customer360.Grains.Tests.Customer;

/// <summary>A merge that fails or crashes at any of its writes comes to the same end as one that does not.</summary>
public sealed class MergeRecoveryTests
{
    [Theory]
    [InlineData(FaultKind.BeforeCommit)]
    [InlineData(FaultKind.AfterCommit)]
    public async Task Merge_WhenAnyOneWriteFails_ComesToTheSameEnd(FaultKind kind)
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        int writes = int.MaxValue;
        for (int failing = 1; failing <= writes; failing++)
        {
            await PrepareTwoCustomers(grid, $"{kind}-{failing}");
            grid.Faults.Plan(number => number == failing ? kind : null);
            await grid.CollectApplied(Identify($"join-{failing}", $"u-{kind}-{failing}", $"b-{kind}-{failing}"));
            // The first round shows how many writes there are when one is repeated; each of them gets its turn.
            writes = Math.Min(writes, grid.Faults.Writes + 1);
            grid.Faults.Heal();

            await AssertMerged(grid, $"{kind}-{failing}");
        }

        Assert.InRange(writes, 6, 100);
    }

    [Fact]
    public async Task Merge_WhenTheProcessDiesAtAnyWrite_IsResumedAfterTheStart()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        int dying = 1;
        for (; ; dying++)
        {
            await PrepareTwoCustomers(grid, $"{dying}");
            grid.Faults.Plan(number => number >= dying ? FaultKind.BeforeCommit : null);
            await grid.Collect(applied: false, Identify($"join-{dying}", $"u-{dying}", $"b-{dying}"));
            if (!await grid.Reached(write: dying))
            {
                break;
            }

            string younger = (await grid.Grains.GetGrain<IIdentifierGrain>($"anonymous_id:b-{dying}").GetOwner())!;
            await grid.CrashAndRestartAsync();
            // Orleans does this within a minute: the reminder wakes the customer, which finishes before it answers.
            await grid
                .Grains.GetGrain<ICustomerGrain>(younger)
                .AsReference<IRemindable>()
                .ReceiveReminder("merge", default);
            await AssertMerged(grid, $"{dying}");
        }

        // The writes are those of seal, absorb, the record, two identifiers or more, and retire.
        Assert.InRange(dying, 6, 50);
    }

    [Fact]
    public async Task Customer_WhenTheProcessDiesBeforeItSaved_HasEverythingAfterTheStart()
    {
        await using TestGrid grid = await TestGrid.StartAsync(("Customer360:Grid:SaveAfterMessages", "1000"));
        await grid.CollectApplied(Identify("m0", "u1", "a1"));
        for (int index = 1; index <= 30; index++)
        {
            await grid.CollectApplied(Track($"m{index}", "u1", null), Track($"n{index}", null, "a1"));
        }

        ProfileReply before = await Read(grid, "user_id:u1");
        await grid.CrashAndRestartAsync();
        ProfileReply after = await Read(grid, "user_id:u1");

        Assert.Equal(before.Version, after.Version);
        Assert.Equal(before.Json.ToArray(), after.Json.ToArray());
    }

    /// <summary>The simulation found this (seed 97588): the merge moved again what an undoing had moved back.</summary>
    [Fact]
    public async Task Merge_WhenAnotherActivationHasEndedItMeanwhile_MovesNothing()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await grid.CollectApplied(Track("m1", null, "a1"));
        await grid.CollectApplied(Track("m2", null, "b1"));
        string older = (await grid.OwnerOf("anonymous_id:a1"))!;
        string younger = (await grid.OwnerOf("anonymous_id:b1"))!;
        var atRecord = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        // First come the younger one's seal and the older one's state, then the record, for which storage keeps it waiting.
        grid.Faults.OnWrite(write =>
        {
            if (write != 3)
            {
                return Task.CompletedTask;
            }

            atRecord.SetResult();
            return goOn.Task;
        });
        Task<MergeReply> merge = grid
            .Grains.GetGrain<ICustomerGrain>(younger)
            .MergeInto(new MergeRequest(older, "d_1", "m", "test", default, "v", []));
        await atRecord.Task;

        await grid.WriteBesideAsync(
            "customer",
            younger,
            state =>
            {
                Assert.Equal("sealed", (string?)state["status"]);
                state["status"] = "live";
                state.Remove("merge");
            }
        );
        goOn.SetResult();

        await Assert.ThrowsAnyAsync<Exception>(() => merge);
        Assert.Equal(younger, await grid.Grains.GetGrain<IIdentifierGrain>("anonymous_id:b1").GetOwner());
        Assert.Null((await grid.Grains.GetGrain<ICustomerGrain>(younger).GetIdentity()).MovedTo);
    }

    private static async Task<ProfileReply> Read(TestGrid grid, string identifier) =>
        await grid.Grains.GetGrain<ICustomerGrain>((await grid.OwnerOf(identifier))!).GetProfile();

    private static async Task PrepareTwoCustomers(TestGrid grid, string name)
    {
        await grid.CollectApplied(Identify($"p1-{name}", $"u-{name}", $"a-{name}"));
        await grid.CollectApplied(Track($"p2-{name}", null, $"b-{name}"), Track($"p3-{name}", null, $"b-{name}"));
    }

    private static async Task AssertMerged(TestGrid grid, string name)
    {
        string? owner = await grid.OwnerOf($"user_id:u-{name}");
        Assert.NotNull(owner);
        CustomerIdentity identity = await grid.Grains.GetGrain<ICustomerGrain>(owner).GetIdentity();
        string[] expected = [$"anonymous_id:a-{name}", $"anonymous_id:b-{name}", $"user_id:u-{name}"];
        Assert.Equal(expected, identity.Facts.Held.Select(held => held.Identifier.ToString()));
        foreach (string identifier in expected)
        {
            // The identifier itself is asked: at rest it names its owner and not a stub.
            Assert.Equal(owner, await grid.Grains.GetGrain<IIdentifierGrain>(identifier).GetOwner());
        }

        Assert.Equal(4, (long?)(await grid.Profile($"user_id:u-{name}"))["lifecycle"]!["messageCount"]);
    }
}
