using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Grains.Tests.Support;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Ports;
using static Customer360.Grains.Tests.Support.Messages;

namespace Customer360.Grains.Tests.Customer;

/// <summary>
/// Merges, splits and merges taken back that meet each other halfway. Each was found by the model test or by looking for what
/// it could find, and each was wrong before its fix.
/// </summary>
public sealed class OverlapTests
{
    [Fact]
    public async Task UndoMerge_WhenPartOfWhatItBroughtHasLeft_DoesNotTakeTheVersionBack()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        string[] customers = await ThreeCustomers(grid, "x");
        await grid.CollectApplied([.. Enumerable.Range(0, 20).Select(n => Track($"t-{n}", null, "z-x"))]);
        await grid.CollectApplied(WithGoogle(Track("ga", null, "z-x"), "ga-x"));
        long before = (long)(await grid.Profile("anonymous_id:z-x"))["version"]!;
        MergeRequest merge = await Merge(grid, customers[2], customers[0]);
        await Split(grid, customers[0], "anonymous_id:z-x");

        SplitReply reply = await Undo(grid, customers[2], merge, "anonymous_id:z-x", "ga_client_id:ga-x");

        Assert.Null(reply.Refused);
        Assert.Equal(customers[2], await grid.OwnerOf("ga_client_id:ga-x"));
        Assert.True((long)(await grid.Profile("ga_client_id:ga-x"))["version"]! > before);
    }

    /// <summary>The youngest goes to the middle one, is sent on to the oldest and breaks off; then the middle one is itself again.</summary>
    [Fact]
    public async Task Merge_WhenTheOneItWasAskedToGoToIsItselfAgainMeanwhile_GivesItsStateAwayOnce()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        int writes = int.MaxValue;
        for (int failing = 1; failing <= writes; failing++)
        {
            string[] customers = await ThreeCustomers(grid, $"{failing}");
            MergeRequest merge = await Merge(grid, customers[1], customers[0]);
            grid.Faults.Plan(number => number == failing ? FaultKind.AfterCommit : null);
            bool failed = await Fails(() => Merge(grid, customers[2], customers[1]));
            writes = failed ? writes : failing - 1;
            grid.Faults.Heal();

            await Undo(grid, customers[1], merge, $"anonymous_id:y-{failing}");

            string end = await End(grid, customers[2]);
            string[] listing = await Listing(grid, $"anonymous_id:z-{failing}", customers);
            Assert.Equal([end], listing);
            Assert.Equal(end, await grid.OwnerOf($"anonymous_id:z-{failing}"));
        }

        Assert.InRange(writes, 5, 50);
    }

    /// <summary>The youngest gives its state to the middle one and breaks off; that one is merged on, and taken back.</summary>
    [Fact]
    public async Task Merge_WhenTheOneItWentToIsMergedOnAndTakenBack_LeadsToItAndCanBeTakenBackItself()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        int writes = int.MaxValue;
        for (int failing = 1; failing <= writes; failing++)
        {
            string[] customers = await ThreeCustomers(grid, $"{failing}");
            grid.Faults.Plan(number => number == failing ? FaultKind.AfterCommit : null);
            bool failed = await Fails(() => Merge(grid, customers[2], customers[1]));
            writes = failed ? writes : failing - 1;
            grid.Faults.Heal();
            string[] brought = await Held(grid, customers[1]);
            MergeRequest later = await Merge(grid, customers[1], customers[0]);
            await End(grid, customers[2]);

            await Undo(grid, customers[1], later, brought);

            string end = await End(grid, customers[2]);
            Assert.Equal([end], await Listing(grid, $"anonymous_id:z-{failing}", customers));
            Assert.Equal(end, await grid.OwnerOf($"anonymous_id:z-{failing}"));
            if (end == customers[1])
            {
                MergeRequest first = Request(customers[2], customers[1]);
                Assert.Null((await Undo(grid, customers[2], first, $"anonymous_id:z-{failing}")).Refused);
                Assert.Equal(customers[2], await grid.OwnerOf($"anonymous_id:z-{failing}"));
            }
        }

        Assert.InRange(writes, 5, 50);
    }

    [Fact]
    public async Task Split_WhenRepeatedAfterItsCustomerWasMergedOrSplitOn_AnswersAsTheFirstTime()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        string[] customers = await ThreeCustomers(grid, "x");
        await grid.CollectApplied(WithGoogle(Track("ga", null, "z-x"), "ga-x"));
        (SplitRequest request, SplitReply reply) = await Split(grid, customers[2], "anonymous_id:z-x");
        await Merge(grid, reply.SplitCustomerId, customers[0]);

        SplitReply again = await grid.Grains.GetGrain<ICustomerGrain>(reply.SplitCustomerId).SplitFrom(request);

        Assert.Null(again.Refused);
        Assert.Equal(reply.SeparationId, again.SeparationId);
        Assert.Equal(reply.Identifiers.ToArray(), again.Identifiers.ToArray());
        Assert.Equal(customers[0], await grid.OwnerOf("anonymous_id:z-x"));
    }

    [Fact]
    public async Task Forward_WhenTheMergeWasTakenBack_LeavesTheIdentifiersWhereTheyAre()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        string[] customers = await ThreeCustomers(grid, "x");
        MergeRequest merge = await Merge(grid, customers[1], customers[0]);
        ICustomerGrain middle = grid.Grains.GetGrain<ICustomerGrain>(customers[1]);
        ImmutableArray<Identifier> identifiers = [Identifier.Parse("anonymous_id:y-x")];
        Assert.Equal(customers[0], await middle.Forward(identifiers));

        await Undo(grid, customers[1], merge, "anonymous_id:y-x");

        Assert.Null(await middle.Forward(identifiers));
        Assert.Equal(customers[1], await grid.OwnerOf("anonymous_id:y-x"));
    }

    /// <summary>The customers from the oldest to the youngest; each has a device of its own: x, y, z.</summary>
    private static async Task<string[]> ThreeCustomers(TestGrid grid, string mark)
    {
        List<string> customers = [];
        foreach (string device in new[] { "x", "y", "z" })
        {
            await grid.CollectApplied(Track($"{device}-{mark}", null, $"{device}-{mark}"));
            customers.Add((await grid.OwnerOf($"anonymous_id:{device}-{mark}"))!);
        }

        return [.. customers];
    }

    private static MergeRequest Request(string younger, string older) =>
        new(older, $"d_{older[2..]}{younger[2..]}", "the-message", "test", TimeProvider.System.GetUtcNow(), "v", []);

    private static async Task<MergeRequest> Merge(TestGrid grid, string younger, string older)
    {
        MergeRequest request = Request(younger, older);
        MergeReply reply = await grid.Grains.GetGrain<ICustomerGrain>(younger).MergeInto(request);
        Assert.Null(reply.Refused);
        return request;
    }

    private static Task<SplitReply> Undo(TestGrid grid, string younger, MergeRequest merge, params string[] brought) =>
        grid
            .Grains.GetGrain<ICustomerGrain>(younger)
            .UndoMerge(
                new UndoRequest(
                    merge.MergeId,
                    $"d_undo{merge.MergeId[2..]}",
                    [.. brought.Select(Identifier.Parse)],
                    "a test",
                    "steward",
                    TimeProvider.System.GetUtcNow()
                )
            );

    private static async Task<(SplitRequest Request, SplitReply Reply)> Split(
        TestGrid grid,
        string customer,
        string identifier
    )
    {
        var request = new SplitRequest(
            "d_0123456789abcdef0123456789abcdef",
            customer,
            [Identifier.Parse(identifier)],
            "a test",
            "steward",
            TimeProvider.System.GetUtcNow()
        );
        string to = CustomerId.ForSplit(request.SplitId, customer, request.At);
        SplitReply reply = await grid.Grains.GetGrain<ICustomerGrain>(to).SplitFrom(request);
        Assert.Null(reply.Refused);
        return (request, reply);
    }

    /// <summary>Where a customer's address leads; asking wakes it, and it finishes what it had begun.</summary>
    private static async Task<string> End(TestGrid grid, string customer)
    {
        while ((await grid.Grains.GetGrain<ICustomerGrain>(customer).GetIdentity()).MovedTo is { } movedTo)
        {
            customer = movedTo;
        }

        return customer;
    }

    private static async Task<string[]> Held(TestGrid grid, string customer) =>
        [
            .. (await grid.Grains.GetGrain<ICustomerGrain>(customer).GetIdentity()).Facts.Held.Select(held =>
                held.Identifier.ToString()
            ),
        ];

    private static async Task<string[]> Listing(TestGrid grid, string identifier, string[] customers)
    {
        List<string> listing = [];
        foreach (string customer in customers)
        {
            if ((await Held(grid, customer)).Contains(identifier))
            {
                listing.Add(customer);
            }
        }

        return [.. listing];
    }

    private static async Task<bool> Fails(Func<Task> action)
    {
        try
        {
            await action();
            return false;
        }
        catch (Exception error) when (error is StorageUnavailableException or OrleansException)
        {
            return true;
        }
    }

    private static System.Text.Json.Nodes.JsonObject WithGoogle(
        System.Text.Json.Nodes.JsonObject message,
        string clientId
    )
    {
        message["integrations"] = new System.Text.Json.Nodes.JsonObject
        {
            ["Google Analytics"] = new System.Text.Json.Nodes.JsonObject { ["clientId"] = clientId },
        };
        return message;
    }
}
