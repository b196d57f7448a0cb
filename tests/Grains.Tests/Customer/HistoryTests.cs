using System.Text.Json;
using System.Text.Json.Nodes;
using Customer360.Grains.Contracts;
using Customer360.Grains.Tests.Support;
using Customer360.Rules.Decisions;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using static Customer360.Grains.Tests.Support.Messages;

namespace Customer360.Grains.Tests.Customer;

/// <summary>What a customer says of how it came to be, and of what it refused.</summary>
public sealed class HistoryTests
{
    [Fact]
    public async Task Merge_WhenOverALimit_IsRecordedOnceWithItsReason()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        (string older, string younger) = await TwoUsers(grid);
        var request = new MergeRequest(older, "d_merge", "m9", "test", TimeProvider.System.GetUtcNow(), "v", []);

        Assert.Equal("over_limit", (await grid.Grains.GetGrain<ICustomerGrain>(younger).MergeInto(request)).Refused);
        Assert.Equal("over_limit", (await grid.Grains.GetGrain<ICustomerGrain>(younger).MergeInto(request)).Refused);

        RecordedDecision refused = Assert.Single(
            await HistoryOf(grid, older),
            decision => decision.Kind == DecisionKinds.Refused
        );
        Assert.Equal((older, younger), (refused.CustomerId, refused.OtherCustomerId));
        using var payload = JsonDocument.Parse(refused.PayloadJson);
        Assert.Equal("over_limit", payload.RootElement.GetProperty("reason").GetString());
        Assert.Equal("d_merge", payload.RootElement.GetProperty("mergeId").GetString());
        Assert.Equal("m9", payload.RootElement.GetProperty("messageId").GetString());
        Assert.Equal(
            "user_id:u2",
            Assert.Single(payload.RootElement.GetProperty("identifiers").EnumerateArray()).GetString()
        );

        // The other one's history has it too, and nothing more of the first: they stayed apart.
        Assert.Equal(
            [DecisionKinds.Created, DecisionKinds.Refused],
            (await HistoryOf(grid, younger)).Select(decision => decision.Kind)
        );
    }

    [Fact]
    public async Task Merge_IntoAYoungerCustomer_IsRecordedWithItsReason()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        (string older, string younger) = await TwoUsers(grid);

        MergeReply reply = await grid
            .Grains.GetGrain<ICustomerGrain>(older)
            .MergeInto(new MergeRequest(younger, "d_merge", "m9", "test", TimeProvider.System.GetUtcNow(), "v", []));

        Assert.Equal("not_older", reply.Refused);
        Assert.Single(await HistoryOf(grid, older), decision => decision.Kind == DecisionKinds.Refused);
    }

    [Fact]
    public async Task History_OfAMergedCustomer_NamesWhoToAsk()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await grid.CollectApplied(Track("m1", null, "a1"));
        await grid.CollectApplied(Identify("m2", "u1", "a2"));
        string older = (await grid.OwnerOf("anonymous_id:a1"))!;
        string younger = (await grid.OwnerOf("user_id:u1"))!;
        await grid.CollectApplied(Identify("m3", "u1", "a1"));

        DecisionsReply stub = await Ask(grid, younger);
        StandingReply standing = await grid
            .Grains.GetGrain<ICustomerGrain>(younger)
            .GetStanding(Identifier.Create("user_id", "u1"));

        Assert.Equal(older, stub.MovedTo);
        Assert.Empty(stub.Decisions);
        Assert.Equal(older, standing.MovedTo);
        Assert.Equal(
            [DecisionKinds.Created, DecisionKinds.Created, DecisionKinds.Merged],
            (await HistoryOf(grid, older)).Select(decision => decision.Kind)
        );
    }

    [Fact]
    public async Task History_NamingAnIdentifier_HasOnlyTheDecisionsThatDo()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await grid.CollectApplied(Identify("m1", "u1", "a1"));
        await grid.CollectApplied(Identify("m2", "u1", "a2"));
        string customer = (await grid.OwnerOf("user_id:u1"))!;

        DecisionsReply reply = await Ask(grid, customer, Identifier.Create("anonymous_id", "a2"));

        Assert.Equal(DecisionKinds.Linked, Assert.Single(reply.Decisions).Kind);
    }

    [Fact]
    public async Task History_OfAMergeIntoOneThatMergesOn_IsFollowedThroughBoth()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        for (int number = 1; number <= 5; number++)
        {
            await grid.CollectApplied(Track($"c{number}", null, $"a{number}"));
        }

        for (int number = 4; number >= 1; number--)
        {
            JsonObject both = Track($"j{number}", null, $"a{number}");
            both["context"] = JsonNode.Parse(
                $$"""{"externalIds":[{"id":"a{{number + 1}}","type":"anonymous_id","collection":"users","encoding":"none"}]}"""
            );
            await grid.CollectApplied(both);
        }

        string oldest = (await grid.OwnerOf("anonymous_id:a5"))!;
        Assert.Equal(oldest, await grid.OwnerOf("anonymous_id:a1"));
        List<RecordedDecision> history = await HistoryOf(grid, oldest);
        Assert.Equal(5, history.Count(decision => decision.Kind == DecisionKinds.Created));
        Assert.Equal(4, history.Count(decision => decision.Kind == DecisionKinds.Merged));
        Assert.Equal(history.OrderBy(decision => HistoryPlace.Of(decision.ToRecord())), history);
    }

    private static async Task<(string Older, string Younger)> TwoUsers(TestGrid grid)
    {
        await grid.CollectApplied(Identify("m1", "u1", null));
        await grid.CollectApplied(Identify("m2", "u2", null));
        return ((await grid.OwnerOf("user_id:u1"))!, (await grid.OwnerOf("user_id:u2"))!);
    }

    private static async Task<List<RecordedDecision>> HistoryOf(TestGrid grid, string customerId)
    {
        List<RecordedDecision> history = [];
        DecisionsReply page;
        do
        {
            HistoryPlace? after = history.Count == 0 ? null : HistoryPlace.Of(history[^1].ToRecord());
            page = await grid
                .Grains.GetGrain<ICustomerGrain>(customerId)
                .GetDecisions(new DecisionsRequest(Limit: 2, after, Naming: []), CancellationToken.None);
            Assert.False(page.IsTruncated);
            history.AddRange(page.Decisions);
        } while (page.HasMore);

        return history;
    }

    private static Task<DecisionsReply> Ask(TestGrid grid, string customerId, params Identifier[] naming) =>
        grid
            .Grains.GetGrain<ICustomerGrain>(customerId)
            .GetDecisions(new DecisionsRequest(100, After: null, [.. naming]), CancellationToken.None);
}
