using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using Customer360.Grains.Contracts;
using Customer360.Grains.Tests.Support;
using Customer360.Phones;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Ports;
using Customer360.Rules.Quality;
using static Customer360.Grains.Tests.Support.Messages;

namespace Customer360.Grains.Tests.Containment;

/// <summary>Customers that can't be reached, don't answer, can't fold or get too much: the others don't notice.</summary>
public sealed class StuckLaneTests
{
    private const int Stuck = 300;

    [Fact]
    public async Task Collect_When300CustomersCanNotBeReached_GoesOnForOthers()
    {
        // The first pause lasts longer than the test: whoever keeps its place while it pauses keeps it to the end.
        await using TestGrid grid = await TestGrid.StartAsync(
            ("Customer360:Grid:RetryPauseMin", "00:10:00"),
            ("Customer360:Grid:RetryPauseMax", "00:10:00")
        );
        grid.Faults.Refuse(key => key.Contains("stuck-", StringComparison.Ordinal), Outage);
        await grid.Collect(applied: false, StuckMessages());

        await grid.CollectApplied(Track("o1", UserIn(0, "other"), null), Track("o2", UserIn(0, "another"), null));
    }

    [Fact]
    public async Task Collect_When300CustomersDoNotAnswer_GoesOnForOthers()
    {
        await using TestGrid grid = await TestGrid.StartAsync(("Customer360:Grid:LaneTimeMax", "00:00:00.100"));
        var silence = new TaskCompletionSource();
        grid.Faults.Hold(key => key.Contains("stuck-", StringComparison.Ordinal), silence.Task);
        await grid.Collect(applied: false, StuckMessages());

        await grid.CollectApplied(Track("o1", UserIn(0, "other"), null), Track("o2", UserIn(0, "another"), null));

        silence.SetResult();
        await grid.CatchUpAsync();
        Assert.NotNull(await grid.OwnerOf($"user_id:{UserIn(0, "stuck-0")}"));
    }

    [Fact]
    public async Task Collect_WhenOneAnchorHasALargeBacklog_DoesNotDelayOthers()
    {
        await using TestGrid grid = await TestGrid.StartAsync(("Customer360:Grid:LaneMessagesMax", "100"));
        string hot = UserIn(0, "hot");
        var silence = new TaskCompletionSource();
        grid.Faults.Hold(key => key.Contains(hot, StringComparison.Ordinal), silence.Task);
        for (int batch = 0; batch < 100; batch += 10)
        {
            await grid.Collect(
                applied: false,
                [.. Enumerable.Range(batch, 10).Select(index => Track($"h{index}", hot, null))]
            );
        }

        // More of it is not taken, everybody else's is, and at once.
        CollectReply more = await grid.TryCollect(Track("h-more", hot, null));
        Assert.Equal(CollectStatus.Overloaded, more.Status);
        await grid.CollectApplied(Track("o1", UserIn(0, "other"), null));

        silence.SetResult();
        await grid.CatchUpAsync();
        Assert.Equal(100, (long?)(await grid.Profile($"user_id:{hot}"))["lifecycle"]!["messageCount"]);
    }

    [Fact]
    public async Task Collect_WhenOneAnchorGetsFiveThousandAtOnce_OthersComeBetween()
    {
        await using TestGrid grid = await TestGrid.StartAsync(("Customer360:Grid:LaneMessagesMax", "10000"));
        string hot = UserIn(0, "hot");
        await grid.Collect(
            applied: false,
            [.. Enumerable.Range(0, 5_000).Select(index => Track($"h{index}", hot, null))]
        );

        await grid.CollectApplied(Track("o1", UserIn(0, "other"), null));
        await grid.CatchUpAsync();

        Assert.Equal(5_000, (long?)(await grid.Profile($"user_id:{hot}"))["lifecycle"]!["messageCount"]);
    }

    [Fact]
    public async Task Collect_WhenAMessageCanNotBeApplied_SetsItAsideAndGoesOn()
    {
        await using TestGrid grid = await TestGrid.StartAsync(("Customer360:Grid:QuarantineAfterTries", "3"));
        string user = UserIn(0, "someone");
        // The account can't be read: a fault, no outage.
        grid.Faults.Refuse(key => key == "poison", Fault);
        ImmutableArray<StoredReceipt> receipts = await grid.Collect(
            applied: false,
            Track("m1", user, null),
            Group("m2", user, "poison"),
            Track("m3", user, null)
        );
        await grid.CatchUpAsync();

        IIntakeGrain partition = grid.Grains.GetGrain<IIntakeGrain>(0);
        QuarantinedPlace place = Assert.Single(await partition.ListQuarantined(null, 10));
        Assert.Equal(receipts[1].Position, place.Position);
        Assert.NotEmpty(place.Reason);
        IntakeStatus status = await partition.GetStatus();
        Assert.Equal(receipts[2].Position, status.AppliedPosition);

        RetryReply early = await partition.RetryQuarantined(place.Position);
        Assert.True(early.IsFound);
        Assert.NotNull(early.Reason);
        grid.Faults.Heal();
        Assert.Equal(new RetryReply(true, null), await partition.RetryQuarantined(place.Position));
        Assert.Equal(new RetryReply(false, null), await partition.RetryQuarantined(place.Position));
        Assert.Empty(await partition.ListQuarantined(null, 10));
        AccountReply? account = await grid
            .Grains.GetGrain<IAccountGrain>("poison")
            .GetAccount(new AccountQuery(null, 10));
        Assert.Single(account!.Members);
        Assert.Equal(3, (long?)(await grid.Profile($"user_id:{user}"))["lifecycle"]!["messageCount"]);
    }

    [Fact]
    public async Task Collect_WhenTheCustomerCanNotBeToldThatAMessageIsSetAside_KeepsItInItsLane()
    {
        await using TestGrid grid = await TestGrid.StartAsync(("Customer360:Grid:QuarantineAfterTries", "3"));
        string user = UserIn(0, "someone");
        await grid.CollectApplied(Track("m1", user, null));
        string customer = (await grid.OwnerOf($"user_id:{user}"))!;
        // Counted, and so behind the checkpoint: otherwise it is handed over again, and the customer is in memory.
        DateTimeOffset hour = QualityFacts.HourOf(TimeProvider.System.GetUtcNow());
        await TestGrid.UntilAsync(async () => await IsCounted(grid, hour) || await IsCounted(grid, hour.AddHours(-1)));
        await grid.RestartAsync();
        // A fault, no outage; so the message is given up after three tries, and its customer can't be told.
        int tries = 0;
        var triedOften = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        grid.Faults.Refuse(
            key => key == customer && (Interlocked.Increment(ref tries) < 12 || triedOften.TrySetResult() || true),
            Fault
        );
        await grid.Collect(applied: false, Track("m2", user, null), Track("m3", user, null));
        await triedOften.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);

        // Listed without the customer's knowledge it would count as a repeat behind m3, and be lost.
        IIntakeGrain partition = grid.Grains.GetGrain<IIntakeGrain>(0);
        Assert.Empty(await partition.ListQuarantined(null, 10));
        Assert.True((await partition.GetStatus()).Waiting > 0);

        grid.Faults.Heal();
        await grid.CatchUpAsync();
        // Healed between a failed try and the telling, a customer can be told after all: then m2 is set aside, as it may be, and
        // taken back here. What counts is that it is lost in neither case.
        foreach (QuarantinedPlace place in await partition.ListQuarantined(null, 10))
        {
            Assert.Equal(new RetryReply(true, null), await partition.RetryQuarantined(place.Position));
        }

        Assert.Empty(await partition.ListQuarantined(null, 10));
        Assert.Equal(3, (long?)(await grid.Profile($"user_id:{user}"))["lifecycle"]!["messageCount"]);
    }

    [Fact]
    public async Task SetAside_WhenTheCustomerDoesNotHoldTheAnchor_IsAFault()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await grid.CollectApplied(Track("m1", "jane", null));
        ICustomerGrain jane = grid.Grains.GetGrain<ICustomerGrain>((await grid.OwnerOf("user_id:jane"))!);

        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            jane.SetAside(Identifier.Create("user_id", "john"), 7)
        );
    }

    [Fact]
    public async Task Retry_WhenLaterMessagesWereFoldedMeanwhile_StillFoldsTheMessage()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        string user = UserIn(0, "someone");
        await grid.CollectApplied(Track("m1", user, null));
        ICustomerGrain customer = grid.Grains.GetGrain<ICustomerGrain>((await grid.OwnerOf($"user_id:{user}"))!);

        // As the partition does with a message that the customer can't fold.
        Assert.Null(await customer.SetAside(Identifier.Create("user_id", user), 2));
        await grid.RestartAsync();
        StoredReceipt second = (await grid.CollectApplied(Track("m2", user, null)))[0];
        Assert.Equal(2, second.Position);
        await grid.CollectApplied(Track("m3", user, null));

        Assert.Equal(3, (long?)(await grid.Profile($"user_id:{user}"))["lifecycle"]!["messageCount"]);
    }

    /// <summary>Found by the simulation (seed 538): it was folded in memory only, where no activation would read it again.</summary>
    [Fact]
    public async Task Retry_WhenTheProcessDiesAfterwards_KeepsTheMessage()
    {
        await using TestGrid grid = await TestGrid.StartAsync(("Customer360:Grid:CheckpointMessages", "1"));
        string user = UserIn(0, "someone");
        await grid.CollectApplied(Track("m1", user, null));
        ICustomerGrain customer = grid.Grains.GetGrain<ICustomerGrain>((await grid.OwnerOf($"user_id:{user}"))!);
        Assert.Null(await customer.SetAside(Identifier.Create("user_id", user), 2));
        await grid.CollectApplied(Track("m2", user, null));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await grid.Log.OpenAsync(0, patience.Token)).Checkpoint < 2)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, patience.Token);
        }

        await grid.CrashAndRestartAsync();

        Assert.Equal(2, (long?)(await grid.Profile($"user_id:{user}"))["lifecycle"]!["messageCount"]);
    }

    /// <summary>Found by the simulation (seed 1075).</summary>
    [Fact]
    public async Task Collect_WhenWhatItRepeatsIsSetAside_IsNotAnsweredAsApplied()
    {
        await using TestGrid grid = await TestGrid.StartAsync(("Customer360:Grid:QuarantineAfterTries", "2"));
        JsonObject message = Group("m1", UserIn(0, "someone"), "poison");
        grid.Faults.Refuse(key => key == "poison", Fault);
        await grid.Collect(applied: false, message);
        await grid.CatchUpAsync();
        using SentBody body = SentBody.OfMessage(Encoding.UTF8.GetBytes(message.ToJsonString()));
        Envelope again = new EnvelopeReader(IdentityRules.Default, new LibPhoneNumbers())
            .Read(body[0], new MessageContext("test", TimeProvider.System.GetUtcNow(), null, null, "r", 0))
            .Value!;

        CollectReply reply = await grid
            .Grains.GetGrain<IIntakeGrain>(0)
            .Collect(new CollectRequest([again], WaitUntilApplied: true, TimeSpan.FromSeconds(5)));

        Assert.True(reply.Receipts[0].Duplicate);
        Assert.Equal(CollectStatus.Stored, reply.Status);
    }

    private static JsonObject[] StuckMessages() =>
        [.. Enumerable.Range(0, Stuck).Select(index => Track($"s{index}", UserIn(0, $"stuck-{index}"), null))];

    private static StorageUnavailableException Outage() => new("Planned by the test.");

    private static InvalidOperationException Fault() => new("Planned by the test.");

    /// <summary>A user of a partition.</summary>
    private static string UserIn(int partition, string name) =>
        Enumerable
            .Range(0, 1_000)
            .Select(index => $"{name}-{index}")
            .First(user => Partitions.Of(Identifier.Create("user_id", user), 4) == partition);

    private static async Task<bool> IsCounted(TestGrid grid, DateTimeOffset hour) =>
        !(await grid.Grains.GetGrain<IQualityHourGrain>(GrainKeys.QualityHour("test", hour)).Get()).IsEmpty;
}
