using System.Text.Json.Nodes;
using Customer360.Grains.Contracts;
using Customer360.Grains.Tests.Support;
using Customer360.Rules.Identity;
using Customer360.Silo.Identity;
using static Customer360.Grains.Tests.Support.Messages;

namespace Customer360.Grains.Tests.Identity;

/// <summary>Which rules are in force, what was before, and that everything follows.</summary>
public sealed class IdentityRulesGrainTests
{
    private static readonly string TwoUsers = Yaml(2);
    private static readonly string ThreeUsers = Yaml(3);

    [Fact]
    public async Task Start_WithoutFileOrHistory_UsesTheBuiltInRules()
    {
        await using TestGrid grid = await TestGrid.StartAsync();

        Assert.Same(IdentityRules.Default, grid.Rules.Current);
        Assert.Null(await Owner(grid).GetCurrent());
        Assert.Equal(0, await Owner(grid).GetNumber());
    }

    [Fact]
    public async Task Put_WhenTaken_IsInForceOnTheNodeAndAfterACrash()
    {
        await using TestGrid grid = await TestGrid.StartAsync();

        IdentityRulesReply reply = await Put(grid, TwoUsers);
        await grid.FollowRules(VersionOf(TwoUsers));
        await grid.CrashAndRestartAsync();

        Assert.Equal((1, VersionOf(TwoUsers)), (reply.Current!.Number, reply.Current.Version));
        Assert.Equal(VersionOf(TwoUsers), grid.Rules.Current.Version);
        Assert.Equal(TwoUsers, (await Owner(grid).GetCurrent())!.Yaml);
    }

    [Fact]
    public async Task Decisions_WhenRulesChange_FollowThemAndSaySo()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await grid.CollectApplied(Identify("m-1", "jane", "a-1"));
        await grid.CollectApplied(WithBothLogins("m-2"));
        string? before = await grid.OwnerOf("user_id:june");
        Assert.NotEqual(await grid.OwnerOf("user_id:jane"), before);

        await Put(grid, TwoUsers);
        await grid.FollowRules(VersionOf(TwoUsers));
        await grid.CollectApplied(WithBothLogins("m-3"));

        string customer = (await grid.OwnerOf("user_id:june"))!;
        Assert.Equal(await grid.OwnerOf("user_id:jane"), customer);
        var decisions = await grid.DecisionsOf(customer);
        string[] versions =
        [
            .. decisions.Select(one => System.Text.Encoding.UTF8.GetString(one.Payload.Span)).Select(RuleVersionOf),
        ];
        Assert.Contains(IdentityRules.Default.Version, versions);
        Assert.Contains(VersionOf(TwoUsers), versions);
    }

    /// <summary>Two logins of one person, said by a system that knows both: a shared device would not suffice.</summary>
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

        await Put(grid, TwoUsers);
        IdentityRulesReply again = await Put(grid, TwoUsers, IdentityRules.Default.Version);

        Assert.False(again.IsRefused);
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

        await Assert.ThrowsAsync<OrleansException>(() => Put(grid, TwoUsers));
        grid.Faults.Heal();
        IdentityRulesReply reply = await Put(grid, TwoUsers, IdentityRules.Default.Version);

        Assert.False(reply.IsRefused);
        Assert.Equal(VersionOf(TwoUsers), reply.Current!.Version);
        Assert.Single((await History(grid)).Entries);
    }

    [Fact]
    public async Task Put_WhenMeantForOtherRules_IsRefused()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await Put(grid, TwoUsers, IdentityRules.Default.Version);

        IdentityRulesReply late = await Put(grid, ThreeUsers, IdentityRules.Default.Version);

        Assert.True(late.IsRefused);
        Assert.Equal(VersionOf(TwoUsers), (await Owner(grid).GetCurrent())!.Version);
    }

    [Fact]
    public async Task History_WhenLong_IsBoundedAndPaged()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        for (int index = 0; index < 5; index++)
        {
            await Put(grid, Yaml(index + 2));
        }

        IdentityRulesHistory first = await History(grid, limit: 2);
        IdentityRulesHistory rest = await History(grid, limit: 3, before: first.Entries[^1].Number);

        Assert.Equal([5, 4], first.Entries.Select(one => one.Number));
        Assert.True(first.HasMore);
        Assert.Equal([3, 2, 1], rest.Entries.Select(one => one.Number));
        Assert.False(rest.HasMore);
        Assert.Equal(Yaml(3), (await Owner(grid).Find(VersionOf(Yaml(3))))!.Yaml);
    }

    [Fact]
    public async Task History_WhenItsFilesAreLarge_DropsTheOldest()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        string comment = "\n#" + new string('x', IdentityRulesGrain.CharactersMax / 2);

        for (int index = 0; index < 4; index++)
        {
            await Put(grid, Yaml(index + 2) + comment);
        }

        Assert.Equal([4], (await History(grid)).Entries.Select(one => one.Number));
    }

    [Fact]
    public async Task File_WhenTheStoreIsEmpty_IsTheFirstVersion()
    {
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, TwoUsers);
        await using TestGrid grid = await TestGrid.StartAsync(("Customer360:Identity:RulesFile", file));

        IdentityRulesVersion current = (await Owner(grid).GetCurrent())!;

        Assert.Equal((IdentityRulesOrigin.File, "file"), (current.Origin, current.By));
        Assert.Equal(VersionOf(TwoUsers), grid.Rules.Current.Version);
        File.Delete(file);
    }

    [Fact]
    public async Task File_WhenItIsOlderThanWhatWasPut_DoesNotComeBack()
    {
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, TwoUsers);
        await using TestGrid grid = await TestGrid.StartAsync(("Customer360:Identity:RulesFile", file));
        await Put(grid, ThreeUsers);

        await grid.RestartAsync();
        Assert.Equal(VersionOf(ThreeUsers), grid.Rules.Current.Version);

        // One that the history has not seen is a change, as a PUT would be.
        await File.WriteAllTextAsync(file, Yaml(4));
        await grid.RestartAsync();
        Assert.Equal(VersionOf(Yaml(4)), grid.Rules.Current.Version);
        Assert.Equal(
            [IdentityRulesOrigin.File, IdentityRulesOrigin.Put, IdentityRulesOrigin.File],
            (await History(grid)).Entries.Select(one => one.Origin)
        );
        File.Delete(file);
    }

    [Fact]
    public async Task Start_WhenTheFileIsNotValid_EndsAndNamesLineAndRule()
    {
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, Yaml(0));

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            TestGrid.StartAsync(("Customer360:Identity:RulesFile", file))
        );

        Assert.Contains("line 3, identifiers.user_id.limit", error.Message, StringComparison.Ordinal);
        File.Delete(file);
    }

    [Fact]
    public async Task Start_WhenTheNamedFileIsMissing_Ends() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            TestGrid.StartAsync(("Customer360:Identity:RulesFile", "/nowhere/identity.yaml"))
        );

    [Fact]
    public void Take_WhenVersionsArriveInAnyOrder_KeepsTheNewest()
    {
        var live = new LiveIdentityRules(IdentityRules.Default);
        IdentityRules two = IdentityRulesYaml.Read(TwoUsers).Rules!;
        IdentityRules three = IdentityRulesYaml.Read(ThreeUsers).Rules!;

        live.Take(Version(2), three);
        live.Take(Version(1), two);

        Assert.Same(three, live.Current);
        Assert.Equal(2, live.Number);
    }

    private static IdentityRulesVersion Version(long number) =>
        new(number, $"v{number}", "", DateTimeOffset.UnixEpoch, "test", IdentityRulesOrigin.Put, AnchorsSince: 0);

    private static string Yaml(int users) =>
        $$"""
            defaultRegion: US
            identifiers:
              user_id: { priority: 1, limit: {{users}} }
              anonymous_id: { priority: 2, limit: 5, kind: device }
            """;

    private static string VersionOf(string yaml) => IdentityRulesYaml.Read(yaml).Rules!.Version;

    private static string RuleVersionOf(string payload)
    {
        using var document = System.Text.Json.JsonDocument.Parse(payload);
        return document.RootElement.GetProperty("ruleVersion").GetString()!;
    }

    private static IIdentityRulesGrain Owner(TestGrid grid) =>
        grid.Grains.GetGrain<IIdentityRulesGrain>(GrainKeys.IdentityRules);

    private static Task<IdentityRulesHistory> History(TestGrid grid, int limit = 100, long? before = null) =>
        Owner(grid).GetHistory(new IdentityRulesHistoryQuery(before, limit));

    private static Task<IdentityRulesReply> Put(TestGrid grid, string yaml, params string[] ifCurrent) =>
        Owner(grid)
            .Put(
                new IdentityRulesChange(
                    VersionOf(yaml),
                    yaml,
                    "test",
                    IdentityRulesOrigin.Put,
                    [.. ifCurrent],
                    IdentityRules.Default.Version
                )
            );
}
