using Customer360.Rules.Destinations;
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
