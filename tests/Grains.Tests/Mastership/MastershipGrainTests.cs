using System.Text;
using System.Text.Json.Nodes;
using Customer360.Grains.Contracts;
using Customer360.Grains.Tests.Support;
using Customer360.Rules.Ports;
using Customer360.Rules.Profiles.Mastership;
using Customer360.Silo.Mastership;
using static Customer360.Grains.Tests.Support.Messages;

namespace Customer360.Grains.Tests.Mastership;

public sealed class MastershipGrainTests
{
    private const string OnlyCrm = "fields: {plan: {strategy: latest, writers: [crm]}}";
    private const string OnlyTest = "fields: {plan: {strategy: latest, writers: [test]}}";

    [Fact]
    public async Task Put_WhenAnotherNodeTookIt_CountsHereSoonWithoutAMessage()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await grid.CollectApplied(Identify("m-1", "u-1", null, new JsonObject { ["plan"] = "pro" }));
        Assert.Equal("pro", Plan(await grid.Profile("user_id:u-1")));

        // Straight to the grain: this node learns of it as others do, by asking.
        await Grain(grid).Put(PutOf(OnlyCrm));

        await WaitFor(async () => Plan(await grid.Profile("user_id:u-1")) is null);
        await Grain(grid).Put(PutOf(OnlyTest));
        await WaitFor(async () => Plan(await grid.Profile("user_id:u-1")) == "pro");
    }

    [Fact]
    public async Task Put_WhenAnAccountHasTheField_CountsForItToo()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await grid.CollectApplied(Group("m-1", "u-1", "acme", new JsonObject { ["plan"] = "pro", ["name"] = "Acme" }));

        await Grain(grid).Put(PutOf(OnlyCrm));

        await WaitFor(async () => await AccountTraits(grid) == """{"name":"Acme"}""");
        await Grain(grid).Put(PutOf(OnlyTest));
        await WaitFor(async () => await AccountTraits(grid) == """{"name":"Acme","plan":"pro"}""");
    }

    [Fact]
    public async Task Put_WhenTheProcessCrashes_IsKept()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await Grain(grid).Put(PutOf(OnlyCrm));

        await grid.CrashAndRestartAsync();

        Assert.Equal(1, (await Grain(grid).GetCurrent()).Revision);
        await grid.CollectApplied(Identify("m-1", "u-1", null, new JsonObject { ["plan"] = "pro" }));
        Assert.Null(Plan(await grid.Profile("user_id:u-1")));
    }

    [Theory]
    [InlineData(FaultKind.BeforeCommit)]
    [InlineData(FaultKind.AfterCommit)]
    public async Task Put_WhenTheWriteFails_MayBeRepeated(FaultKind fault)
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        IMastershipGrain grain = Grain(grid);
        await grain.Put(PutOf(OnlyTest));
        grid.Faults.Plan(_ => fault);

        OrleansException error = await Assert.ThrowsAsync<OrleansException>(() => grain.Put(PutOf(OnlyCrm)));
        Assert.IsType<StorageUnavailableException>(error.GetBaseException());

        grid.Faults.Heal();
        Assert.Equal(fault == FaultKind.BeforeCommit ? 1 : 2, (await grain.GetCurrent()).Revision);
        Assert.Equal(2, (await grain.Put(PutOf(OnlyCrm))).Revision);
        Assert.Equal(2, (await grain.GetHistory()).Revisions.Length);
    }

    [Fact]
    public async Task Put_WhenOfAFile_CountsOnceUntilTheFileChanges()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        IMastershipGrain grain = Grain(grid);

        Assert.Equal("file", (await grain.Put(PutOf(OnlyCrm, isFile: true))).Action);
        await grain.Put(PutOf(OnlyTest));
        Assert.Equal(2, (await grain.Put(PutOf(OnlyCrm, isFile: true))).Revision);
        Assert.Equal(3, (await grain.Put(PutOf("{}", isFile: true))).Revision);
    }

    [Fact]
    public async Task Put_WhenThereWereMany_KeepsTheLatestFifty()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        IMastershipGrain grain = Grain(grid);
        for (int number = 1; number <= 52; number++)
        {
            await grain.Put(PutOf($"fields: {{f{number}: {{strategy: max}}}}"));
        }

        MastershipHistory history = await grain.GetHistory();
        Assert.Equal(50, history.Revisions.Length);
        Assert.Equal([52L, 51L], history.Revisions.Take(2).Select(one => one.Revision));
        Assert.Null(await grain.Rollback(new MastershipRollback(2, "operator")));
        Assert.Equal(53, (await grain.Rollback(new MastershipRollback(3, "operator")))!.Revision);
    }

    [Fact]
    public async Task Start_WhenAFileIsNamed_TakesItBeforeAnyRead()
    {
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, OnlyCrm);
            await using TestGrid grid = await TestGrid.StartAsync(("Customer360:Mastership:File", file));

            MastershipRevision current = await Grain(grid).GetCurrent();
            Assert.Equal("file", current.Action);
            Assert.Equal(OnlyCrm, current.Yaml);
            await grid.CollectApplied(Identify("m-1", "u-1", null, new JsonObject { ["plan"] = "pro" }));
            Assert.Null(Plan(await grid.Profile("user_id:u-1")));

            await Grain(grid).Put(PutOf(OnlyTest));
            await grid.RestartAsync();
            Assert.Equal("put", (await Grain(grid).GetCurrent()).Action);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("fields: {a: {strategy: newest}, b: [1]}", "line 1, fields.a", "line 1, fields.b")]
    [InlineData(null, "does not exist", "Customer360:Mastership:File")]
    public async Task Start_WhenTheFileIsWrong_EndsWithEveryReason(string? yaml, params string[] reasons)
    {
        string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        if (yaml is not null)
        {
            await File.WriteAllTextAsync(file, yaml);
        }

        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            TestGrid.StartAsync(("Customer360:Mastership:File", file))
        );

        Assert.All(reasons, reason => Assert.Contains(reason, error.Message, StringComparison.Ordinal));
        File.Delete(file);
    }

    [Fact]
    public void Take_WhenAnOlderRevisionComesLate_ChangesNothing()
    {
        var copy = new MastershipCopy();
        copy.Take(RevisionOf(2, OnlyCrm));
        MastershipPolicy second = copy.Current;
        copy.Take(RevisionOf(1, OnlyTest));
        Assert.Same(second, copy.Current);

        copy.Take(RevisionOf(3, $"# another word\n{OnlyCrm}"));
        Assert.Same(second, copy.Current);
        Assert.Equal(3, copy.Revision);
    }

    private static IMastershipGrain Grain(TestGrid grid) => grid.Grains.GetGrain<IMastershipGrain>(GrainKeys.Current);

    private static MastershipPut PutOf(string yaml, bool isFile = false) =>
        new(MastershipYaml.Read(yaml).Policy!, yaml, "operator", isFile);

    private static MastershipRevision RevisionOf(long revision, string yaml) =>
        new(revision, "put", "operator", DateTimeOffset.UnixEpoch, MastershipYaml.Read(yaml).Policy!, yaml, null);

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
