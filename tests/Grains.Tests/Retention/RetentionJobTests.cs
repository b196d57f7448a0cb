using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Customer360.Grains.Contracts;
using Customer360.Grains.Tests.Jobs;
using Customer360.Grains.Tests.Support;
using Customer360.Rules.Audit;
using Customer360.Rules.Decisions;
using Customer360.Rules.Events;
using Customer360.Rules.Ports;
using static Customer360.Grains.Tests.Retention.RetentionGrid;
using static Customer360.Grains.Tests.Support.Messages;

namespace Customer360.Grains.Tests.Retention;

/// <summary>The log is trimmed, and nothing that is made of it changes.</summary>
public sealed class RetentionJobTests
{
    private static int s_number;

    [Fact]
    public async Task Run_WhenMessagesAreOver_TrimsThemAndLeavesProfilesAsTheyWere()
    {
        await using RetentionGrid grid = await RetentionGrid.Start(ThirtyDays);
        await grid.Grid.CollectApplied(
            Identify("m1", "u-1", "a-1", new JsonObject { ["plan"] = "pro" }),
            Order("m2", "u-1", "a-1"),
            Order("m3", null, "a-2")
        );
        string[] profiles = await GridPicture.Of(grid.Grid, ["user_id:u-1", "anonymous_id:a-2"]);

        (string id, JsonObject result) = await grid.Client.Run(JobKind.Retention, null);

        Assert.Equal("""[{"rule":"messages.default.days","messages":2,"fields":4}]""", result["rules"]!.ToJsonString());
        Assert.Equal((3, 2), ((int)result["messages"]!, (int)result["trimmed"]!));
        SortedDictionary<string, string> log = await grid.Log();
        Assert.Equal(["m1", "m2", "m3"], log.Keys);
        Assert.Contains("\"plan\":\"pro\"", log["m1"], StringComparison.Ordinal);
        Assert.All(
            [log["m2"], log["m3"]],
            message => Assert.DoesNotContain("SUMMER", message, StringComparison.Ordinal)
        );
        Assert.All([log["m2"], log["m3"]], message => Assert.Contains("\"Order\"", message, StringComparison.Ordinal));
        await grid.AssertRebuildIsTheSame();
        await grid.Grid.CrashAndRestartAsync();
        Assert.Equal(profiles, await GridPicture.Of(grid.Grid, ["user_id:u-1", "anonymous_id:a-2"]));
        AuditEntry[] records = await grid.Records(2);
        Assert.Equal(
            [$"retention.begun {id} test", $"retention.ended {id} test"],
            records.Select(record => $"{record.Action} {record.ObjectId} {record.Actor.Name}")
        );
        Assert.Equal(
            ("3", "2", "false", "done"),
            (
                records[1].Details["messages"],
                records[1].Details["trimmed"],
                records[1].Details["dryRun"],
                records[1].Result
            )
        );
        Assert.Equal((string?)result["policy"], records[1].PolicyVersion);
    }

    [Fact]
    public async Task DryRun_CountsWhatARunTakesOut_AndChangesNothing()
    {
        await using RetentionGrid grid = await RetentionGrid.Start(
            """
            messages:
              default: {fields: {internal: 7}}
              kinds: {page: {days: keep}}
            """
        );
        await grid.Grid.CollectApplied(Order("m1", "u-1", "a-1"), Order("m2", "u-2", null), Track("m3", "u-2", null));
        SortedDictionary<string, string> before = await grid.Log();

        (_, JsonObject counted) = await grid.Client.Run(JobKind.RetentionDryRun, null);

        Assert.Equal(before, await grid.Log());
        (_, JsonObject taken) = await grid.Client.Run(JobKind.Retention, null);
        Assert.Equal(counted.ToJsonString(), taken.ToJsonString());
        Assert.Equal(
            """[{"rule":"messages.default.fields.internal","messages":2,"fields":4}]""",
            counted["rules"]!.ToJsonString()
        );
        Assert.NotEqual(before, await grid.Log());
        (_, JsonObject again) = await grid.Client.Run(JobKind.Retention, null);
        Assert.Equal((3, 0), ((int)again["messages"]!, (int)again["trimmed"]!));
        Assert.Equal(
            ["true", "true", "false", "false", "false", "false"],
            (await grid.Records(6)).Select(record => record.Details["dryRun"])
        );
    }

    [Fact]
    public async Task Run_WhenNothingIsOver_ReadsAndLeavesAll()
    {
        await using RetentionGrid grid = await RetentionGrid.Start("messages: {default: {days: 41}}");
        await grid.Grid.CollectApplied(Order("m1", "u-1", "a-1"));
        SortedDictionary<string, string> before = await grid.Log();

        (_, JsonObject result) = await grid.Client.Run(JobKind.Retention, null);

        Assert.Equal((1, 0), ((int)result["messages"]!, (int)result["trimmed"]!));
        Assert.Equal(before, await grid.Log());
    }

    [Fact]
    public async Task Run_WhenThePolicyEndsNothing_DoesNotReadTheLog()
    {
        await using RetentionGrid grid = await RetentionGrid.Start("deadlines: {default: 29}");
        await grid.Grid.CollectApplied(Order("m1", "u-1", "a-1"));

        (_, JsonObject result) = await grid.Client.Run(JobKind.Retention, null);

        Assert.Equal(0, (int)result["messages"]!);
    }

    [Fact]
    public async Task Run_WhenItGoesOnUnderAnotherPolicy_BeginsAnew()
    {
        // So slow that it stands amid the log when the process is gone.
        await using RetentionGrid grid = await RetentionGrid.Start(
            "messages: {default: {days: 41}}",
            ("Customer360:Jobs:Share", "0.01"),
            ("Customer360:Jobs:Processors", "1")
        );
        await grid.Grid.CollectApplied([.. Enumerable.Range(0, 100).Select(n => Order($"m{n}", $"u-{n}", null))]);
        string id = (await grid.Client.Start(JobKind.Retention, null)).Job!.Id;
        await TestGrid.UntilAsync(async () => (await grid.Client.Job(id).Get())!.ResultJson.Length > 0);
        await grid.Put(ThirtyDays);

        await grid.Grid.CrashAndRestartAsync();

        JsonObject result = await grid.Client.Done(id);
        Assert.Equal((100, 100), ((int)result["messages"]!, (int)result["trimmed"]!));
        Assert.All(
            (await grid.Log()).Values,
            message => Assert.DoesNotContain("SUMMER", message, StringComparison.Ordinal)
        );
        Assert.Equal((string?)result["policy"], (await grid.Records(2))[^1].PolicyVersion);
    }

    [Fact]
    public async Task UndoMerge_WhenTheLogWasTrimmedSince_GivesBackWhatWasFoldedBefore()
    {
        await using RetentionGrid grid = await RetentionGrid.Start(ThirtyDays);
        await grid.Grid.CollectApplied(Order("m1", "u-1", null), Identify("m2", "u-1", null, new() { ["plan"] = "a" }));
        await grid.Grid.CollectApplied(Order("m3", null, "b-1"), Identify("m4", null, "b-1", new() { ["plan"] = "b" }));
        string older = (await grid.Grid.OwnerOf("user_id:u-1"))!;
        string younger = (await grid.Grid.OwnerOf("anonymous_id:b-1"))!;
        string[] before = await grid.Folds("anonymous_id:b-1");
        await grid.Grid.CollectApplied(Order("m5", "u-1", "b-1"));
        Assert.Equal(older, await grid.Grid.OwnerOf("anonymous_id:b-1"));
        string[] merged = await grid.Folds("user_id:u-1", "anonymous_id:b-1");

        await grid.Client.Run(JobKind.Retention, null);

        Assert.Equal(merged, await grid.Folds("user_id:u-1", "anonymous_id:b-1"));
        DecisionRecord merge = Assert.Single(
            await grid.Grid.DecisionsOf(older),
            decision => decision.Kind == DecisionKinds.Merged
        );
        SplitReply undone = await grid
            .Grid.Grains.GetGrain<ICustomerGrain>(younger)
            .UndoMerge(
                new UndoRequest(
                    merge.Id,
                    $"d_{Interlocked.Increment(ref s_number) + 0x7000000:x32}",
                    [Identifier.Parse("anonymous_id:b-1")],
                    "a test",
                    "steward",
                    TimeProvider.System.GetUtcNow()
                )
            );
        Assert.Null(undone.Refused);
        Assert.Equal(younger, await grid.Grid.OwnerOf("anonymous_id:b-1"));
        Assert.Equal(before, await grid.Folds("anonymous_id:b-1"));
        Assert.Equal(merged[..1], await grid.Folds("user_id:u-1"));
        await grid.AssertRebuildIsTheSame();
    }

    [Fact]
    public async Task CutOver_WhenTheLogWasTrimmed_FindsNoDifferenceUnderTheRulesInForce()
    {
        await using RetentionGrid grid = await RetentionGrid.Start(ThirtyDays);
        await grid.Grid.CollectApplied(Order("m1", "u-1", "a-1"));
        await grid.Grid.CollectApplied(
            Identify("m2", null, "a-2", new JsonObject { ["email"] = "e@x.example" }),
            Identify("m3", "u-1", null, new JsonObject { ["email"] = "e@x.example" })
        );
        (_, JsonObject before) = await grid.Client.Run(JobKind.DryRun, Policies.BuiltInRules);

        await grid.Client.Run(JobKind.Retention, null);

        (_, JsonObject after) = await grid.Client.Run(JobKind.DryRun, Policies.BuiltInRules);
        Assert.Equal(before.ToJsonString(), after.ToJsonString());
    }

    [Fact]
    public async Task Repeat_OfATrimmedMessage_IsARepeat()
    {
        await using RetentionGrid grid = await RetentionGrid.Start(ThirtyDays);
        await grid.Grid.CollectApplied(Order("m1", "u-1", "a-1"));
        await grid.Client.Run(JobKind.Retention, null);
        string before = (await grid.Grid.Profile("user_id:u-1")).ToJsonString();

        ImmutableArray<StoredReceipt> receipts = await grid.Grid.CollectApplied(Order("m1", "u-1", "a-1"));

        Assert.True(receipts.Single().Duplicate);
        Assert.Equal(before, (await grid.Grid.Profile("user_id:u-1")).ToJsonString());
    }

    [Fact]
    public async Task Cancel_WhenARunIsUnderWay_IsRecordedAndLeavesTheRestToTheNext()
    {
        // So slow that it can't be done before it is ended.
        await using RetentionGrid grid = await RetentionGrid.Start(
            ThirtyDays,
            ("Customer360:Jobs:Share", "0.01"),
            ("Customer360:Jobs:Processors", "1")
        );
        await grid.Grid.CollectApplied([.. Enumerable.Range(0, 300).Select(n => Order($"m{n}", $"u-{n}", null))]);
        string id = (await grid.Client.Start(JobKind.Retention, null)).Job!.Id;

        JobView cancelled = (await grid.Client.Job(id).Cancel())!;

        Assert.Equal(JobStatus.Cancelled, cancelled.Status);
        AuditEntry record = (await grid.Records(2))[^1];
        Assert.Equal(("retention.ended", "cancelled"), (record.Action, record.Result));
        await grid.Client.Run(JobKind.Retention, null);
        Assert.All(
            (await grid.Log()).Values,
            message => Assert.DoesNotContain("SUMMER", message, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Schedule_WhenThePolicyEndsSomething_TrimsByItself()
    {
        await using RetentionGrid grid = await RetentionGrid.Start(
            "deadlines: {default: 30}",
            ("Customer360:Jobs:RetentionEvery", "00:00:00.240")
        );
        await grid.Grid.CollectApplied(Order("m1", "u-1", null));
        // Checks in between: a run would come before the last of them if the schedule began one that has nothing to end.
        for (int number = 0; number < 3; number++)
        {
            await grid.Client.Run(JobKind.Check, null);
        }

        Assert.Null(await grid.Client.Jobs.FindLast(JobKind.Retention));

        await grid.Put(ThirtyDays);

        await TestGrid.UntilAsync(async () =>
            (await grid.Client.Jobs.FindLast(JobKind.Retention))?.Status == JobStatus.Done
        );
        AuditEntry[] records = await grid.Records(1);
        Assert.Equal(("grid", "retention"), (records[0].Actor.Kind, records[0].Actor.Name));
    }

    [Fact]
    public async Task FindLast_WhenOtherJobsCameSince_StillFindsIt()
    {
        await using RetentionGrid grid = await RetentionGrid.Start(ThirtyDays);
        (string id, _) = await grid.Client.Run(JobKind.RetentionDryRun, null);
        for (int number = 0; number < JobsGrain.ListedMax; number++)
        {
            await grid.Client.Run(JobKind.Check, null);
        }

        Assert.DoesNotContain(await grid.Client.Jobs.List(), job => job.Id == id);
        Assert.Equal(id, (await grid.Client.Jobs.FindLast(JobKind.RetentionDryRun))!.Id);
        Assert.Null(await grid.Client.Jobs.FindLast(JobKind.Retention));
        await grid.Grid.RestartAsync();
        Assert.Equal(id, (await grid.Client.Jobs.FindLast(JobKind.RetentionDryRun))!.Id);
    }
}
