using Customer360.Rules.Destinations;
using Customer360.Rules.Ports;
using static Customer360.Rules.Tests.Destinations.Items;

namespace Customer360.Rules.Tests.Destinations;

/// <summary>What keeps a failing receiver from being asked, and limits the rate of a good one.</summary>
public sealed class BreakerTests
{
    [Fact]
    public void Breaker_OpensWhenHalfOfTwentyFailed()
    {
        Breaker breaker = Breaker.Closed;
        for (int number = 1; number < Breaker.TriesMin; number++)
        {
            breaker = breaker.After(isGood: number % 2 == 0, Noon);
            Assert.False(breaker.IsOpen);
        }

        breaker = breaker.After(isGood: false, Noon);

        Assert.True(breaker.IsOpen);
        Assert.Equal(0, breaker.Allows(8, Noon.AddSeconds(4)));
        Assert.Equal(1, breaker.Allows(8, Noon.AddSeconds(5)));
    }

    [Fact]
    public void Breaker_ForgetsWhatIsOlderThanItsWindow()
    {
        Breaker breaker = Breaker.Closed;
        for (int number = 0; number < 100; number++)
        {
            breaker = breaker.After(isGood: false, Noon.AddSeconds(31 * number));
        }

        Assert.False(breaker.IsOpen);
    }

    [Fact]
    public void Breaker_WhoseProbeFails_WaitsTwiceAsLong_UpToFiveMinutes()
    {
        Breaker breaker = Open();
        double[] pauses = [.. Enumerable.Range(0, 8).Select(_ => Probe())];

        Assert.Equal([10, 20, 40, 80, 160, 300, 300, 300], pauses);

        double Probe()
        {
            DateTimeOffset at = breaker.OpenUntil!.Value;
            breaker = breaker.After(isGood: false, at);
            return (breaker.OpenUntil!.Value - at).TotalSeconds;
        }
    }

    [Fact]
    public void Breaker_WhoseProbeSucceeds_LetsMoreThroughStepByStep()
    {
        Breaker breaker = Open();
        DateTimeOffset at = breaker.OpenUntil!.Value;
        List<int> allowed = [];
        for (int number = 0; number < 5; number++)
        {
            breaker = breaker.After(isGood: true, at);
            allowed.Add(breaker.Allows(8, at));
        }

        Assert.Equal([1, 2, 4, 8, 8], allowed);
        Assert.True(breaker.After(isGood: false, at).IsOpen);
    }

    [Fact]
    public void Breaker_WhileItIsOpen_IsNotMovedByWhatWasUnderWay()
    {
        Breaker breaker = Open();

        Assert.Same(breaker, breaker.After(isGood: true, Noon.AddSeconds(1)));
        Assert.Same(breaker, breaker.After(isGood: false, Noon.AddSeconds(1)));
    }

    [Fact]
    public void Answers_SayOfTheReceiverOnlyWhatIsItsOwnDoing()
    {
        ItemAnswer taken = new(new DeliveryJudgement(DeliveryOutcome.Sent, ""), 200);
        ItemAnswer failed = Judged(500);
        OutboxItem erasure = Of(Effect.Erased("c_1", "pr_1", [], Noon), sentBefore: true);

        Assert.True(Breaker.IsAbout([taken]));
        Assert.False(Breaker.IsAbout([taken, failed]));
        // A row that is refused, or that somebody else has, says nothing against who refuses it.
        Assert.True(Breaker.IsAbout([Judged(422)]));
        Assert.True(
            Breaker.IsAbout([new ItemAnswer(DeliverySchedule.Again(Changed(), Noon, "record_locked", 0.5), 200)])
        );
        // An erasure is not given up, whatever is answered: that it is tried again is no trouble.
        Assert.True(Breaker.IsAbout([new ItemAnswer(DeliverySchedule.Judge(erasure, Answer(404), 0.5), 404)]));
        // Nobody was asked.
        Assert.Null(
            Breaker.IsAbout([new ItemAnswer(new DeliveryJudgement(DeliveryOutcome.Withheld, "key_missing"), 0)])
        );
        Assert.Null(
            Breaker.IsAbout([
                new ItemAnswer(
                    DeliverySchedule.Judge(Changed(), DeliveryAnswer.None(DeliveryFault.SecretMissing, Noon), 0.5),
                    0
                ),
            ])
        );
        // What is given up after a day of it is no less of a trouble.
        ItemAnswer last = new(DeliverySchedule.Judge(Changed(40), new DeliveryAnswer(500, Noon.AddDays(2)), 0.5), 500);
        Assert.Equal(DeliveryOutcome.Failed, last.Judgement.Outcome);
        Assert.False(Breaker.IsAbout([last]));

        static ItemAnswer Judged(int status) => new(DeliverySchedule.Judge(Changed(), Answer(status), 0.5), status);
    }

    [Fact]
    public void Rate_LetsSoManyThroughASecond()
    {
        RateBudget budget = RateBudget.Full(10, Noon);
        for (int number = 0; number < 10; number++)
        {
            Assert.True(budget.Allows > 0);
            budget = budget.Spend();
        }

        Assert.Equal(0, budget.Allows);
        Assert.Equal(Noon.AddMilliseconds(100), budget.NextAt);
        Assert.Equal(1, budget.AsOf(Noon.AddMilliseconds(101)).Allows);
        Assert.Equal(10, budget.AsOf(Noon.AddHours(1)).Allows);
        Assert.Same(budget, budget.AsOf(Noon.AddSeconds(-1)));
    }

    private static Breaker Open()
    {
        Breaker breaker = Breaker.Closed;
        while (!breaker.IsOpen)
        {
            breaker = breaker.After(isGood: false, Noon);
        }

        return breaker;
    }
}
