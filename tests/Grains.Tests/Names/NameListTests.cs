using System.Text.Json.Nodes;
using Customer360.Grains.Contracts;
using Customer360.Grains.Tests.Support;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Ports;
using Customer360.Rules.Profiles.Names;
using Microsoft.Extensions.DependencyInjection;
using static Customer360.Grains.Tests.Support.Messages;

namespace Customer360.Grains.Tests.Names;

/// <summary>Customers are found by what they are called now, whatever becomes of them.</summary>
public sealed class NameListTests : IAsyncLifetime
{
    private TestGrid _grid = null!;

    public async Task InitializeAsync() => _grid = await TestGrid.StartAsync();

    public async Task DisposeAsync() => await _grid.DisposeAsync();

    [Fact]
    public async Task Message_ThatNamesSomebody_IsFound_OnceItIsApplied()
    {
        await Name("u1", "Zoë", "O'Brien");

        Assert.Equal([await Owner("u1")], await Find("zoe", "obri"));
        Assert.Empty(await Find("zoe", "x"));
    }

    [Fact]
    public async Task Rename_LeavesTheNewNameAlone_AndOtherSourcesKeepTheirs()
    {
        await Name("u1", "Jane", "Doe");

        await Name("u1", "Jane", "Ulm");

        Assert.Equal([await Owner("u1")], await Find("ulm", "jane"));
        Assert.Empty(await Find("doe"));
    }

    [Fact]
    public async Task Message_ThatChangesNoName_WritesNothing()
    {
        await Name("u1", "Jane", "Doe");
        long version = await VersionOf(await Owner("u1"));

        await _grid.CollectApplied(
            Identify("again", "u1", null, new JsonObject { ["firstName"] = "JANE", ["plan"] = "pro" })
        );

        Assert.Equal(version, await VersionOf(await Owner("u1")));
        Assert.Equal([await Owner("u1")], await Find("doe"));
    }

    [Fact]
    public async Task Merge_BringsBothNames_AndSplit_TakesThemApart()
    {
        await Name("u1", "Jane", "Doe");
        await _grid.CollectApplied(
            Identify("b", null, "b1", new JsonObject { ["name"] = "Bea Birk", ["email"] = "b@example.org" })
        );
        string younger = (await _grid.OwnerOf("anonymous_id:b1"))!;
        Assert.Equal([younger], await Find("birk"));

        await _grid.CollectApplied(Identify("join", "u1", null, new JsonObject { ["email"] = "b@example.org" }));

        string older = await Owner("u1");
        Assert.NotEqual(younger, older);
        Assert.Equal([older], await Find("birk"));
        Assert.Equal([older], await Find("bea", "doe"));

        string splitId = "d_" + new string('1', 32);
        string to = CustomerId.ForSplit(splitId, older, DateTimeOffset.UnixEpoch.AddYears(56));
        SplitReply split = await _grid
            .Grains.GetGrain<ICustomerGrain>(to)
            .SplitFrom(
                new SplitRequest(
                    splitId,
                    older,
                    [Identifier.Parse("anonymous_id:b1"), Identifier.Parse("email:b@example.org")],
                    "two people",
                    "test",
                    DateTimeOffset.UnixEpoch.AddYears(56)
                )
            );

        Assert.Null(split.Refused);
        Assert.Equal([older], await Find("doe"));
        Assert.Equal([(await _grid.OwnerOf("anonymous_id:b1"))!], await Find("birk"));
        Assert.Empty(await Find("bea", "doe"));
    }

    [Theory]
    [InlineData(FaultKind.BeforeCommit)]
    [InlineData(FaultKind.AfterCommit)]
    public async Task Write_ThatFails_IsMadeUpFor_BeforeTheMessageIsApplied(FaultKind kind)
    {
        await Name("u1", "Jane", "Doe");
        string customer = await Owner("u1");
        _grid.Faults.Plan(number => number <= 2 ? kind : null);

        await Name("u1", "Jane", "Ulm");

        Assert.Equal([customer], await Find("ulm"));
        Assert.Empty(await Find("doe"));
    }

    [Fact]
    public async Task Crash_AfterTheMessage_LeavesTheCustomerFound()
    {
        await Name("u1", "Jane", "Doe");
        await Name("u1", "Jane", "Ulm");

        await _grid.CrashAndRestartAsync();

        Assert.Equal([await Owner("u1")], await Find("ulm"));
        Assert.Empty(await Find("doe"));
    }

    [Fact]
    public async Task Crash_BetweenTheLogAndTheWrite_IsHealedWhenTheMessageIsFoldedAgain()
    {
        await Name("u1", "Jane", "Doe");
        _grid.Faults.CutOff();
        await _grid.Collect(applied: false, Named("u1", "Jane", "Ulm"));

        await _grid.CrashAndRestartAsync();

        Assert.Equal([await Owner("u1")], await Find("ulm"));
        Assert.Empty(await Find("doe"));
    }

    [Fact]
    public async Task Backfill_OfCustomersThatWereThereBefore_ListsThem_AndWakesNobodyTwice()
    {
        await Name("u1", "Jane", "Doe");
        await Name("u2", "Bob", "Birk");
        await _grid.CollectApplied(Track("t", "u3", null));
        string jane = await Owner("u1");
        await ForgetTheList(jane);
        await ForgetTheList(await Owner("u2"));
        await _grid.RestartAsync();
        Assert.Empty(await Find("doe"));

        Assert.Equal("""{"customers":2}""", await Backfill("1"));

        Assert.Equal([jane], await Find("jane", "doe"));
        Assert.Equal([await Owner("u2")], await Find("birk"));
        Assert.Equal("""{"customers":0}""", await Backfill("2"));
    }

    [Fact]
    public async Task Find_WhereFrequentWordsMeetInFewPeople_GoesOnPageByPage()
    {
        foreach (int number in Enumerable.Range(0, 30))
        {
            await Name($"a{number}", "Maria", $"Last{number:00}");
        }

        List<string> found = [];
        NamesPlace? after = null;
        do
        {
            NamesPage page = await _grid
                .Grains.GetGrain<INameListGrain>(0)
                .Find(new NamesQuery(["last", "mar"], (int)NameFields.All, after, 7));
            found.AddRange(page.CustomerIds);
            after = page.Next;
        } while (after is not null);

        Assert.Equal(30, found.Count);
        Assert.Equal(30, found.Distinct().Count());
    }

    private async Task<string> Backfill(string number)
    {
        string id = $"j_{new string('0', 31)}{number}";
        IJobsGrain jobs = _grid.Grains.GetGrain<IJobsGrain>(GrainKeys.Jobs);
        Assert.NotNull((await jobs.Start(new JobRequest(id, JobKind.NameBackfill, "test", Yaml: null))).Job);
        JobView? job = null;
        await TestGrid.UntilAsync(async () =>
        {
            job = await _grid.Grains.GetGrain<IJobGrain>(id).Get();
            return job!.Status != JobStatus.Running;
        });
        Assert.Equal(JobStatus.Done, job!.Status);
        return System.Text.Encoding.UTF8.GetString(job.ResultJson.Span);
    }

    /// <summary>As a release has left it that had no such list.</summary>
    private async Task ForgetTheList(string customer)
    {
        IGrainStateStore states = _grid.Services.GetRequiredService<IGrainStateStore>();
        StoredState stored = (await states.ReadAsync(GrainKeys.CustomerState, customer, CancellationToken.None))!;
        JsonObject state = JsonNode.Parse(stored.Json.Span)!.AsObject();
        Assert.True(state.Remove("names"));
        Assert.NotNull(
            await states.WriteAsync(
                GrainKeys.CustomerState,
                customer,
                System.Text.Encoding.UTF8.GetBytes(state.ToJsonString()),
                stored.Version,
                new StateCompanions { Listings = [new NameListing([])] },
                CancellationToken.None
            )
        );
    }

    private async Task Name(string user, string first, string last) =>
        await _grid.CollectApplied(Named(user, first, last));

    private static JsonObject Named(string user, string first, string last) =>
        Identify($"{user}-{first}-{last}", user, null, new JsonObject { ["firstName"] = first, ["lastName"] = last });

    private async Task<long> VersionOf(string customer) =>
        (
            await _grid
                .Services.GetRequiredService<IGrainStateStore>()
                .ReadAsync(GrainKeys.CustomerState, customer, CancellationToken.None)
        )!.Version;

    private async Task<string> Owner(string user) => (await _grid.OwnerOf($"user_id:{user}"))!;

    private async Task<string[]> Find(params string[] words) =>
        [
            .. (
                await _grid
                    .Grains.GetGrain<INameListGrain>(0)
                    .Find(new NamesQuery([.. words], (int)NameFields.All, After: null, 100))
            ).CustomerIds,
        ];
}
