using System.Collections.Immutable;
using System.Text;
using Customer360.Grains.Contracts;
using Customer360.Grains.Tests.Support;
using Customer360.Phones;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Ports;
using static Customer360.Grains.Tests.Support.Messages;

namespace Customer360.Grains.Tests.Intake;

public sealed class IntakeTests
{
    [Fact]
    public async Task Collect_WhenTooMuchWaits_AsksToComeBackLater()
    {
        await using TestGrid grid = await TestGrid.StartAsync(
            ("Customer360:Grid:WaitingMessagesMax", "10"),
            ("Customer360:Grid:Partitions", "4")
        );
        await grid.CollectApplied(Track("m0", "u1", null));
        // Nobody gets anything handed over while every state write fails: the new users can't be created.
        grid.Faults.CutOff();
        int overloaded = 0;
        for (int index = 0; index < 200; index++)
        {
            Envelope envelope = Envelope($"x{index}", $"new-{index}");
            CollectReply reply = await grid
                .Grains.GetGrain<IIntakeGrain>(Partitions.Of(envelope.Anchor, grid.Partitions))
                .Collect(new CollectRequest([envelope], false, TimeSpan.Zero));
            if (reply.Status == CollectStatus.Overloaded)
            {
                Assert.InRange(reply.RetryAfterSeconds, 1, 30);
                overloaded++;
            }
        }

        Assert.InRange(overloaded, 200 - (4 * 10), 199);
        grid.Faults.Heal();
        await grid.CatchUpAsync();
        await grid.CollectApplied(Track("m1", "u1", null));
    }

    /// <summary>Found by the simulation (seed 3349 of its first version).</summary>
    [Fact]
    public async Task Partition_WhenAWriterThatWasGivenUpHasAppendedOnceMore_BringsItToItsProfile()
    {
        await using TestGrid grid = await TestGrid.StartAsync(("Customer360:Grid:LaneTimeMax", "00:00:00.020"));
        await grid.CollectApplied(Track("m1", "u1", null));
        Envelope late = Envelope("late", "u1");
        int partition = Partitions.Of(late.Anchor, grid.Partitions);
        long next = (await grid.Grains.GetGrain<IIntakeGrain>(partition).GetStatus()).NextPosition;

        AppendResult appended = await grid.Log.AppendAsync(
            partition,
            [new LogAppend(next, late.MessageId, late.Anchor.ToString(), late.Timestamp, late.Json)],
            CancellationToken.None
        );

        Assert.False(appended.Fenced);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await grid.Grains.GetGrain<IIntakeGrain>(partition).GetStatus()).AppliedPosition < next)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, patience.Token);
        }

        Assert.Equal(2, (long?)(await grid.Profile("user_id:u1"))["lifecycle"]!["messageCount"]);
        await grid.CollectApplied(Track("m2", "u1", null));
    }

    [Fact]
    public async Task Collect_WhenOneCustomerIsStuck_GoesOnForOthers()
    {
        await using TestGrid grid = await TestGrid.StartAsync(("Customer360:Grid:Partitions", "4"));
        ImmutableArray<Envelope> others =
        [
            .. Enumerable
                .Range(0, 40)
                .Select(index => Envelope($"o{index}", $"other-{index}"))
                .Where(envelope => Partitions.Of(envelope.Anchor, 4) == 0),
        ];
        foreach (Envelope other in others)
        {
            await grid.CollectApplied(Track($"first-{other.MessageId}", other.Anchor.Value, null));
        }

        // A user who can't be created, in the same partition as the others.
        string stuck = Enumerable
            .Range(0, 100)
            .Select(index => $"stuck-{index}")
            .First(user => Partitions.Of(Identifier.Create("user_id", user), 4) == 0);
        grid.Faults.CutOff();
        await grid.Collect(applied: false, Track("s1", stuck, null));

        CollectReply reply = await grid
            .Grains.GetGrain<IIntakeGrain>(0)
            .Collect(new CollectRequest(others, true, TimeSpan.FromSeconds(20)));

        Assert.Equal(CollectStatus.Applied, reply.Status);
        grid.Faults.Heal();
        await grid.CatchUpAsync();
        Assert.NotNull(await grid.OwnerOf($"user_id:{stuck}"));
    }

    private static Envelope Envelope(string messageId, string userId)
    {
        using SentBody body = SentBody.OfMessage(Encoding.UTF8.GetBytes(Track(messageId, userId, null).ToJsonString()));
        return new EnvelopeReader(IdentityRules.Default, new LibPhoneNumbers())
            .Read(body[0], new MessageContext("test", TimeProvider.System.GetUtcNow(), null, null, "r", 0))
            .Value!;
    }
}
