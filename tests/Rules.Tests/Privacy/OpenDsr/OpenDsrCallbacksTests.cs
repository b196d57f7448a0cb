using System.Collections.Immutable;
using Customer360.Rules.Privacy.OpenDsr;

namespace Customer360.Rules.Tests.Privacy.OpenDsr;

/// <summary>Who is told what, how often it is tried, and when it ends.</summary>
public sealed class OpenDsrCallbacksTests
{
    private const int Tries = 3;
    private static readonly DateTimeOffset s_now = new(2026, 11, 27, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Next_WhenNothingHasChanged_TellsNobody()
    {
        CallbackRound round = OpenDsrCallbacks.Next([], count: 2, changes: 0, Tries, s_now);

        Assert.Empty(round.Due);
        Assert.Null(OpenDsrCallbacks.NextAt(round.Receivers, changes: 0));
    }

    [Fact]
    public void Next_WhenAChangeIsNew_TellsEveryReceiverAndCountsTheTryFirst()
    {
        CallbackRound round = OpenDsrCallbacks.Next([], count: 2, changes: 1, Tries, s_now);

        Assert.Equal<int>([0, 1], round.Due);
        Assert.All(round.Receivers, one => Assert.Equal((0, 1), (one.Settled, one.Tries)));
        Assert.All(round.Receivers, one => Assert.True(one.TryAfter > s_now));
        // Whoever reads this again after a crash tells nobody at once, and everybody later.
        Assert.Empty(OpenDsrCallbacks.Next(round.Receivers, 2, changes: 1, Tries, s_now).Due);
        Assert.Equal<int>([0, 1], OpenDsrCallbacks.Next(round.Receivers, 2, 1, Tries, round.Receivers[0].TryAfter).Due);
    }

    [Fact]
    public void Next_AfterAReceiverWasTold_TellsTheNextChangeAtOnce()
    {
        CallbackRound round = OpenDsrCallbacks.Next([], count: 1, changes: 2, Tries, s_now);
        CallbackProgress told = OpenDsrCallbacks.Told(round.Receivers[0]);

        CallbackRound next = OpenDsrCallbacks.Next([told], count: 1, changes: 2, Tries, s_now);

        Assert.Equal<int>([0], next.Due);
        Assert.Equal(1, next.Receivers[0].Settled);
    }

    [Fact]
    public void Next_WhenOneReceiverDoesNotAnswer_HoldsUpNoOther()
    {
        CallbackRound round = OpenDsrCallbacks.Next([], count: 2, changes: 2, Tries, s_now);
        ImmutableArray<CallbackProgress> after =
        [
            OpenDsrCallbacks.NotTold(round.Receivers[0], Tries),
            OpenDsrCallbacks.Told(round.Receivers[1]),
        ];

        Assert.Equal<int>([1], OpenDsrCallbacks.Next(after, count: 2, changes: 2, Tries, s_now).Due);
    }

    [Fact]
    public void Tries_WhenNoneIsTaken_WaitEachLongerAndEndInGivingUp()
    {
        ImmutableArray<CallbackProgress> receivers = [];
        DateTimeOffset now = s_now;
        List<TimeSpan> waits = [];
        for (int attempt = 1; attempt <= Tries; attempt++)
        {
            CallbackRound round = OpenDsrCallbacks.Next(receivers, count: 1, changes: 1, Tries, now);
            Assert.Equal<int>([0], round.Due);
            receivers = [OpenDsrCallbacks.NotTold(round.Receivers[0], Tries)];
            if (attempt < Tries)
            {
                DateTimeOffset next = OpenDsrCallbacks.NextAt(receivers, changes: 1)!.Value;
                waits.Add(next - now);
                now = next;
            }
        }

        Assert.Equal((1, 1), (receivers[0].Settled, receivers[0].GivenUp));
        Assert.True(waits[0] < waits[1]);
        Assert.Null(OpenDsrCallbacks.NextAt(receivers, changes: 1));
        // The next change is tried anew.
        Assert.Equal<int>([0], OpenDsrCallbacks.Next(receivers, count: 1, changes: 2, Tries, now).Due);
    }

    /// <summary>A process that dies in each try would try for ever, if a try counted only when it has ended.</summary>
    [Fact]
    public void Tries_WhenACrashBreaksOffEachOne_EndAllTheSame()
    {
        ImmutableArray<CallbackProgress> receivers = [];
        DateTimeOffset now = s_now;
        int made = 0;
        ImmutableArray<int> givenUp = [];
        while (givenUp.IsEmpty)
        {
            CallbackRound round = OpenDsrCallbacks.Next(receivers, count: 1, changes: 1, Tries, now);
            made += round.Due.Length;
            givenUp = round.GivenUp;
            receivers = round.Receivers;
            now = OpenDsrCallbacks.NextAt(receivers, changes: 1) ?? now;
        }

        Assert.Equal(Tries, made);
        Assert.Equal<int>([0], givenUp);
        Assert.Equal((1, 1), (receivers[0].Settled, receivers[0].GivenUp));
    }

    [Fact]
    public void Tries_OfTheDefault_LastAboutADay()
    {
        CallbackProgress receiver = default;
        DateTimeOffset now = s_now;
        for (int attempt = 1; attempt < OpenDsrCallbacks.TriesDefault; attempt++)
        {
            receiver = OpenDsrCallbacks
                .Next([receiver], count: 1, changes: 1, OpenDsrCallbacks.TriesDefault, now)
                .Receivers[0];
            now = receiver.TryAfter;
        }

        Assert.InRange(now - s_now, TimeSpan.FromHours(20), TimeSpan.FromHours(28));
    }

    [Theory]
    [InlineData(2, OpenDsrStatus.Completed, true)]
    [InlineData(2, OpenDsrStatus.Cancelled, true)]
    [InlineData(2, OpenDsrStatus.Pending, false)]
    [InlineData(1, OpenDsrStatus.Completed, false)]
    public void IsOver_WhenAllIsToldThatThereWillBe_IsTrue(int settled, OpenDsrStatus last, bool isOver) =>
        Assert.Equal(
            isOver,
            OpenDsrCallbacks.IsOver(
                [default(CallbackProgress) with { Settled = settled }],
                count: 1,
                [OpenDsrStatus.InProgress, last]
            )
        );

    [Fact]
    public void IsOver_WhenAReceiverWasNeverTried_IsFalse() =>
        Assert.False(OpenDsrCallbacks.IsOver([], count: 1, [OpenDsrStatus.Completed]));
}
