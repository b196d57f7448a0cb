using System.Text;
using System.Text.Json.Nodes;
using Customer360.Grains.Contracts;
using Customer360.Grains.Tests.Support;
using Customer360.Rules.Policies;
using Customer360.Silo.Start;
using static Customer360.Grains.Tests.Support.Messages;

namespace Customer360.Grains.Tests.Mastership;

public sealed class MastershipPolicyTests
{
    private const string OnlyCrm = "fields: {plan: {strategy: latest, writers: [crm]}}";
    private const string OnlyTest = "fields: {plan: {strategy: latest, writers: [test]}}";

    [Fact]
    public async Task Put_WhenAnotherNodeTookIt_CountsHereSoonWithoutAMessage()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await grid.CollectApplied(Identify("m-1", "u-1", null, new JsonObject { ["plan"] = "pro" }));
        Assert.Equal("pro", Plan(await grid.Profile("user_id:u-1")));

        // The policy goes straight to the grain, so this node learns of it as others do, by asking.
        await Put(grid, OnlyCrm);

        await WaitFor(async () => Plan(await grid.Profile("user_id:u-1")) is null);
        await Put(grid, OnlyTest);
        await WaitFor(async () => Plan(await grid.Profile("user_id:u-1")) == "pro");
    }

    [Fact]
    public async Task Put_WhenAnAccountHasTheField_CountsForItToo()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await grid.CollectApplied(Group("m-1", "u-1", "acme", new JsonObject { ["plan"] = "pro", ["name"] = "Acme" }));

        await Put(grid, OnlyCrm);

        await WaitFor(async () => await AccountTraits(grid) == """{"name":"Acme"}""");
        await Put(grid, OnlyTest);
        await WaitFor(async () => await AccountTraits(grid) == """{"name":"Acme","plan":"pro"}""");
    }

    [Fact]
    public async Task Put_WhenTheProcessCrashes_IsKept()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await Put(grid, OnlyCrm);

        await grid.CrashAndRestartAsync();

        Assert.Equal(1, await Policies.OwnerOf(grid, Policies.Mastership).GetNumber());
        await grid.CollectApplied(Identify("m-1", "u-1", null, new JsonObject { ["plan"] = "pro" }));
        Assert.Null(Plan(await grid.Profile("user_id:u-1")));
    }

    [Fact]
    public async Task Start_WhenThereIsAFile_TakesItBeforeAnyRead()
    {
        using var folder = new PolicyFolderOf("mastership.yaml", OnlyCrm);
        await using TestGrid grid = await TestGrid.StartAsync(folder.Setting);

        PolicyVersion current = (await Policies.OwnerOf(grid, Policies.Mastership).GetCurrent())!;
        Assert.Equal((PolicyAction.File, OnlyCrm), (current.Action, current.Text));
        await grid.CollectApplied(Identify("m-1", "u-1", null, new JsonObject { ["plan"] = "pro" }));
        Assert.Null(Plan(await grid.Profile("user_id:u-1")));

        await Put(grid, OnlyTest);
        await grid.RestartAsync();
        current = (await Policies.OwnerOf(grid, Policies.Mastership).GetCurrent())!;
        Assert.Equal(PolicyAction.Put, current.Action);
    }

    [Fact]
    public async Task Start_WhenTheFileIsWrong_EndsWithEveryReason()
    {
        using var folder = new PolicyFolderOf("mastership.yaml", "fields: {a: {strategy: newest}, b: [1]}");

        StartRefusedException error = await Assert.ThrowsAsync<StartRefusedException>(() =>
            TestGrid.StartAsync(folder.Setting)
        );

        Assert.Contains("mastership.yaml, line 1, fields.a", error.Message, StringComparison.Ordinal);
        Assert.Contains("mastership.yaml, line 1, fields.b", error.Message, StringComparison.Ordinal);
    }

    private static async Task Put(TestGrid grid, string yaml) =>
        Assert.Null((await Policies.Put(grid, Policies.Mastership, yaml)).Objection);

    private static async Task<string> AccountTraits(TestGrid grid) =>
        Encoding.UTF8.GetString(
            (await grid.Grains.GetGrain<IAccountGrain>("acme").GetAccount(new AccountQuery(null, 1)))!.TraitsJson.Span
        );

    private static string? Plan(JsonObject profile) => (string?)profile["traits"]!["plan"];

    private static async Task WaitFor(Func<Task<bool>> isSo)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!await isSo())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
        }
    }
}
