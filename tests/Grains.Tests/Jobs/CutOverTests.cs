using System.Text;
using System.Text.Json.Nodes;
using Customer360.Grains.Contracts;
using Customer360.Grains.Tests.Support;
using Customer360.Rules.Decisions;
using Customer360.Rules.Identity;
using Customer360.Rules.Policies;
using Customer360.Rules.Ports;
using static Customer360.Grains.Tests.Support.Messages;

namespace Customer360.Grains.Tests.Jobs;

/// <summary>A cut-over brings the grid to what its dry run found, and a roll back brings it back.</summary>
public sealed class CutOverTests
{
    internal const string TwoUsers = """
        defaultRegion: US
        identifiers:
          user_id: { priority: 1, limit: 2, window: ever, normalisation: exact }
          email: { priority: 2, limit: 5, window: ever, normalisation: email }
          anonymous_id: { priority: 3, limit: 5, window: ever, normalisation: exact }
        """;

    internal const string OneDevice = """
        defaultRegion: US
        identifiers:
          user_id: { priority: 1, limit: 1, window: ever, normalisation: exact }
          anonymous_id: { priority: 3, limit: 1, window: ever, normalisation: exact }
        """;

    internal const string Suspicious = """
        defaultRegion: US
        identifiers:
          user_id: { priority: 1, limit: 5, window: ever, normalisation: exact }
          anonymous_id: { priority: 3, limit: 5, window: ever, normalisation: exact }
        containment:
          quarantineDegree:
            anonymous_id: 2
        """;

    [Fact]
    public async Task Apply_WhenALimitIsRaised_MergesAndARollBackTakesItBack()
    {
        await using TestGrid grid = await StartAsync();
        var client = new JobClient(grid);
        await grid.CollectApplied(Identify("m1", "u-1", "a-1", new JsonObject { ["plan"] = "pro" }));
        await grid.CollectApplied(Identify("m2", "u-2", "a-1", new JsonObject { ["plan"] = "free" }));
        string[] pool = ["user_id:u-1", "user_id:u-2", "anonymous_id:a-1"];
        string[] before = await GridPicture.Of(grid, pool);
        (string dryRun, _) = await client.Run(JobKind.DryRun, TwoUsers);

        (string cutOver, JsonObject report) = await client.Run(JobKind.CutOver, null, dryRun);

        string version = Policies.Rules(TwoUsers).Version;
        Assert.Equal(version, grid.Rules.Current.Version);
        Assert.Equal(1, (int)report["merged"]!);
        Assert.Equal(0, (int)report["refused"]! + (int)report["changed"]! + (int)report["unforeseen"]!);
        Assert.Equal("""{"merge":0,"split":0,"mergeAndSplit":0}""", report["left"]!.ToJsonString());
        string customer = (await grid.OwnerOf("user_id:u-1"))!;
        Assert.Equal(customer, await grid.OwnerOf("user_id:u-2"));
        DecisionRecord merged = Assert.Single(
            await grid.DecisionsOf(customer),
            decision => decision.Kind == DecisionKinds.Merged
        );
        JsonObject payload = JsonNode.Parse(Encoding.UTF8.GetString(merged.Payload.Span))!.AsObject();
        Assert.Equal((cutOver, version), ((string)payload["jobId"]!, (string)payload["ruleVersion"]!));
        Assert.Equal("m2", (string)payload["messageId"]!);
        JsonObject step = Assert.Single(await client.Steps(cutOver));
        Assert.Equal(
            ("merge", "done", merged.Id),
            ((string)step["kind"]!, (string)step["outcome"]!, (string)step["id"]!)
        );
        await AssertAtRest(client, TwoUsers);

        (_, JsonObject back) = await client.Run(JobKind.RollBack, null, cutOver);

        Assert.Equal(1, (int)back["split"]!);
        Assert.Equal(before, await GridPicture.Of(grid, pool));
        Assert.Equal(IdentityRules.Default.Version, grid.Rules.Current.Version);
        PolicyHistory history = await Policies
            .OwnerOf(grid, Policies.Identity)
            .GetHistory(new PolicyHistoryQuery(null, 10));
        Assert.Equal(
            [PolicyAction.CutOverRollBack, PolicyAction.CutOver],
            history.Entries.Select(entry => entry.Action)
        );
        await AssertAtRest(client, Policies.BuiltInRules);
        // It left no separation, so the same job again comes to the same result.
        (string again, _) = await client.Run(JobKind.DryRun, TwoUsers);
        (_, JsonObject second) = await client.Run(JobKind.CutOver, null, again);
        Assert.Equal(1, (int)second["merged"]!);
        Assert.Equal(customer, await grid.OwnerOf("user_id:u-2"));
    }

    [Fact]
    public async Task Apply_WhenALimitIsLowered_SplitsAndTheNextEventsDoNotRejoin()
    {
        await using TestGrid grid = await StartAsync();
        var client = new JobClient(grid);
        await grid.CollectApplied(Identify("m1", "u-1", "a-1"), Track("m3", null, "a-2", "Opened"));
        await grid.CollectApplied(Identify("m2", "u-1", "a-2"));
        string[] pool = ["user_id:u-1", "anonymous_id:a-1", "anonymous_id:a-2"];
        string customer = (await grid.OwnerOf("user_id:u-1"))!;
        string[] before = await GridPicture.Of(grid, pool);
        Assert.Single(before);
        (string dryRun, _) = await client.Run(JobKind.DryRun, OneDevice);

        (string cutOver, JsonObject report) = await client.Run(JobKind.CutOver, null, dryRun);

        Assert.Equal(1, (int)report["split"]!);
        string other = (await grid.OwnerOf("anonymous_id:a-2"))!;
        Assert.NotEqual(customer, other);
        Assert.Equal(customer, await grid.OwnerOf("user_id:u-1"));
        JsonObject step = Assert.Single(await client.Steps(cutOver));
        Assert.Equal(("m2", "limit:anonymous_id"), ((string)step["messageId"]!, (string)step["because"]!));
        await grid.CollectApplied(Identify("m4", "u-1", "a-2"));
        Assert.Equal(other, await grid.OwnerOf("anonymous_id:a-2"));
        await AssertAtRest(client, OneDevice);

        await client.Run(JobKind.RollBack, null, cutOver);

        Assert.Equal(customer, await grid.OwnerOf("anonymous_id:a-2"));
        // There is one profile as before, with the message that came in between.
        Assert.Single(await GridPicture.Of(grid, pool));
        await AssertAtRest(client, Policies.BuiltInRules);
    }

    [Fact]
    public async Task Apply_WhenAnIdentifierWasLeftOutBefore_LinksItAndARollBackLetsGo()
    {
        await using TestGrid grid = await StartAsync();
        var client = new JobClient(grid);
        await grid.PutRules(OneDevice);
        await grid.CollectApplied(Identify("m1", "u-1", "a-1"));
        await grid.CollectApplied(Identify("m2", "u-1", "a-2"), Identify("m3", "u-1", "a-3"));
        Assert.Null(await grid.OwnerOf("anonymous_id:a-2"));
        (string dryRun, JsonObject found) = await client.Run(JobKind.DryRun, TwoUsers);
        Assert.Equal(2, (int)found["identifiersLinked"]!);

        (string cutOver, JsonObject report) = await client.Run(JobKind.CutOver, null, dryRun);

        Assert.Equal(2, (int)report["linked"]!);
        string customer = (await grid.OwnerOf("user_id:u-1"))!;
        Assert.Equal(customer, await grid.OwnerOf("anonymous_id:a-2"));
        await grid.CollectApplied(Track("m4", null, "a-3", "Opened"));
        Assert.Contains("Opened", (await grid.Profile("user_id:u-1")).ToJsonString(), StringComparison.Ordinal);

        await client.Run(JobKind.RollBack, null, cutOver);

        // Under one of them nothing was learned; the other has a message of its own by now.
        Assert.Null(await grid.OwnerOf("anonymous_id:a-2"));
        string own = (await grid.OwnerOf("anonymous_id:a-3"))!;
        Assert.NotEqual(customer, own);
        Assert.Equal("Opened", (string?)(await grid.Profile("anonymous_id:a-3"))["events"]![0]!["name"]);
        Assert.DoesNotContain("Opened", (await grid.Profile("user_id:u-1")).ToJsonString(), StringComparison.Ordinal);
        await AssertAtRest(client, OneDevice);
    }

    [Fact]
    public async Task Apply_WhenAnIdentifierGathersMoreThanItMay_QuarantinesItAndARollBackReleasesIt()
    {
        await using TestGrid grid = await StartAsync();
        var client = new JobClient(grid);
        await grid.PutRules(Suspicious.Replace("anonymous_id: 2", "anonymous_id: 50", StringComparison.Ordinal));
        foreach (int user in new[] { 1, 2, 3, 4 })
        {
            await grid.CollectApplied(Identify($"m{user}", $"u-{user}", "a-1"));
        }

        string[] pool = ["user_id:u-1", "user_id:u-2", "user_id:u-3", "user_id:u-4", "anonymous_id:a-1"];
        string[] before = await GridPicture.Of(grid, pool);
        Assert.Single(before);
        (string dryRun, JsonObject found) = await client.Run(JobKind.DryRun, Suspicious);
        Assert.Equal(1, (int)found["identifiersQuarantined"]!);

        (string cutOver, JsonObject report) = await client.Run(JobKind.CutOver, null, dryRun);

        Assert.Equal((1, 2), ((int)report["quarantined"]!, (int)report["split"]!));
        IIdentifierGrain device = grid.Grains.GetGrain<IIdentifierGrain>("anonymous_id:a-1");
        Assert.Equal("m3", (await device.GetQuarantine())!.MessageId);
        Assert.NotEqual(await grid.OwnerOf("user_id:u-1"), await grid.OwnerOf("user_id:u-3"));
        await grid.CollectApplied(Identify("m5", "u-3", "a-1"));
        Assert.NotEqual(await grid.OwnerOf("user_id:u-1"), await grid.OwnerOf("user_id:u-3"));
        await AssertAtRest(client, Suspicious);

        await client.Run(JobKind.RollBack, null, cutOver);

        Assert.Null(await device.GetQuarantine());
        Assert.Single(await GridPicture.Of(grid, pool));
    }

    [Fact]
    public async Task Apply_WhenTheGridHasChangedSinceTheDryRun_DecidesAboutWhatThereIs()
    {
        await using TestGrid grid = await StartAsync();
        var client = new JobClient(grid);
        await grid.CollectApplied(Identify("m1", "u-1", "a-1"));
        await grid.CollectApplied(Identify("m2", "u-2", "a-1"));
        (string dryRun, _) = await client.Run(JobKind.DryRun, TwoUsers);
        await grid.CollectApplied(Identify("m3", "u-3", "a-3"));
        await grid.CollectApplied(Identify("m4", "u-4", "a-3"));

        (string cutOver, JsonObject report) = await client.Run(JobKind.CutOver, null, dryRun);

        Assert.Equal((2, 1), ((int)report["merged"]!, (int)report["unforeseen"]!));
        Assert.Equal(await grid.OwnerOf("user_id:u-3"), await grid.OwnerOf("user_id:u-4"));
        Assert.Equal([true, false], (await client.Steps(cutOver)).Select(step => (bool)step["foreseen"]!));
        await AssertAtRest(client, TwoUsers);
    }

    [Fact]
    public async Task Apply_KeepsApartWhatAStewardTookApart()
    {
        await using TestGrid grid = await StartAsync();
        var client = new JobClient(grid);
        await grid.CollectApplied(Identify("m1", "u-1", "a-1"), Identify("m2", "u-2", "a-2"));
        await grid.CollectApplied(Identify("m3", "u-2", "a-1"));
        (string dryRun, _) = await client.Run(JobKind.DryRun, TwoUsers);
        string customer = (await grid.OwnerOf("user_id:u-1"))!;
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        string splitId = $"d_{77:x32}";
        await grid
            .Grains.GetGrain<ICustomerGrain>(CustomerId.ForSplit(splitId, customer, now))
            .SplitFrom(
                new SplitRequest(
                    splitId,
                    customer,
                    [Rules.Events.Identifier.Parse("anonymous_id:a-1")],
                    "test",
                    "test",
                    now
                )
            );

        (_, JsonObject report) = await client.Run(JobKind.CutOver, null, dryRun);

        // What the steward parted is not joined again; u-2 and a-1 come together by m3, and u-1 stays out.
        Assert.NotEqual(await grid.OwnerOf("user_id:u-1"), await grid.OwnerOf("anonymous_id:a-1"));
        Assert.Equal(await grid.OwnerOf("user_id:u-2"), await grid.OwnerOf("anonymous_id:a-1"));
        Assert.Equal(1, (int)report["merged"]!);
        await AssertAtRest(client, TwoUsers);
    }

    [Fact]
    public async Task Start_WhenThereIsNothingToApplyOrRollBack_IsRefused()
    {
        await using TestGrid grid = await StartAsync();
        var client = new JobClient(grid);
        await grid.CollectApplied(Identify("m1", "u-1", "a-1"));
        await grid.CollectApplied(Identify("m2", "u-2", "a-1"));
        (string dryRun, _) = await client.Run(JobKind.DryRun, TwoUsers);
        (string check, _) = await client.Run(JobKind.Check, null);

        Assert.Equal(JobStartRefusal.Unknown, await Refused(client, JobKind.CutOver, $"j_{1:x32}"));
        Assert.Equal(JobStartRefusal.WrongKind, await Refused(client, JobKind.CutOver, check));
        Assert.Equal(JobStartRefusal.WrongKind, await Refused(client, JobKind.RollBack, dryRun));
        await grid.PutRules(OneDevice);
        Assert.Equal(JobStartRefusal.RulesChanged, await Refused(client, JobKind.CutOver, dryRun));
        await grid.PutRules(Policies.BuiltInRules);
        (string cutOver, _) = await client.Run(JobKind.CutOver, null, dryRun);
        Assert.Equal(JobStartRefusal.Followed, await Refused(client, JobKind.CutOver, dryRun));
        await grid.PutRules(OneDevice);
        Assert.Equal(JobStartRefusal.RulesChanged, await Refused(client, JobKind.RollBack, cutOver));
        await grid.PutRules(TwoUsers);
        await client.Run(JobKind.RollBack, null, cutOver);
        Assert.Equal(JobStartRefusal.Followed, await Refused(client, JobKind.RollBack, cutOver));
    }

    [Fact]
    public async Task Cancel_WhenACutOverRuns_EndsItAndItCanBeRolledBack()
    {
        // The job is so slow that it can't be done before the cancellation.
        await using TestGrid grid = await TestGrid.StartAsync(
            ("Customer360:Jobs:Share", "0.01"),
            ("Customer360:Jobs:Processors", "1")
        );
        var client = new JobClient(grid);
        await grid.CollectApplied(Identify("m1", "u-1", "a-1"));
        await grid.CollectApplied(Identify("m2", "u-2", "a-1"));
        string[] pool = ["user_id:u-1", "user_id:u-2", "anonymous_id:a-1"];
        string[] before = await GridPicture.Of(grid, pool);
        (string dryRun, _) = await client.Run(JobKind.DryRun, TwoUsers);
        string cutOver = (await client.Start(JobKind.CutOver, null, dryRun)).Job!.Id;
        await grid.FollowRules(Policies.Rules(TwoUsers).Version);

        JobView cancelled = (await client.Job(cutOver).Cancel())!;

        Assert.Equal(JobStatus.Cancelled, cancelled.Status);
        await client.Run(JobKind.RollBack, null, cutOver);
        Assert.Equal(IdentityRules.Default.Version, grid.Rules.Current.Version);
        Assert.Equal(before, await GridPicture.Of(grid, pool));
    }

    internal static Task<TestGrid> StartAsync() => TestGrid.StartAsync(("Customer360:Jobs:Share", "1"));

    /// <summary>The rules in force change nothing, and the profiles are what the log says.</summary>
    internal static async Task AssertAtRest(JobClient client, string yaml)
    {
        (_, JsonObject found) = await client.Run(JobKind.DryRun, yaml);
        Assert.Equal(0, (int)found["affected"]!);
        Assert.Equal(0, (int)found["identifiersLinked"]!);
        Assert.Equal(0, (int)found["identifiersQuarantined"]! + (int)found["identifiersReleased"]!);
        (_, JsonObject check) = await client.Run(JobKind.Check, null);
        Assert.Equal(0, (int)check["differenceCount"]!);
    }

    private static async Task<JobStartRefusal?> Refused(JobClient client, JobKind kind, string of)
    {
        JobStartReply reply = await client.Start(kind, null, of);
        Assert.Null(reply.Job);
        return reply.Refused;
    }
}
