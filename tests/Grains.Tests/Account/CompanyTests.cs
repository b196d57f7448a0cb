using System.Text;
using System.Text.Json.Nodes;
using Customer360.Grains.Contracts;
using Customer360.Grains.Tests.Support;
using Customer360.Rules.Accounts;
using Customer360.Rules.Events;
using Customer360.Rules.Ports;
using static Customer360.Grains.Tests.Support.Messages;

namespace Customer360.Grains.Tests.Account;

/// <summary>Group ids that are the same company: merged, split, and whole whatever crashes.</summary>
public sealed class CompanyTests
{
    private static readonly DateTimeOffset s_at = new(2026, 11, 27, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Merge_OfThree_ShowsOneAccountUnderEachGroupId()
    {
        await using TestGrid grid = await Three("");

        Assert.Null(await Join(grid, "c", "b", "m1"));
        Assert.Null(await Join(grid, "b", "a", "m2"));
        Assert.Null(await Join(grid, "a", "c", "m3"));

        foreach (string groupId in new[] { "a", "b", "c" })
        {
            AccountReply account = await Account(grid, groupId);
            Assert.Equal(["a", "b", "c"], account.GroupIds.AsEnumerable());
            Assert.Equal(3, account.MemberCount);
            Assert.Equal(["a.example", "b.example", "c.example"], account.Domains.AsEnumerable());
            Assert.Contains("\"of-b\":1", Text(account), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task GroupCall_AfterAMerge_ShowsUnderEveryGroupId()
    {
        await using TestGrid grid = await Three("");
        await Join(grid, "a", "b", "m1");

        await grid.CollectApplied(Group("late", "zoe", "b", new JsonObject { ["size"] = 7 }));

        AccountReply account = await Account(grid, "a");
        Assert.Contains("\"size\":7", Text(account), StringComparison.Ordinal);
        Assert.Equal(3, account.MemberCount);
    }

    [Fact]
    public async Task Split_GivesEachItsOwnBack_AndKeepsThemApart()
    {
        await using TestGrid grid = await Three("");
        string[] before = [Text(await Account(grid, "b")), Text(await Account(grid, "c"))];
        await Join(grid, "a", "b", "m1");
        await Join(grid, "a", "c", "m2");

        SplitReply split = await Split(grid, "a", "d_1", "b");

        Assert.Null(split.Refused);
        Assert.Equal(["b"], (await Account(grid, "b")).GroupIds.AsEnumerable());
        Assert.Equal(["a", "c"], (await Account(grid, "c")).GroupIds.AsEnumerable());
        Assert.Equal(before[0], Text(await Account(grid, "b")));
        // Neither a message nor a CRM brings them together again.
        Assert.Equal("separated", await Join(grid, "b", "c", "m4"));
        Assert.Equal("separated", await Join(grid, "b", "c", "m5"));
        Assert.Single(await grid.DecisionsOf(CompanyId.Of("a")), one => one.Kind == "company-refused");
        Assert.Equal(["b"], (await Account(grid, "b")).GroupIds.AsEnumerable());

        // The other one leaves, too, and what is split is split once more.
        Assert.Null((await Split(grid, "a", "d_2", "c")).Refused);
        Assert.Equal(before[1], Text(await Account(grid, "c")));
        Assert.Equal("groups_not_held", Named(await Split(grid, "a", "d_3", "b")));
        Assert.Equal("split_of_everything", Named(await Split(grid, "c", "d_4", "c")));
    }

    [Fact]
    public async Task Company_ThatTheCrmHasMerged_IsOne()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await grid.CollectApplied(
            Company("m1", "7:1", new JsonObject { ["name"] = "Acme" }),
            Company("m2", "7:2", new JsonObject { ["phone"] = "1" })
        );

        await grid.CollectApplied(Company("m3", "7:2", new JsonObject(), "7:1"));

        AccountReply account = await Account(grid, "hubspot.company:7:1");
        Assert.Equal(["hubspot.company:7:1", "hubspot.company:7:2"], account.GroupIds.AsEnumerable());
        Assert.Contains("Acme", Text(account), StringComparison.Ordinal);
        Assert.Equal(0, account.MemberCount);
        DecisionRecord decision = Assert.Single(
            await grid.DecisionsOf(CompanyId.Of("hubspot.company:7:1")),
            one => one.Kind == "company-merged"
        );
        Assert.Equal(CompanyId.Of("hubspot.company:7:2"), decision.OtherCustomerId);
    }

    [Fact]
    public async Task Companies_ThatAreOnlyClaimedToBeOne_StayTwo()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await grid.CollectApplied(Company("m1", "7:1", new JsonObject()), Company("m2", "7:2", new JsonObject()));
        grid.Trust = SourceTrust.Public;

        await grid.CollectApplied(Company("m3", "7:2", new JsonObject(), "7:1"));

        Assert.Equal(["hubspot.company:7:1"], (await Account(grid, "hubspot.company:7:1")).GroupIds.AsEnumerable());
    }

    [Theory]
    [InlineData(FaultKind.BeforeCommit)]
    [InlineData(FaultKind.AfterCommit)]
    public async Task MergeAndSplit_WhenAnyOneWriteFails_ComeToTheSameEnd(FaultKind kind)
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        int writes = int.MaxValue;
        for (int failing = 1; failing <= writes; failing++)
        {
            string run = $"{kind}-{failing}-";
            await Three(grid, run);
            grid.Faults.Plan(number => number == failing ? kind : null);
            await UntilDone(async () => await Join(grid, $"{run}a", $"{run}b", $"m-{run}"));
            await UntilDone(async () => (await Split(grid, $"{run}a", $"d_{run}", $"{run}b")).Refused);
            writes = Math.Min(writes, grid.Faults.Writes + 1);
            grid.Faults.Heal();

            Assert.Equal([$"{run}a"], (await Account(grid, $"{run}a")).GroupIds.AsEnumerable());
            Assert.Equal([$"{run}b"], (await Account(grid, $"{run}b")).GroupIds.AsEnumerable());
        }

        Assert.InRange(writes, 8, 100);
    }

    [Fact]
    public async Task Merge_WhenTheProcessDiesAtAnyWrite_IsResumed()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        int dying = 1;
        for (; ; dying++)
        {
            string run = $"dying-{dying}-";
            await Three(grid, run);
            grid.Faults.Plan(number => number >= dying ? FaultKind.BeforeCommit : null);
            await Ignoring(Join(grid, $"{run}a", $"{run}b", $"m-{run}"));
            if (grid.Faults.Writes < dying)
            {
                break;
            }

            await grid.CrashAndRestartAsync();
            // Whoever asked asks again; a message is handed over until it is done.
            Assert.Null(await Join(grid, $"{run}a", $"{run}b", $"m-{run}"));
            Assert.Equal([$"{run}a", $"{run}b"], (await Account(grid, $"{run}b")).GroupIds.AsEnumerable());
        }

        Assert.InRange(dying, 5, 60);
    }

    private static async Task UntilDone(Func<Task<string?>> act)
    {
        for (int attempt = 0; attempt < 10; attempt++)
        {
            try
            {
                Assert.Null(await act());
                return;
            }
            catch (Exception failure) when (failure is not Xunit.Sdk.XunitException)
            {
                // The planned failure of a write: whoever asked asks again.
            }
        }

        Assert.Fail("It failed more often than once.");
    }

    private static async Task Ignoring(Task task)
    {
        try
        {
            await task;
        }
        catch (Exception failure) when (failure is not Xunit.Sdk.XunitException)
        {
            // The process has died under the call.
        }
    }

    private static async Task<TestGrid> Three(string run)
    {
        TestGrid grid = await TestGrid.StartAsync();
        await Three(grid, run);
        return grid;
    }

    private static async Task Three(TestGrid grid, string run) =>
        await grid.CollectApplied([
            .. new[] { "a", "b", "c" }.Select(name =>
                Group(
                    $"g-{run}{name}",
                    $"u-{run}{name}",
                    $"{run}{name}",
                    new JsonObject { [$"of-{name}"] = 1, ["domain"] = $"{run}{name}.example" }
                )
            ),
        ]);

    private static Task<string?> Join(TestGrid grid, string one, string other, string messageId) =>
        grid.Grains.JoinCompanies(one, other, messageId, "test", s_at);

    private static async Task<SplitReply> Split(TestGrid grid, string groupId, string splitId, string leaving)
    {
        string from = await grid.Grains.FindCompany(groupId);
        return await grid
            .Grains.GetGrain<ICompanyGrain>(CompanyId.ForSplit(splitId, from)!)
            .SplitFrom(new SplitRequest(splitId, from, [CompanyId.GroupOf(leaving)], "two companies", "steward", s_at));
    }

    private static string? Named(SplitReply reply) =>
        reply.Refused == "identifier_not_held" ? "groups_not_held" : reply.Refused;

    private static async Task<AccountReply> Account(TestGrid grid, string groupId) =>
        (await grid.Grains.FindAccount(groupId, new AccountQuery(null, 10)))!;

    private static string Text(AccountReply account) => Encoding.UTF8.GetString(account.TraitsJson.Span);

    private static JsonObject Company(string messageId, string id, JsonObject traits, params string[] merged) =>
        new()
        {
            ["type"] = "group",
            ["messageId"] = messageId,
            ["groupId"] = $"hubspot.company:{id}",
            ["traits"] = traits,
            ["context"] = new JsonObject
            {
                ["externalIds"] = new JsonArray([
                    .. merged
                        .Prepend(id)
                        .Select(one => new JsonObject
                        {
                            ["id"] = one,
                            ["type"] = "hubspot.company",
                            ["collection"] = "users",
                            ["encoding"] = "none",
                        }),
                ]),
            },
        };
}
