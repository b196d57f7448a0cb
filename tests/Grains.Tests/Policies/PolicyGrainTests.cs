using System.Text.Json.Nodes;
using Customer360.Grains.Contracts;
using Customer360.Grains.Tests.Support;
using Customer360.Rules.Identity;
using Customer360.Rules.Policies;
using Customer360.Silo.Policies;
using Customer360.Silo.Start;
using static Customer360.Grains.Tests.Support.Messages;

namespace Customer360.Grains.Tests.PolicyTests;

/// <summary>Which policy is in force, what was before, and that everything follows: with identity rules, which decide most.</summary>
public sealed class PolicyGrainTests
{
    private static readonly string s_twoUsers = Yaml(2);
    private static readonly string s_threeUsers = Yaml(3);

    [Fact]
    public async Task Start_WithoutFileOrHistory_UsesTheBuiltInRules()
    {
        await using TestGrid grid = await TestGrid.StartAsync();

        Assert.Equal(IdentityRules.Default.Version, grid.Rules.Current.Version);
        Assert.Null(await Owner(grid).GetCurrent());
        Assert.Equal(0, await Owner(grid).GetNumber());
    }

    [Fact]
    public async Task Put_WhenTaken_IsInForceOnTheNodeAndAfterACrash()
    {
        await using TestGrid grid = await TestGrid.StartAsync();

        PolicyReply reply = await Put(grid, s_twoUsers);
        await grid.FollowRules(VersionOf(s_twoUsers));
        await grid.CrashAndRestartAsync();

        Assert.Equal((1, VersionOf(s_twoUsers)), (reply.Current!.Number, reply.Current.Version));
        Assert.Equal(VersionOf(s_twoUsers), grid.Rules.Current.Version);
        Assert.Equal(s_twoUsers, (await Owner(grid).GetCurrent())!.Text);
    }

    [Fact]
    public async Task Decisions_WhenRulesChange_FollowThemAndSaySo()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await grid.CollectApplied(Identify("m-1", "jane", "a-1"));
        await grid.CollectApplied(WithBothLogins("m-2"));
        string? before = await grid.OwnerOf("user_id:june");
        Assert.NotEqual(await grid.OwnerOf("user_id:jane"), before);

        await Put(grid, s_twoUsers);
        await grid.FollowRules(VersionOf(s_twoUsers));
        await grid.CollectApplied(WithBothLogins("m-3"));

        string customer = (await grid.OwnerOf("user_id:june"))!;
        Assert.Equal(await grid.OwnerOf("user_id:jane"), customer);
        var decisions = await grid.DecisionsOf(customer);
        string[] versions =
        [
            .. decisions.Select(one => System.Text.Encoding.UTF8.GetString(one.Payload.Span)).Select(RuleVersionOf),
        ];
        Assert.Contains(IdentityRules.Default.Version, versions);
        Assert.Contains(VersionOf(s_twoUsers), versions);
    }

    /// <summary>A system that knows both says that two logins are one person; a shared device would not be enough.</summary>
    private static JsonObject WithBothLogins(string messageId)
    {
        JsonObject message = Identify(messageId, "june", null);
        message["context"] = new JsonObject
        {
            ["externalIds"] = new JsonArray(
                new JsonObject
                {
                    ["id"] = "jane",
                    ["type"] = "user_id",
                    ["collection"] = "users",
                    ["encoding"] = "none",
                }
            ),
        };
        return message;
    }

    [Fact]
    public async Task Put_WhenRepeated_ChangesNothing()
    {
        await using TestGrid grid = await TestGrid.StartAsync();

        await Put(grid, s_twoUsers);
        PolicyReply again = await Put(grid, s_twoUsers, IdentityRules.Default.Version);

        Assert.Null(again.Objection);
        Assert.Equal(1, again.Current!.Number);
        Assert.Single((await History(grid)).Entries);
    }

    [Theory]
    [InlineData(FaultKind.BeforeCommit)]
    [InlineData(FaultKind.AfterCommit)]
    public async Task Put_WhenItsWriteFails_IsTakenOnceByTheRepeat(FaultKind fault)
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        grid.Faults.Plan(_ => fault);

        Assert.True(Outages.Is(await Assert.ThrowsAnyAsync<Exception>(() => Put(grid, s_twoUsers))));
        grid.Faults.Heal();
        PolicyReply reply = await Put(grid, s_twoUsers, IdentityRules.Default.Version);

        Assert.Null(reply.Objection);
        Assert.Equal(VersionOf(s_twoUsers), reply.Current!.Version);
        Assert.Single((await History(grid)).Entries);
    }

    [Fact]
    public async Task Put_WhenMeantForOtherRules_IsRefused()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await Put(grid, s_twoUsers, IdentityRules.Default.Version);

        PolicyReply late = await Put(grid, s_threeUsers, IdentityRules.Default.Version);

        Assert.Equal(PolicyObjection.Replaced, late.Objection);
        Assert.Equal(VersionOf(s_twoUsers), (await Owner(grid).GetCurrent())!.Version);
    }

    [Fact]
    public async Task History_WhenLong_IsBoundedAndPaged()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        for (int index = 0; index < 5; index++)
        {
            await Put(grid, Yaml(index + 2));
        }

        PolicyHistory first = await History(grid, limit: 2);
        PolicyHistory rest = await History(grid, limit: 3, before: first.Entries[^1].Number);

        Assert.Equal([5, 4], first.Entries.Select(one => one.Number));
        Assert.True(first.HasMore);
        Assert.Equal([3, 2, 1], rest.Entries.Select(one => one.Number));
        Assert.False(rest.HasMore);
        Assert.Equal(Yaml(3), (await Owner(grid).Find(VersionOf(Yaml(3))))!.Text);
    }

    /// <summary>A file has a row of its own, so large ones push nothing out of the history.</summary>
    [Fact]
    public async Task History_WhenItsFilesAreLarge_KeepsThemAll()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        string comment = "\n#" + new string('x', 60_000);

        for (int index = 0; index < 4; index++)
        {
            await Put(grid, Yaml(index + 2) + comment);
        }

        await grid.CrashAndRestartAsync();
        Assert.Equal([4, 3, 2, 1], (await History(grid)).Entries.Select(one => one.Number));
        Assert.Equal(s_twoUsers + comment, (await Owner(grid).Find(VersionOf(s_twoUsers)))!.Text);
    }

    [Fact]
    public async Task File_WhenTheStoreIsEmpty_IsTheFirstVersion()
    {
        using var folder = new PolicyFolderOf("identity.yaml", s_twoUsers);
        await using TestGrid grid = await TestGrid.StartAsync(folder.Setting);

        PolicyVersion current = (await Owner(grid).GetCurrent())!;

        Assert.Equal((PolicyAction.File, "file"), (current.Action, current.By));
        Assert.Equal(VersionOf(s_twoUsers), grid.Rules.Current.Version);
    }

    [Fact]
    public async Task File_WhenItIsOlderThanWhatWasPut_DoesNotComeBack()
    {
        using var folder = new PolicyFolderOf("identity.yaml", s_twoUsers);
        await using TestGrid grid = await TestGrid.StartAsync(folder.Setting);
        await Put(grid, s_threeUsers);

        await grid.RestartAsync();
        Assert.Equal(VersionOf(s_threeUsers), grid.Rules.Current.Version);

        // A file that the history has not seen is a change, as a PUT would be.
        folder.Write(Yaml(4));
        await grid.RestartAsync();
        Assert.Equal(VersionOf(Yaml(4)), grid.Rules.Current.Version);
        Assert.Equal(
            [PolicyAction.File, PolicyAction.Put, PolicyAction.File],
            (await History(grid)).Entries.Select(one => one.Action)
        );
    }

    [Fact]
    public async Task File_WhenItComesBackAfterAnotherOne_IsNotTakenAgain()
    {
        using var folder = new PolicyFolderOf("identity.yaml", s_twoUsers);
        await using TestGrid grid = await TestGrid.StartAsync(folder.Setting);
        folder.Write(s_threeUsers);
        await grid.RestartAsync();

        // A node that was left behind with the first file must not bring it back.
        folder.Write(s_twoUsers);
        await grid.RestartAsync();

        Assert.Equal(VersionOf(s_threeUsers), grid.Rules.Current.Version);
    }

    [Fact]
    public async Task Start_WhenTheFileIsNotValid_EndsAndNamesLineAndRule()
    {
        using var folder = new PolicyFolderOf("identity.yaml", Yaml(0));

        var error = await Assert.ThrowsAsync<StartRefusedException>(() => TestGrid.StartAsync(folder.Setting));

        Assert.Contains("line 3, identifiers.user_id.limit", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WhenANameOfTheFolderIsNoKinds_Ends()
    {
        using var folder = new PolicyFolderOf("identiy.yaml", s_twoUsers);

        var error = await Assert.ThrowsAsync<StartRefusedException>(() => TestGrid.StartAsync(folder.Setting));

        Assert.Contains("identiy.yaml", error.Message, StringComparison.Ordinal);
        Assert.Contains(
            "Known: access.yaml, attribution.yaml, audiences.yaml, consent.yaml, contracts.yaml",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Start_WhenTheNamedFolderIsMissing_Ends()
    {
        var error = await Assert.ThrowsAsync<StartRefusedException>(() =>
            TestGrid.StartAsync(("Customer360:Policies:Folder", "/nowhere"))
        );

        Assert.Contains("CUSTOMER360__POLICIES__FOLDER", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Take_WhenVersionsArriveInAnyOrder_KeepsTheNewest()
    {
        var live = new LivePolicy<IdentityRules>(
            (PolicyKind<IdentityRules>)Policies.Kinds.Find(Policies.Identity)!,
            Policies.Kinds
        );
        PolicyReading<IdentityRules> three = Policies.ReadRules(s_threeUsers);

        live.Take(2, 0, three);
        live.Take(1, 0, Policies.ReadRules(s_twoUsers));
        Assert.Same(three.Body!.Base, live.Current);

        // Other comments, the same policy: what was made by it stays valid.
        live.Take(3, 0, Policies.ReadRules($"# another word\n{s_threeUsers}"));
        Assert.Same(three.Body.Base, live.Current);
        Assert.Equal(3, live.Number);
    }

    [Fact]
    public async Task RollBack_WhenRepeated_IsOneEntryThatNamesWhatItRepeats()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await Put(grid, s_twoUsers);
        await Put(grid, s_threeUsers);

        await Owner(grid).RollBack(new PolicyRevert(VersionOf(s_twoUsers), "test", []));
        PolicyReply again = await Owner(grid).RollBack(new PolicyRevert(VersionOf(s_twoUsers), "test", []));
        PolicyReply builtIn = await Owner(grid).RollBack(new PolicyRevert(IdentityRules.Default.Version, "test", []));
        PolicyReply unknown = await Owner(grid).RollBack(new PolicyRevert("000000000000", "test", []));

        Assert.Equal((3, 1), (again.Current!.Number, again.Current.RollBackTo));
        Assert.Equal((4, 0), (builtIn.Current!.Number, builtIn.Current.RollBackTo));
        Assert.Equal(Policies.BuiltInRules, builtIn.Current.Text);
        Assert.Equal(PolicyObjection.NeverInForce, unknown.Objection);
        await grid.FollowRules(IdentityRules.Default.Version);
    }

    [Fact]
    public async Task Put_WhenTheFileIsNotValid_ChangesNothing()
    {
        await using TestGrid grid = await TestGrid.StartAsync();

        PolicyReply reply = await Put(grid, Yaml(0));

        Assert.Equal(PolicyObjection.NotValid, reply.Objection);
        Assert.Empty((await History(grid)).Entries);
    }

    [Fact]
    public async Task Steps_WhenTaken_AreRecordedOnce()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await Put(grid, s_twoUsers);
        await Put(grid, s_twoUsers);
        await Owner(grid).RollBack(new PolicyRevert(IdentityRules.Default.Version, "other", []));
        await grid.CrashAndRestartAsync();

        Assert.Equal(
            [
                (PolicyStepKind.InForce, "test", VersionOf(s_twoUsers), IdentityRules.Default.Version),
                (PolicyStepKind.RolledBack, "other", IdentityRules.Default.Version, VersionOf(s_twoUsers)),
            ],
            (await Steps(grid)).Select(step => (step.Kind, step.By, step.Version, step.Replaces))
        );
    }

    /// <summary>
    /// Each write of a change fails in turn, before or after it is stored: the file's, the ledger's, the record's. Whatever is
    /// told, afterwards the change and its record are both there, once, or neither is until it is repeated.
    /// </summary>
    [Theory]
    [InlineData(1, FaultKind.BeforeCommit)]
    [InlineData(1, FaultKind.AfterCommit)]
    [InlineData(2, FaultKind.BeforeCommit)]
    [InlineData(2, FaultKind.AfterCommit)]
    [InlineData(3, FaultKind.BeforeCommit)]
    [InlineData(3, FaultKind.AfterCommit)]
    public async Task Put_WhenAnyOfItsWritesFails_IsTakenAndRecordedOnce(int write, FaultKind fault)
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        grid.Faults.Plan(number => number == write ? fault : null);

        Assert.True(Outages.Is(await Assert.ThrowsAnyAsync<Exception>(() => Put(grid, s_twoUsers))));
        grid.Faults.Heal();
        await grid.CrashAndRestartAsync();

        bool isStored = write == 3 || (write == 2 && fault == FaultKind.AfterCommit);
        Assert.Equal(isStored ? 1 : 0, await Owner(grid).GetNumber());
        Assert.Equal(isStored ? 1 : 0, (await Steps(grid)).Length);
        PolicyReply reply = await Put(grid, s_twoUsers, IdentityRules.Default.Version);
        Assert.Null(reply.Objection);
        Assert.Equal(VersionOf(s_twoUsers), reply.Current!.Version);
        Assert.Single((await History(grid)).Entries);
        Assert.Single(await Steps(grid));
    }

    private static async Task<PolicyStep[]> Steps(TestGrid grid) =>
        [.. (await grid.DecisionsOf(PolicyStepRecord.SubjectOf(Policies.Identity))).Select(PolicyStepRecord.Read)];

    private static string Yaml(int users) =>
        $$"""
            defaultRegion: US
            identifiers:
              user_id: { priority: 1, limit: {{users}} }
              anonymous_id: { priority: 2, limit: 5, kind: device }
            """;

    private static string VersionOf(string yaml) => Policies.Rules(yaml).Version;

    private static string RuleVersionOf(string payload)
    {
        using var document = System.Text.Json.JsonDocument.Parse(payload);
        return document.RootElement.GetProperty("ruleVersion").GetString()!;
    }

    private static IPolicyGrain Owner(TestGrid grid) => Policies.OwnerOf(grid, Policies.Identity);

    private static Task<PolicyHistory> History(TestGrid grid, int limit = 100, long? before = null) =>
        Owner(grid).GetHistory(new PolicyHistoryQuery(before, limit));

    private static Task<PolicyReply> Put(TestGrid grid, string yaml, params string[] ifInForce) =>
        Policies.Put(grid, Policies.Identity, yaml, ifInForce);
}
