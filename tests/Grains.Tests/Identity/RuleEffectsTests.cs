using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Customer360.Grains.Contracts;
using Customer360.Grains.Tests.Support;
using Customer360.Rules.Decisions;
using Customer360.Rules.Events;
using Customer360.Rules.Ports;
using static Customer360.Grains.Tests.Support.Messages;

namespace Customer360.Grains.Tests.Identity;

/// <summary>What region, trust and kind of the identity rules do to customers, and which rules a decision names.</summary>
public sealed class RuleEffectsTests
{
    private const string Regional = """
        defaultRegion: US
        regions: {default: us, names: [us, eu], sources: {web-eu: eu}}
        identifiers:
          user_id: {priority: 1, limit: 1, trust: verified, crossRegion: true}
          email: {priority: 2, limit: 5, normalisation: email}
          anonymous_id: {priority: 7, limit: 5, kind: device}
        """;

    private const string Wide = """
        defaultRegion: US
        identifiers:
          user_id: {priority: 1, limit: 5, trust: verified}
          email: {priority: 2, limit: 5, normalisation: email}
          anonymous_id: {priority: 7, limit: 5, kind: device}
        """;

    [Fact]
    public async Task Value_OfTwoRegions_IsTwoCustomersThatKnowWhy()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await grid.PutRules(Regional);

        await grid.CollectApplied(In("us", Identify("m1", null, "a1", Email("jane@x.com"))));
        await grid.CollectApplied(In("eu", Identify("m2", null, "a1", Email("jane@x.com"))));

        string american = (await grid.OwnerOf("email:jane@x.com"))!;
        string european = (await grid.OwnerOf("email@eu:jane@x.com"))!;
        Assert.NotEqual(american, european);
        Assert.Equal(european, await grid.OwnerOf("anonymous_id@eu:a1"));
        DecisionRecord[] refused =
        [
            .. (await grid.DecisionsOf(european)).Where(decision => decision.Kind == DecisionKinds.Refused),
        ];
        Assert.Equal(2, refused.Length);
        DecisionRecord ofEmail = refused.Single(one =>
            DecisionPayload.Read(one.Payload).Mentions([Identifier.Parse("email:jane@x.com")])
        );
        Assert.Equal((european, american), (ofEmail.CustomerId, ofEmail.OtherCustomerId));
        Assert.Equal(
            "email is not crossRegion, so its value in region eu does not link the one in region us",
            DecisionPayload.Read(ofEmail.Payload).Because
        );
        Assert.Equal(grid.Rules.Current.Version, DecisionPayload.Read(ofEmail.Payload).RuleVersion);
    }

    [Fact]
    public async Task Regions_ThatShareACrossRegionIdentifier_AreOneCustomer()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await grid.PutRules(Regional);

        await grid.CollectApplied(In("us", Identify("m1", "jane", null, Email("jane@x.com"))));
        await grid.CollectApplied(In("eu", Identify("m2", "jane", null, Email("jane@x.com"))));

        Assert.Equal(await grid.OwnerOf("email:jane@x.com"), await grid.OwnerOf("email@eu:jane@x.com"));
        Assert.DoesNotContain(
            await grid.DecisionsOf((await grid.OwnerOf("user_id:jane"))!),
            decision =>
                decision.Kind == DecisionKinds.Refused
                && DecisionPayload.Read(decision.Payload).Mentions([Identifier.Parse("user_id:jane")])
        );
    }

    [Fact]
    public async Task Regions_WhenATypeStopsLinkingThem_StayApartFromThenOn()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await grid.PutRules(Regional);
        await grid.CollectApplied(In("us", Identify("m1", "jane", null, Email("jane@x.com"))));
        await grid.CollectApplied(In("eu", Identify("m2", "jane", null, Email("jane@x.com"))));
        await grid.CollectApplied(In("eu", Track("m3", null, "a1")));
        string joined = (await grid.OwnerOf("user_id:jane"))!;
        string visitor = (await grid.OwnerOf("anonymous_id@eu:a1"))!;
        await grid.PutRules(Regional.Replace(", crossRegion: true", "", StringComparison.Ordinal));

        await grid.CollectApplied(In("eu", Identify("m4", null, "a1", Email("jane@x.com"))));

        Assert.Equal(visitor, await grid.OwnerOf("anonymous_id@eu:a1"));
        DecisionRecord refused = Assert.Single(
            await grid.DecisionsOf(joined),
            decision => DecisionPayload.Read(decision.Payload).Mentions([Identifier.Parse("anonymous_id@eu:a1")])
        );
        Assert.Equal(DecisionKinds.Refused, refused.Kind);
        Assert.Equal(
            "regions eu and us stay apart: nothing that is crossRegion links them",
            DecisionPayload.Read(refused.Payload).Because
        );
    }

    [Fact]
    public async Task Claimed_WhenBothHoldAVerifiedOne_IsRefusedAndRecordedOnce()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await grid.PutRules(Wide);
        await grid.CollectApplied(Track("m1", "jane", null));
        await grid.CollectApplied(Identify("m2", "john", null, Email("family@x.com")));

        await grid.CollectApplied(Identify("m3", "jane", null, Email("family@x.com")));
        await grid.CollectApplied(Identify("m4", "jane", null, Email("family@x.com")));

        string jane = (await grid.OwnerOf("user_id:jane"))!;
        Assert.NotEqual(jane, await grid.OwnerOf("user_id:john"));
        Assert.Equal(await grid.OwnerOf("user_id:john"), await grid.OwnerOf("email:family@x.com"));
        DecisionRecord refused = Assert.Single(
            await grid.DecisionsOf(jane),
            decision => decision.Kind == DecisionKinds.Refused
        );
        Assert.Equal(
            "a claimed identifier does not merge customers that each hold a verified one",
            DecisionPayload.Read(refused.Payload).Because
        );
    }

    [Fact]
    public async Task Device_ThatTwoPersonsShare_LeavesThemTwo()
    {
        // The built-in rules are in force. Before there were proofs, the tablet of a family made one person of two.
        await using TestGrid grid = await TestGrid.StartAsync();
        await grid.CollectApplied(Identify("m1", null, "tablet", Email("jane@x.com")));
        await grid.CollectApplied(Identify("m2", null, null, Email("bob@x.com")));

        await grid.CollectApplied(Identify("m3", null, "tablet", Email("bob@x.com")));

        Assert.NotEqual(await grid.OwnerOf("email:jane@x.com"), await grid.OwnerOf("email:bob@x.com"));
        Assert.Equal(await grid.OwnerOf("email:jane@x.com"), await grid.OwnerOf("anonymous_id:tablet"));
    }

    [Fact]
    public async Task Merge_WhenBothGotAVerifiedOneMeanwhile_IsRefusedByTheOlder()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await grid.PutRules(Wide);
        await grid.CollectApplied(Identify("m1", "john", null, Email("family@x.com")));
        await grid.CollectApplied(Track("m2", "jane", null));
        string older = (await grid.OwnerOf("user_id:john"))!;
        string younger = (await grid.OwnerOf("user_id:jane"))!;

        MergeReply reply = await grid
            .Grains.GetGrain<ICustomerGrain>(younger)
            .MergeInto(
                new MergeRequest(
                    older,
                    "d_late",
                    "m9",
                    "test",
                    TimeProvider.System.GetUtcNow(),
                    "before",
                    [Identifier.Parse("user_id:jane"), Identifier.Parse("email:family@x.com")]
                )
            );

        Assert.Equal("unproven", reply.Refused);
        DecisionRecord refused = Assert.Single(
            await grid.DecisionsOf(younger),
            decision => decision.Kind == DecisionKinds.Refused
        );
        // The customer that refused it says by which rules.
        Assert.Equal(grid.Rules.Current.Version, DecisionPayload.Read(refused.Payload).RuleVersion);
    }

    [Fact]
    public async Task Link_WhenTheRulesChangeOnItsWay_NamesThoseThatDecidedIt()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        string decidedBy = grid.Rules.Current.Version;
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        // The decision is made; the customer that is to carry it out is just being activated.
        grid.Faults.Hold(key => IsCustomer(key) && (arrived.TrySetResult() || true), goOn.Task);
        Task<ImmutableArray<StoredReceipt>> collect = grid.CollectApplied(Track("m1", "jane", "a1"));
        await arrived.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);

        await grid.PutRules(Wide);
        goOn.SetResult();
        await collect;

        string jane = (await grid.OwnerOf("user_id:jane"))!;
        DecisionRecord created = Assert.Single(await grid.DecisionsOf(jane));
        Assert.Equal(decidedBy, DecisionPayload.Read(created.Payload).RuleVersion);
        Assert.NotEqual(decidedBy, grid.Rules.Current.Version);
    }

    [Fact]
    public async Task Merge_WhenTheRulesChangeOnItsWay_NamesThoseThatDecidedIt()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await grid.CollectApplied(Track("m1", null, "a1"));
        await grid.CollectApplied(Track("m2", "jane", null));
        string older = (await grid.OwnerOf("anonymous_id:a1"))!;
        string younger = (await grid.OwnerOf("user_id:jane"))!;
        string decidedBy = grid.Rules.Current.Version;
        // This is as after a restart of the node: the older customer is read when the younger one hands over to it.
        await grid.Grains.GetGrain<ICustomerGrain>(younger).GetIdentity();
        await grid.PutRules(Wide);

        MergeReply reply = await grid
            .Grains.GetGrain<ICustomerGrain>(younger)
            .MergeInto(
                new MergeRequest(
                    older,
                    "d_flight",
                    "m3",
                    "test",
                    TimeProvider.System.GetUtcNow(),
                    decidedBy,
                    [Identifier.Parse("user_id:jane"), Identifier.Parse("anonymous_id:a1")]
                )
            );

        Assert.Null(reply.Refused);
        DecisionRecord merged = Assert.Single(
            await grid.DecisionsOf(older),
            decision => decision.Kind == DecisionKinds.Merged
        );
        Assert.Equal(decidedBy, DecisionPayload.Read(merged.Payload).RuleVersion);
    }

    private static bool IsCustomer(string key) => key.StartsWith("c_", StringComparison.Ordinal);

    private static JsonObject Email(string address) => new() { ["email"] = address };

    private static JsonObject In(string region, JsonObject message)
    {
        message["context"] = new JsonObject { ["region"] = region };
        return message;
    }
}
