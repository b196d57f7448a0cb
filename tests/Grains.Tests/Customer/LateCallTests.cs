using System.Text.Json.Nodes;
using Customer360.Grains.Contracts;
using Customer360.Grains.Tests.Support;
using Customer360.Rules.Events;
using Orleans.Storage;
using static Customer360.Grains.Tests.Support.Messages;

namespace Customer360.Grains.Tests.Customer;

/// <summary>
/// Calls that arrive too late: their activation was given up while they were on their way, and another has finished
/// what they belong to. Also activations beside which another one has written.
/// </summary>
public sealed class LateCallTests
{
    [Fact]
    public async Task Absorb_WhenItsMergeWasTakenBackMeanwhile_TakesNothingIn()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        (string older, string younger) = await TwoCustomers(grid);
        ReadOnlyMemory<byte> handedOver = await Merge(grid, younger, older, "d_1");
        await Undo(grid, younger, "d_1", ["anonymous_id:b1"]);

        ICustomerGrain grain = grid.Grains.GetGrain<ICustomerGrain>(older);
        await Assert.ThrowsAsync<InconsistentStateException>(() =>
            grain.Absorb(new AbsorbRequest(younger, "d_1", handedOver))
        );

        Assert.Equal(["anonymous_id:a1"], await Held(grid, older));
        Assert.Equal(["anonymous_id:b1"], await Held(grid, younger));
    }

    [Fact]
    public async Task Absorb_WhenItWasSentOnToAnother_IsSentThereAgain()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await grid.CollectApplied(Track("m0", null, "o1"));
        (string older, string younger) = await TwoCustomers(grid);
        string oldest = (await grid.OwnerOf("anonymous_id:o1"))!;
        await Merge(grid, older, oldest, "d_1");
        ReadOnlyMemory<byte> handedOver = await Merge(grid, younger, older, "d_2");
        await Undo(grid, older, "d_1", ["anonymous_id:a1"]);

        AbsorbReply reply = await grid
            .Grains.GetGrain<ICustomerGrain>(older)
            .Absorb(new AbsorbRequest(younger, "d_2", handedOver));

        Assert.Equal(oldest, reply.MovedTo);
        Assert.Equal(["anonymous_id:a1"], await Held(grid, older));
        Assert.Equal(["anonymous_id:b1", "anonymous_id:o1"], await Held(grid, oldest));
    }

    [Fact]
    public async Task Merge_WhenItIsAskedForAgainAfterItWasTakenBack_IsDone()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        (string older, string younger) = await TwoCustomers(grid);
        await Merge(grid, younger, older, "d_1");
        // A job's undoing leaves no separation, so the same message may tie the two again.
        await Undo(grid, younger, "d_1", ["anonymous_id:b1"], jobId: "job-1");

        await Merge(grid, younger, older, "d_1");

        Assert.Equal(["anonymous_id:a1", "anonymous_id:b1"], await Held(grid, older));
        Assert.Equal(older, await grid.Grains.GetGrain<IIdentifierGrain>("anonymous_id:b1").GetOwner());
    }

    [Fact]
    public async Task Merge_WhenItIsAskedForAgainAfterItWasRefused_IsDecidedAnew()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        // Each has an address, so a device that both have used makes no one person of them.
        await grid.CollectApplied(Identify("m1", null, "a1", new JsonObject { ["email"] = "a@x.example" }));
        await grid.CollectApplied(Identify("m2", null, "b1", new JsonObject { ["email"] = "b@x.example" }));
        string older = (await grid.OwnerOf("anonymous_id:a1"))!;
        string younger = (await grid.OwnerOf("anonymous_id:b1"))!;
        var unproven = new MergeRequest(
            older,
            "d_1",
            "m",
            "test",
            default,
            "v",
            [Identifier.Parse("anonymous_id:a1"), Identifier.Parse("anonymous_id:b1")]
        );
        MergeReply first = await grid.Grains.GetGrain<ICustomerGrain>(younger).MergeInto(unproven);
        Assert.Equal("unproven", first.Refused);

        await Merge(grid, younger, older, "d_1");

        Assert.Equal(
            ["anonymous_id:a1", "anonymous_id:b1", "email:a@x.example", "email:b@x.example"],
            await Held(grid, older)
        );
    }

    [Fact]
    public async Task Repoint_WhenItsMergeWasTakenBackMeanwhile_MovesNothing()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        (string older, string younger) = await TwoCustomers(grid);
        ReadOnlyMemory<byte> handedOver = await Merge(grid, younger, older, "d_1");
        await Undo(grid, younger, "d_1", ["anonymous_id:b1"]);

        IIdentifierGrain identifier = grid.Grains.GetGrain<IIdentifierGrain>("anonymous_id:b1");
        long sealedAt = (long)JsonNode.Parse(handedOver.Span)!["revision"]!;
        await identifier.Repoint(younger, older, asOf: sealedAt, since: 0);

        Assert.Equal(younger, await identifier.GetOwner());
    }

    [Fact]
    public async Task Repoint_WhenTheIdentifierCameBackByAnotherMerge_MovesNothing()
    {
        const string Later = "c_ffffffffffff0000000000001";
        await using TestGrid grid = await TestGrid.StartAsync();
        (string older, string younger) = await TwoCustomers(grid);
        await grid.CollectApplied(Identify("m3", "u1", "b1"));
        ReadOnlyMemory<byte> handedOver = await Merge(grid, younger, older, "d_1");
        await Undo(grid, younger, "d_1", ["anonymous_id:b1", "user_id:u1"], jobId: "job-1");
        SplitReply split = await grid
            .Grains.GetGrain<ICustomerGrain>(Later)
            .SplitFrom(
                new SplitRequest(
                    "s_2",
                    younger,
                    [Identifier.Parse("anonymous_id:b1")],
                    "test",
                    "steward",
                    default,
                    JobId: "job-1"
                )
            );
        Assert.Null(split.Refused);
        await Merge(grid, Later, younger, "d_2");

        IIdentifierGrain identifier = grid.Grains.GetGrain<IIdentifierGrain>("anonymous_id:b1");
        long sealedAt = (long)JsonNode.Parse(handedOver.Span)!["revision"]!;
        await identifier.Repoint(younger, older, asOf: sealedAt, since: 0);

        Assert.Equal(younger, await identifier.GetOwner());
        Assert.Equal(["anonymous_id:b1", "user_id:u1"], await Held(grid, younger));
    }

    [Fact]
    public async Task Repoint_WhenAnotherActivationHasWrittenTheOwner_LooksAtStorage()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        (string older, string younger) = await TwoCustomers(grid);
        IIdentifierGrain identifier = grid.Grains.GetGrain<IIdentifierGrain>("anonymous_id:b1");
        Assert.Equal(younger, await identifier.GetOwner());
        await grid.WriteBesideAsync("identifier", "anonymous_id:b1", state => state["owner"] = "c_another");

        Assert.Equal(older, await identifier.Repoint("c_another", older, asOf: 0, since: 0));
    }

    [Fact]
    public async Task LetGo_WhenAnotherActivationHasWritten_LetsNothingGo()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        (string older, _) = await TwoCustomers(grid);
        IIdentifierGrain identifier = grid.Grains.GetGrain<IIdentifierGrain>("anonymous_id:c1");
        Assert.Equal(older, await identifier.Claim(older));
        // Another activation of the customer writes: this one can't know that what it does not list is listed by now.
        await grid.WriteBesideAsync("customer", older, static _ => { });

        await Assert.ThrowsAnyAsync<Exception>(() =>
            grid.Grains.GetGrain<ICustomerGrain>(older).LetGo([Identifier.Parse("anonymous_id:c1")])
        );

        Assert.Equal(older, await identifier.GetOwner());
        Assert.True(await grid.Grains.GetGrain<ICustomerGrain>(older).LetGo([Identifier.Parse("anonymous_id:c1")]));
        Assert.Null(await identifier.GetOwner());
    }

    [Fact]
    public async Task ConfirmRelease_WhenAnotherActivationHasMadeTheRelease_IsRefusedAndThenDone()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        (string older, _) = await TwoCustomers(grid);
        ICustomerGrain grain = grid.Grains.GetGrain<ICustomerGrain>(older);
        await grid.WriteBesideAsync(
            "customer",
            older,
            state =>
                state["releases"] = new JsonArray(
                    new JsonObject
                    {
                        ["splitId"] = "d_9",
                        ["to"] = "c_new",
                        ["separationId"] = "",
                        ["entries"] = new JsonArray(),
                        ["separations"] = new JsonArray(),
                    }
                )
        );

        await Assert.ThrowsAsync<InconsistentStateException>(() => grain.ConfirmRelease("d_9"));
        await grain.ConfirmRelease("d_9");

        JsonNode stored = JsonNode.Parse((await grid.StoredAsync("customer", older)).Span)!;
        Assert.Null(stored["releases"]);
    }

    [Fact]
    public async Task Apply_WhenAnotherActivationHasWrittenSinceThisOneRead_StartsOver()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        (string older, _) = await TwoCustomers(grid);
        await grid.RestartAsync();
        long before = (await grid.Grains.GetGrain<ICustomerGrain>(older).GetProfile()).Version;
        await grid.WriteBesideAsync("customer", older, state => state["revision"] = (long)state["revision"]! + 1_000);

        await grid.CollectApplied(Track("m3", null, "a1"));

        // The other activation has written it and may count on it: this one did not know of it, and acknowledged nothing.
        Assert.Equal(before + 1_001, (await grid.Grains.GetGrain<ICustomerGrain>(older).GetProfile()).Version);
    }

    private static async Task<(string Older, string Younger)> TwoCustomers(TestGrid grid)
    {
        await grid.CollectApplied(Track("m1", null, "a1"));
        await grid.CollectApplied(Track("m2", null, "b1"));
        return ((await grid.OwnerOf("anonymous_id:a1"))!, (await grid.OwnerOf("anonymous_id:b1"))!);
    }

    /// <summary>Answers the state that the younger one has handed over, which its late call carries.</summary>
    private static async Task<ReadOnlyMemory<byte>> Merge(TestGrid grid, string younger, string older, string mergeId)
    {
        ReadOnlyMemory<byte> handedOver = default;
        // The younger one's seal is the first write; by the second it stands in storage.
        grid.Faults.OnWrite(async write =>
        {
            if (write == 2)
            {
                handedOver = (await grid.StoredAsync("customer", younger)).ToArray();
            }
        });
        MergeReply reply = await grid
            .Grains.GetGrain<ICustomerGrain>(younger)
            .MergeInto(new MergeRequest(older, mergeId, "m", "test", default, "v", []));
        Assert.Null(reply.Refused);
        return handedOver;
    }

    private static async Task Undo(
        TestGrid grid,
        string younger,
        string mergeId,
        string[] brought,
        string? jobId = null
    )
    {
        SplitReply reply = await grid
            .Grains.GetGrain<ICustomerGrain>(younger)
            .UndoMerge(
                new UndoRequest(
                    mergeId,
                    $"s_{mergeId}",
                    [.. brought.Select(Identifier.Parse)],
                    "test",
                    "steward",
                    default
                )
                {
                    JobId = jobId,
                }
            );
        Assert.Null(reply.Refused);
    }

    private static async Task<string[]> Held(TestGrid grid, string customer) =>
        [
            .. (await grid.Grains.GetGrain<ICustomerGrain>(customer).GetIdentity())
                .Facts.Held.Select(held => held.Identifier.ToString())
                .Order(StringComparer.Ordinal),
        ];
}
