using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Customer360.Grains.Contracts;
using Customer360.Grains.Tests.Support;
using Customer360.Rules.Decisions;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Ports;
using static Customer360.Grains.Tests.Support.Messages;

namespace Customer360.Grains.Tests.Customer;

/// <summary>Splits and undone merges leave what would be there if the two had never been together, and keep it apart.</summary>
public sealed class SplitTests
{
    private static int s_number;

    [Fact]
    public async Task Split_MovesWhatWasLearnedUnderTheIdentifiersAndKeepsThemApart()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await grid.CollectApplied(
            Identify("m1", "u-1", "a-1", new JsonObject { ["plan"] = "pro" }),
            Track("m2", null, "a-1", "Opened")
        );
        string customer = (await grid.OwnerOf("user_id:u-1"))!;

        SplitReply reply = await Split(grid, customer, "anonymous_id:a-1");

        Assert.Null(reply.Refused);
        Assert.Equal(reply.SplitCustomerId, await grid.OwnerOf("anonymous_id:a-1"));
        Assert.Equal(customer, await grid.OwnerOf("user_id:u-1"));
        Assert.Equal("pro", (string?)(await grid.Profile("user_id:u-1"))["traits"]!["plan"]);
        JsonObject device = await grid.Profile("anonymous_id:a-1");
        Assert.Empty(device["traits"]!.AsObject());
        Assert.Equal("Opened", (string?)Assert.Single(device["events"]!.AsArray())!["name"]);

        await grid.CollectApplied(Track("m3", "u-1", "a-1"));
        Assert.Equal(reply.SplitCustomerId, await grid.OwnerOf("anonymous_id:a-1"));
        ImmutableArray<DecisionRecord> decisions = await grid.DecisionsOf(customer);
        DecisionRecord refused = Assert.Single(decisions, decision => decision.Kind == DecisionKinds.Refused);
        Assert.Contains(
            reply.SeparationId,
            System.Text.Encoding.UTF8.GetString(refused.Payload.Span),
            StringComparison.Ordinal
        );
        Assert.Contains(
            decisions,
            decision => decision.Kind == DecisionKinds.Split && decision.OtherCustomerId == reply.SplitCustomerId
        );
    }

    [Fact]
    public async Task Split_SurvivesACrashAndGoesOnTakingMessages()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await grid.CollectApplied(Identify("m1", "u-1", "a-1"), Track("m2", null, "a-1", "Opened"));
        SplitReply reply = await Split(grid, (await grid.OwnerOf("user_id:u-1"))!, "anonymous_id:a-1");
        await grid.CollectApplied(Track("m3", null, "a-1", "Closed"));

        await grid.CrashAndRestartAsync();

        Assert.Equal(reply.SplitCustomerId, await grid.OwnerOf("anonymous_id:a-1"));
        JsonObject device = await grid.Profile("anonymous_id:a-1");
        Assert.Equal(2, device["events"]!.AsArray().Count);
        await grid.CollectApplied(Track("m4", "u-1", "a-1"));
        Assert.NotEqual(await grid.OwnerOf("user_id:u-1"), await grid.OwnerOf("anonymous_id:a-1"));
    }

    [Fact]
    public async Task UndoMerge_GivesBackTheProfilesThatTwoNeverMergedCustomersHave()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        (string older, string younger, string mergeId, ImmutableArray<Identifier> brought) = await Merged(grid, "x");
        JsonObject[] control = await NeverMerged(grid, "y");

        SplitReply reply = await Undo(grid, younger, mergeId, brought);

        Assert.Null(reply.Refused);
        Assert.Equal(younger, await grid.OwnerOf("anonymous_id:b-x"));
        Assert.Equal(older, await grid.OwnerOf("user_id:u-x"));
        Assert.Equal(
            Content(control[0]),
            Content(await grid.Profile("user_id:u-x")).Replace("-x", "-y", StringComparison.Ordinal)
        );
        Assert.Equal(
            Content(control[1]),
            Content(await grid.Profile("anonymous_id:b-x")).Replace("-x", "-y", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task UndoMerge_TakesAlongWhatWasLinkedSinceThroughWhatItBrought()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        (string older, string younger, string mergeId, ImmutableArray<Identifier> brought) = await Merged(grid, "x");
        await grid.CollectApplied(WithGoogle(Track("since", null, "b-x"), "ga-1"));
        Assert.Equal(older, await grid.OwnerOf("ga_client_id:ga-1"));

        await Undo(grid, younger, mergeId, brought);

        Assert.Equal(younger, await grid.OwnerOf("ga_client_id:ga-1"));
    }

    [Fact]
    public async Task UndoMerge_ASecondTime_IsRefusedAndChangesNothing()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        (_, string younger, string mergeId, ImmutableArray<Identifier> brought) = await Merged(grid, "x");
        await Undo(grid, younger, mergeId, brought);
        string before = (await grid.Profile("anonymous_id:b-x")).ToJsonString();

        SplitReply again = await Undo(grid, younger, mergeId, brought);

        Assert.Equal("merge_already_undone", again.Refused);
        Assert.Equal(before, (await grid.Profile("anonymous_id:b-x")).ToJsonString());
    }

    [Fact]
    public async Task UndoMerge_UnderALaterMerge_IsRefused()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await grid.CollectApplied(Track("oldest", null, "o-1"));
        (string older, string younger, string mergeId, ImmutableArray<Identifier> brought) = await Merged(grid, "x");
        await grid.CollectApplied(Identify("join-oldest", "u-x", "o-1"));
        Assert.NotEqual(older, await grid.OwnerOf("user_id:u-x"));

        SplitReply reply = await Undo(grid, younger, mergeId, brought);

        Assert.Equal("merge_under_later_merge", reply.Refused);
        Assert.Equal(await grid.OwnerOf("user_id:u-x"), await grid.OwnerOf("anonymous_id:b-x"));
    }

    [Fact]
    public async Task Split_OfEverythingOrOfAnothersIdentifier_IsRefusedAndChangesNothing()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await grid.CollectApplied(Identify("m1", "u-1", "a-1"), Track("m2", null, "other"));
        string customer = (await grid.OwnerOf("user_id:u-1"))!;
        string before = (await grid.Profile("user_id:u-1")).ToJsonString();

        Assert.Equal("split_of_everything", (await Split(grid, customer, "anonymous_id:a-1", "user_id:u-1")).Refused);
        Assert.Equal("identifier_not_held", (await Split(grid, customer, "anonymous_id:other")).Refused);
        Assert.Equal("identifier_not_held", (await Split(grid, customer, "anonymous_id:nobody")).Refused);
        Assert.Equal("split_of_nothing", (await Split(grid, customer)).Refused);

        Assert.Equal(before, (await grid.Profile("user_id:u-1")).ToJsonString());
    }

    [Theory]
    [InlineData(FaultKind.BeforeCommit)]
    [InlineData(FaultKind.AfterCommit)]
    public async Task Split_WhenAnyOneWriteFails_ComesToTheSameEnd(FaultKind kind)
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        int writes = int.MaxValue;
        for (int failing = 1; failing <= writes; failing++)
        {
            string mark = $"{kind}-{failing}";
            await grid.CollectApplied(
                Identify($"m-{mark}", $"u-{mark}", $"a-{mark}"),
                Track($"t-{mark}", null, $"a-{mark}")
            );
            string customer = (await grid.OwnerOf($"user_id:u-{mark}"))!;
            SplitRequest request = Request(customer, $"anonymous_id:a-{mark}");
            grid.Faults.Plan(number => number == failing ? kind : null);
            bool failed = await Fails(() =>
                grid.Grains.GetGrain<ICustomerGrain>(NewCustomer(request)).SplitFrom(request)
            );
            writes = failed ? writes : failing - 1;
            grid.Faults.Heal();

            // A message, a reader or the reminder brings this about: the next activation goes on.
            await grid.CollectApplied(
                Track($"after-{mark}", $"u-{mark}", $"a-{mark}"),
                Track($"later-{mark}", null, $"a-{mark}")
            );
            await grid.Grains.GetGrain<ICustomerGrain>(NewCustomer(request)).GetIdentity();
            if (await grid.OwnerOf($"anonymous_id:a-{mark}") == customer)
            {
                await grid.Grains.GetGrain<ICustomerGrain>(NewCustomer(request)).SplitFrom(request);
            }

            Assert.Equal(NewCustomer(request), await grid.OwnerOf($"anonymous_id:a-{mark}"));
            Assert.Equal(2, (int)(await grid.Profile($"anonymous_id:a-{mark}"))["lifecycle"]!["messageCount"]!);
            Assert.Equal(2, (int)(await grid.Profile($"user_id:u-{mark}"))["lifecycle"]!["messageCount"]!);
        }

        Assert.InRange(writes, 5, 100);
    }

    [Fact]
    public async Task Split_WhenTheProcessDiesAtAnyWrite_IsResumedOrNeverWas()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        for (int dying = 1; ; dying++)
        {
            await grid.CollectApplied(
                Identify($"m-{dying}", $"u-{dying}", $"a-{dying}"),
                Track($"t-{dying}", null, $"a-{dying}")
            );
            string customer = (await grid.OwnerOf($"user_id:u-{dying}"))!;
            SplitRequest request = Request(customer, $"anonymous_id:a-{dying}");
            grid.Faults.Plan(number => number >= dying ? FaultKind.BeforeCommit : null);
            bool failed = await Fails(() =>
                grid.Grains.GetGrain<ICustomerGrain>(NewCustomer(request)).SplitFrom(request)
            );
            await grid.CrashAndRestartAsync();

            await grid.CollectApplied(Track($"later-{dying}", null, $"a-{dying}"));
            string owner = (await grid.OwnerOf($"anonymous_id:a-{dying}"))!;
            Assert.Contains(owner, new[] { customer, NewCustomer(request) });
            Assert.Equal(
                owner == customer ? 3 : 2,
                (int)(await grid.Profile($"anonymous_id:a-{dying}"))["lifecycle"]!["messageCount"]!
            );
            if (!failed)
            {
                Assert.InRange(dying, 5, 100);
                return;
            }
        }
    }

    [Fact]
    public async Task Version_NeverGoesBack()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await grid.CollectApplied([
            Identify("m1", "u-1", "a-1"),
            .. Enumerable.Range(0, 20).Select(number => Track($"t-{number}", null, "a-1")),
        ]);
        long before = (long)(await grid.Profile("user_id:u-1"))["version"]!;

        await Split(grid, (await grid.OwnerOf("user_id:u-1"))!, "anonymous_id:a-1");

        Assert.True((long)(await grid.Profile("user_id:u-1"))["version"]! > before);
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

    /// <summary>Makes two customers, the one with the device first, and joins them by a message that is anchored at the user.</summary>
    private static async Task<(
        string Older,
        string Younger,
        string MergeId,
        ImmutableArray<Identifier> Brought
    )> Merged(TestGrid grid, string mark)
    {
        await Apart(grid, mark);
        string older = (await grid.OwnerOf($"user_id:u-{mark}"))!;
        string younger = (await grid.OwnerOf($"anonymous_id:b-{mark}"))!;
        await grid.CollectApplied(
            At(Track($"join-{mark}", $"u-{mark}", $"b-{mark}")),
            At(Track($"since-{mark}", null, $"b-{mark}", "Since"))
        );
        DecisionRecord merge = Assert.Single(
            await grid.DecisionsOf(older),
            decision => decision.Kind == DecisionKinds.Merged && decision.OtherCustomerId == younger
        );
        JsonNode payload = JsonNode.Parse(merge.Payload.Span)!;
        return (
            older,
            younger,
            merge.Id,
            [.. payload["identifiers"]!.AsArray().Select(one => Identifier.Parse((string)one!))]
        );
    }

    private static async Task<JsonObject[]> NeverMerged(TestGrid grid, string mark)
    {
        await Apart(grid, mark);
        await grid.CollectApplied(
            At(Track($"join-{mark}", $"u-{mark}", null)),
            At(Track($"since-{mark}", null, $"b-{mark}", "Since"))
        );
        return [await grid.Profile($"user_id:u-{mark}"), await grid.Profile($"anonymous_id:b-{mark}")];
    }

    private static async Task Apart(TestGrid grid, string mark)
    {
        await grid.CollectApplied(
            At(Identify($"u1-{mark}", $"u-{mark}", $"a-{mark}", new JsonObject { ["plan"] = "pro" }))
        );
        await grid.CollectApplied(At(Identify($"b1-{mark}", null, $"b-{mark}", new JsonObject { ["plan"] = "free" })));
    }

    private static JsonObject At(JsonObject message)
    {
        message["timestamp"] = "2026-11-20T10:00:00Z";
        return message;
    }

    private static JsonObject WithGoogle(JsonObject message, string clientId)
    {
        message["integrations"] = new JsonObject { ["Google Analytics"] = new JsonObject { ["clientId"] = clientId } };
        return message;
    }

    /// <summary>What a profile says of the person: all but the customer's id and the version.</summary>
    private static string Content(JsonObject profile)
    {
        profile.Remove("customerId");
        profile.Remove("version");
        return profile.ToJsonString();
    }

    private static Task<SplitReply> Split(TestGrid grid, string customer, params string[] identifiers)
    {
        SplitRequest request = Request(customer, identifiers);
        return grid.Grains.GetGrain<ICustomerGrain>(NewCustomer(request)).SplitFrom(request);
    }

    private static SplitRequest Request(string customer, params string[] identifiers) =>
        new(
            $"d_{Interlocked.Increment(ref s_number):x32}",
            customer,
            [.. identifiers.Select(Identifier.Parse)],
            "a test",
            "steward",
            TimeProvider.System.GetUtcNow()
        );

    private static string NewCustomer(SplitRequest request) =>
        CustomerId.ForSplit(request.SplitId, request.From, request.At);

    private static Task<SplitReply> Undo(
        TestGrid grid,
        string younger,
        string mergeId,
        ImmutableArray<Identifier> brought
    ) =>
        grid
            .Grains.GetGrain<ICustomerGrain>(younger)
            .UndoMerge(
                new UndoRequest(
                    mergeId,
                    $"d_{Interlocked.Increment(ref s_number):x32}",
                    brought,
                    "a test",
                    "steward",
                    TimeProvider.System.GetUtcNow()
                )
            );
}
