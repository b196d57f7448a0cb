using System.Text.Json.Nodes;
using Customer360.Grains.Contracts;
using Customer360.Grains.Tests.Jobs;
using Customer360.Grains.Tests.Support;
using Customer360.Rules.Events;
using static Customer360.Grains.Tests.Support.Messages;

namespace Customer360.Grains.Tests.Trust;

/// <summary>What a message claims is judged by whoever acts on it, also later and by other code than the intake's.</summary>
public sealed class ClaimedMergeTests
{
    [Fact]
    public async Task Merge_ThatIsClaimed_IsRefusedByTheOlderOneWhereBothAreKnown()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        (string older, string younger) = await TwoKnown(grid);

        MergeReply claimed = await Merge(grid, younger, older, "d_1", isClaimed: true);
        Assert.Equal("unproven", claimed.Refused);

        MergeReply trusted = await Merge(grid, younger, older, "d_2", isClaimed: false);
        Assert.Equal(older, trusted.MovedTo);
    }

    /// <summary>The claim is kept with the merge, so whoever resumes it after a crash asks the same.</summary>
    [Fact]
    public async Task Merge_ThatIsClaimed_StaysSoThroughACrash()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        (string older, string younger) = await TwoKnown(grid);
        await grid.StopAsync();
        await grid.ChangeStateAsync(
            GrainKeys.CustomerState,
            younger,
            json =>
            {
                JsonObject state = JsonNode.Parse(json)!.AsObject();
                state["status"] = "sealed";
                state["merge"] = new JsonObject
                {
                    ["into"] = older,
                    ["mergeId"] = "d_1",
                    ["messageId"] = "m",
                    ["source"] = "web",
                    ["at"] = "2026-11-22T10:00:00Z",
                    ["ruleVersion"] = "v",
                    ["identifiers"] = new JsonArray("email:ann@x.com", "email:ben@x.com"),
                    ["claimed"] = true,
                };
                return state.ToJsonString();
            }
        );
        await grid.GoOnAsync();

        Assert.Equal(younger, await grid.OwnerOf("email:ben@x.com"));
        Assert.Null((await grid.Grains.GetGrain<ICustomerGrain>(younger).GetIdentity()).MovedTo);
    }

    /// <summary>The log decided anew, and folded anew, comes to what the live grid has.</summary>
    [Fact]
    public async Task DryRunAndCheck_OfClaimsAndTrustedMessages_AgreeWithTheGrid()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        (string ann, string ben) = await TwoKnown(grid);
        grid.Trust = SourceTrust.Public;
        await grid.CollectApplied(
            Identify("m3", null, "e", new JsonObject { ["email"] = "ann@x.com", ["plan"] = "none" })
        );
        await grid.CollectApplied(Identify("m4", null, "e", new JsonObject { ["email"] = "ben@x.com" }));
        await grid.CollectApplied(Identify("m5", "thief", "a", new JsonObject { ["email"] = "ben@x.com" }));
        grid.Trust = SourceTrust.Server;
        await grid.CollectApplied(Identify("m6", "cay", "e", null));
        Assert.Equal(ann, await grid.OwnerOf("email:ann@x.com"));
        Assert.Equal(ben, await grid.OwnerOf("email:ben@x.com"));
        Assert.Equal("gold", (string?)(await grid.Profile("email:ann@x.com"))["traits"]!["plan"]);
        var jobs = new JobClient(grid);

        (_, JsonObject dryRun) = await jobs.Run(JobKind.DryRun, Policies.BuiltInRules);
        (_, JsonObject check) = await jobs.Run(JobKind.Check, null);

        Assert.Equal(0, (int)dryRun["customers"]!["merge"]!);
        Assert.Equal(0, (int)dryRun["customers"]!["split"]!);
        Assert.Equal(0, (int)dryRun["customers"]!["vanish"]!);
        Assert.Equal(0, (int)check["differenceCount"]!);
    }

    private static async Task<(string Older, string Younger)> TwoKnown(TestGrid grid)
    {
        await grid.CollectApplied(
            Identify("m1", null, "a", new JsonObject { ["email"] = "ann@x.com", ["plan"] = "gold" })
        );
        await grid.CollectApplied(Identify("m2", null, "b", new JsonObject { ["email"] = "ben@x.com" }));
        return ((await grid.OwnerOf("email:ann@x.com"))!, (await grid.OwnerOf("email:ben@x.com"))!);
    }

    private static Task<MergeReply> Merge(TestGrid grid, string younger, string older, string id, bool isClaimed) =>
        grid
            .Grains.GetGrain<ICustomerGrain>(younger)
            .MergeInto(
                new MergeRequest(
                    older,
                    id,
                    "m",
                    "web",
                    default,
                    "v",
                    [Identifier.Parse("email:ann@x.com"), Identifier.Parse("email:ben@x.com")]
                )
                {
                    IsClaimed = isClaimed,
                }
            );
}
