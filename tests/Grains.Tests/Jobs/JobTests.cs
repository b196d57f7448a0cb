using System.Text.Json.Nodes;
using Customer360.Grains.Contracts;
using Customer360.Grains.Tests.Support;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using static Customer360.Grains.Tests.Support.Messages;

namespace Customer360.Grains.Tests.Jobs;

/// <summary>Jobs come to what the log says, go on after a restart, and end when they are told to.</summary>
public sealed class JobTests
{
    private const string TwoUsers = """
        defaultRegion: US
        identifiers:
          user_id: { priority: 1, limit: 2, window: ever, normalisation: exact }
          email: { priority: 2, limit: 5, window: ever, normalisation: email }
          anonymous_id: { priority: 3, limit: 5, window: ever, normalisation: exact }
        """;

    private const string OneDevice = """
        defaultRegion: US
        identifiers:
          user_id: { priority: 1, limit: 1, window: ever, normalisation: exact }
          anonymous_id: { priority: 3, limit: 1, window: ever, normalisation: exact }
        """;

    private const string Small = """
        defaultRegion: US
        identifiers:
          user_id: { priority: 1, limit: 2, window: ever, normalisation: exact }
          anonymous_id: { priority: 3, limit: 2, window: ever, normalisation: exact }
        containment:
          profile:
            identifiersMax: 2
        """;

    private static int s_number;

    [Fact]
    public async Task DryRun_WhenALimitIsRaised_SaysWhoWouldMergeAndByWhichMessage()
    {
        await using TestGrid grid = await StartAsync();
        await grid.CollectApplied(Identify("m1", "u-1", "a-1"));
        await grid.CollectApplied(Identify("m2", "u-2", "a-1"));
        await grid.CollectApplied(Identify("m3", "u-3", "a-3"));
        string first = (await grid.OwnerOf("user_id:u-1"))!;
        string second = (await grid.OwnerOf("user_id:u-2"))!;

        JobView job = await Finish(grid, await Start(grid, JobKind.DryRun, TwoUsers));

        JsonObject result = Result(job);
        Assert.Equal(JobStatus.Done, job.Status);
        Assert.Equal(3, (int)result["messages"]!);
        Assert.Equal(5, (int)result["identifiers"]!);
        Assert.Equal(
            """{"now":3,"then":2,"stay":1,"merge":2,"split":0,"mergeAndSplit":0,"vanish":0}""",
            result["customers"]!.ToJsonString()
        );
        Assert.Equal(3, (int)result["largest"]![0]!["identifiers"]!);
        JobAffectedPage page = await Affected(grid, job.Id, after: 0, limit: 1);
        Assert.Equal(1, page.Next);
        JsonObject customer = JsonNode.Parse(page.Customers[0].Span)!.AsObject();
        Assert.Equal((first, "merge"), ((string)customer["customerId"]!, (string)customer["change"]!));
        Assert.Equal(second, (string)customer["with"]![0]!);
        Assert.Equal(
            """{"messageId":"m2","identifiers":["anonymous_id:a-1","user_id:u-2"],"because":"together"}""",
            customer["edges"]![0]!.ToJsonString()
        );
        Assert.Null((await Affected(grid, job.Id, after: 1, limit: 1)).Next);
    }

    [Fact]
    public async Task DryRun_WhenALimitIsLowered_SaysWhoWouldSplitAndWhy()
    {
        await using TestGrid grid = await StartAsync();
        await grid.CollectApplied(Identify("m1", "u-1", "a-1"));
        await grid.CollectApplied(Identify("m2", "u-1", "a-2"));

        JobView job = await Finish(grid, await Start(grid, JobKind.DryRun, OneDevice));

        Assert.Equal(1, (int)Result(job)["customers"]!["split"]!);
        JobAffectedPage page = await Affected(grid, job.Id, after: 0, limit: 10);
        JsonObject customer = JsonNode.Parse(page.Customers.Single().Span)!.AsObject();
        Assert.Equal(
            """{"messageId":"m2","identifiers":["user_id:u-1","anonymous_id:a-2"],"because":"limit:anonymous_id"}""",
            customer["edges"]![0]!.ToJsonString()
        );
    }

    [Fact]
    public async Task DryRun_WhenATypeVanishes_NamesTheLinkThatGoes()
    {
        await using TestGrid grid = await StartAsync();
        await grid.CollectApplied(Identify("m1", "u-1", null, new JsonObject { ["email"] = "e@x.example" }));
        await grid.CollectApplied(Identify("m2", null, "a-1", new JsonObject { ["email"] = "e@x.example" }));

        JobView job = await Finish(grid, await Start(grid, JobKind.DryRun, OneDevice));

        Assert.Equal(1, (int)Result(job)["customers"]!["split"]!);
        JobAffectedPage page = await Affected(grid, job.Id, after: 0, limit: 10);
        JsonArray edges = JsonNode.Parse(page.Customers.Single().Span)!["edges"]!.AsArray();
        Assert.Equal(
            [
                """{"messageId":"m2","identifiers":["email:e@x.example","anonymous_id:a-1"],"because":"gone:email"}""",
                """{"messageId":"m1","identifiers":["user_id:u-1","email:e@x.example"],"because":"gone:email"}""",
            ],
            edges.Select(edge => edge!.ToJsonString())
        );
    }

    [Fact]
    public async Task DryRun_WhenAnIdentifierGathersMoreThanItMay_SaysWhatItsQuarantineTakesApart()
    {
        await using TestGrid grid = await StartAsync();
        await grid.PutRules(
            CutOverTests.Suspicious.Replace("anonymous_id: 2", "anonymous_id: 50", StringComparison.Ordinal)
        );
        foreach (int user in new[] { 1, 2, 3 })
        {
            await grid.CollectApplied(Identify($"m{user}", $"u-{user}", "a-1"));
        }

        JobView job = await Finish(grid, await Start(grid, JobKind.DryRun, CutOverTests.Suspicious));

        JobAffectedPage page = await Affected(grid, job.Id, after: 0, limit: 10);
        Assert.Equal(
            """[{"messageId":"m3","identifiers":["user_id:u-3","anonymous_id:a-1"],"because":"quarantined"}]""",
            JsonNode.Parse(page.Customers.Single().Span)!["edges"]!.ToJsonString()
        );
    }

    [Fact]
    public async Task DryRun_WhenProfilesMayHoldLess_SaysWhoIsTooLarge()
    {
        await using TestGrid grid = await StartAsync();
        await grid.CollectApplied(Identify("m1", "u-1", "a-1"), Identify("m2", "u-1", "a-2"));

        JobView job = await Finish(grid, await Start(grid, JobKind.DryRun, Small));

        JobAffectedPage page = await Affected(grid, job.Id, after: 0, limit: 10);
        Assert.Equal(
            """[{"messageId":"m2","identifiers":["user_id:u-1","anonymous_id:a-2"],"because":"profile_too_large"}]""",
            JsonNode.Parse(page.Customers.Single().Span)!["edges"]!.ToJsonString()
        );
    }

    [Fact]
    public async Task DryRun_WhenAPersonReleasedAnIdentifier_DoesNotQuarantineItAgain()
    {
        await using TestGrid grid = await StartAsync();
        await grid.PutRules(CutOverTests.Suspicious);
        foreach (int user in new[] { 1, 2, 3 })
        {
            await grid.CollectApplied(Identify($"m{user}", $"u-{user}", "a-1"));
        }

        Assert.NotNull(await grid.Grains.GetGrain<IIdentifierGrain>("anonymous_id:a-1").LiftQuarantine(isByJob: false));

        JobView job = await Finish(grid, await Start(grid, JobKind.DryRun, CutOverTests.Suspicious));

        Assert.Equal(0, (int)Result(job)["identifiersQuarantined"]!);
    }

    [Fact]
    public async Task DryRun_OfTheRulesInForce_FindsNoDifference()
    {
        await using TestGrid grid = await StartAsync();
        // They are sent one by one, because messages that are handled together may be decided in another order.
        await Fill(grid, 60, together: 1);

        JobView job = await Finish(grid, await Start(grid, JobKind.DryRun, Policies.BuiltInRules));

        JsonObject customers = Result(job)["customers"]!.AsObject();
        Assert.Equal((int)customers["now"]!, (int)customers["stay"]!);
        Assert.Equal((int)customers["now"]!, (int)customers["then"]!);
        Assert.Equal(0, (int)Result(job)["affected"]!);
    }

    [Fact]
    public async Task DryRun_WhenCustomersWereSplit_KeepsThemApart()
    {
        await using TestGrid grid = await StartAsync();
        await grid.CollectApplied(Identify("m1", "u-1", "a-1"));
        string customer = (await grid.OwnerOf("user_id:u-1"))!;
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        string splitId = $"d_{1:x32}";
        SplitReply split = await grid
            .Grains.GetGrain<ICustomerGrain>(CustomerId.ForSplit(splitId, customer, now))
            .SplitFrom(
                new SplitRequest(splitId, customer, [Identifier.Parse("anonymous_id:a-1")], "test", "test", now)
            );
        Assert.Null(split.Refused);

        JobView job = await Finish(grid, await Start(grid, JobKind.DryRun, TwoUsers));

        Assert.Equal(
            """{"now":2,"then":2,"stay":2,"merge":0,"split":0,"mergeAndSplit":0,"vanish":0}""",
            Result(job)["customers"]!.ToJsonString()
        );
    }

    [Fact]
    public async Task Job_WhenTheProcessCrashesWhileItRuns_GoesOnToTheSameResult()
    {
        // The job is so slow that it can't be done before the crash; then it runs at full speed.
        await using TestGrid grid = await TestGrid.StartAsync(
            ("Customer360:Jobs:Share", "0.01"),
            ("Customer360:Jobs:Processors", "1")
        );
        await Fill(grid, 300);
        string id = await Start(grid, JobKind.DryRun, TwoUsers);
        Assert.Equal(JobStatus.Running, (await Job(grid, id).Get())!.Status);

        await grid.CrashAndRestartAsync();

        JobView job = await Finish(grid, id);
        Assert.Equal(JobStatus.Done, job.Status);
        Assert.Equal(300, (int)Result(job)["messages"]!);
        Assert.Equal(id, (await grid.Grains.GetGrain<IJobsGrain>(GrainKeys.Jobs).List()).Single().Id);
    }

    [Fact]
    public async Task Cancel_WhenAJobRuns_EndsItAndLetsAnotherBegin()
    {
        await using TestGrid grid = await TestGrid.StartAsync(
            ("Customer360:Jobs:Share", "0.01"),
            ("Customer360:Jobs:Processors", "1")
        );
        await Fill(grid, 300);
        string id = await Start(grid, JobKind.DryRun, TwoUsers);
        JobStartReply second = await Jobs(grid).Start(Request(JobKind.Check, null));
        Assert.Equal((null, id), (second.Job, second.Running));

        JobView cancelled = (await Job(grid, id).Cancel())!;

        Assert.Equal(JobStatus.Cancelled, cancelled.Status);
        Assert.NotNull(cancelled.FinishedAt);
        await grid.RestartAsync();
        Assert.Equal(JobStatus.Cancelled, (await Job(grid, id).Get())!.Status);
        Assert.Equal(JobStatus.Running, (await Jobs(grid).Start(Request(JobKind.Check, null))).Job!.Status);
    }

    [Fact]
    public async Task DryRun_WhenTheGridIsLargerThanItMayBe_Fails()
    {
        await using TestGrid grid = await StartAsync(("Customer360:Jobs:DryRunIdentifiersMax", "10"));
        await Fill(grid, 60);

        JobView job = await Finish(grid, await Start(grid, JobKind.DryRun, TwoUsers));

        Assert.Equal(JobStatus.Failed, job.Status);
        Assert.Contains("DryRunIdentifiersMax", job.Failure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("100000")]
    [InlineData("5")]
    public async Task Check_WhenAllIsWell_FindsNoDifference(string anchorsMax)
    {
        await using TestGrid grid = await StartAsync(("Customer360:Jobs:CheckAnchorsMax", anchorsMax));
        await Fill(grid, 120);
        await grid.CrashAndRestartAsync();

        JobView job = await Finish(grid, await Start(grid, JobKind.Check, null));

        JsonObject result = Result(job);
        Assert.Equal(120, (int)result["messages"]!);
        Assert.Equal(0, (int)result["differenceCount"]!);
        Assert.Equal(anchorsMax == "5", (int)result["slices"]! > 1);
    }

    [Fact]
    public async Task Check_WhenAStateIsNotWhatTheLogSays_NamesTheCustomer()
    {
        await using TestGrid grid = await StartAsync(("Customer360:Grid:SaveAfterMessages", "1"));
        await grid.CollectApplied(Track("m1", "u-1", null, "Opened"), Track("m2", "u-2", null, "Opened"));
        string customer = (await grid.OwnerOf("user_id:u-1"))!;
        await grid.StopAsync();
        await grid.ChangeStateAsync(
            "customer",
            customer,
            json => json.Replace("Opened", "Closed", StringComparison.Ordinal)
        );
        await grid.GoOnAsync();

        JobView job = await Finish(grid, await Start(grid, JobKind.Check, null));

        Assert.Equal(
            $$"""[{"customerId":"{{customer}}","kind":"differs"}]""",
            Result(job)["differences"]!.ToJsonString()
        );
    }

    [Fact]
    public async Task Start_WhenOneOfItsKindBeganShortlyBefore_BeginsNothingIfAskedSo()
    {
        await using TestGrid grid = await StartAsync();
        await Finish(grid, await Start(grid, JobKind.Check, null));

        JobStartReply reply = await Jobs(grid)
            .Start(Request(JobKind.Check, null) with { UnlessWithin = TimeSpan.FromHours(1) });

        Assert.Equal((null, null), (reply.Job, reply.Running));
    }

    private static Task<TestGrid> StartAsync(params (string, string)[] settings) =>
        TestGrid.StartAsync([("Customer360:Jobs:Share", "1"), .. settings]);

    private static IJobsGrain Jobs(TestGrid grid) => grid.Grains.GetGrain<IJobsGrain>(GrainKeys.Jobs);

    private static IJobGrain Job(TestGrid grid, string id) => grid.Grains.GetGrain<IJobGrain>(id);

    private static JobRequest Request(JobKind kind, string? yaml) =>
        new($"j_{Interlocked.Increment(ref s_number):x32}", kind, "test", yaml);

    private static async Task<string> Start(TestGrid grid, JobKind kind, string? yaml) =>
        (await Jobs(grid).Start(Request(kind, yaml))).Job!.Id;

    private static async Task<JobView> Finish(TestGrid grid, string id)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            JobView job = (await Job(grid, id).Get())!;
            if (job.Status != JobStatus.Running)
            {
                return job;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, patience.Token);
        }
    }

    private static Task<JobAffectedPage> Affected(TestGrid grid, string id, int after, int limit) =>
        Job(grid, id).GetAffected(new JobAffectedQuery(after, limit));

    private static JsonObject Result(JobView job)
    {
        Assert.True(job.Status == JobStatus.Done, $"{job.Status} {job.Failure}");
        return JsonNode.Parse(job.ResultJson.Span)!.AsObject();
    }

    /// <summary>Messages of people with devices, some of them shared: links, merges and demotions.</summary>
    private static async Task Fill(TestGrid grid, int messages, int together = 20)
    {
        var random = new Random(7);
        for (int sent = 0; sent < messages; sent += together)
        {
            await grid.CollectApplied([
                .. Enumerable
                    .Range(sent, together)
                    .Select(number =>
                        Identify(
                            $"fill-{number}",
                            random.Next(3) == 0 ? null : $"u-{random.Next(15)}",
                            $"a-{random.Next(40)}",
                            new JsonObject { ["plan"] = $"p-{number % 3}" }
                        )
                    ),
            ]);
        }
    }
}
