using Customer360.Rules.Destinations;
using Customer360.Rules.Ports;
using static Customer360.Rules.Tests.Destinations.Items;

namespace Customer360.Rules.Tests.Destinations;

/// <summary>What receivers say of how much more they take, in the spellings of the field.</summary>
public sealed class RateHeadersTests
{
    [Theory]
    [InlineData("RateLimit: \"default\";r=0;t=30", 30)]
    [InlineData("RateLimit: \"minute\";r=3;t=30, \"day\";r=0;t=600", 600)]
    [InlineData("RateLimit: limit=100, remaining=0, reset=45", 45)]
    [InlineData("RateLimit: \"default\";r=1;t=30", null)]
    [InlineData("RateLimit-Remaining: 0|RateLimit-Reset: 12", 12)]
    [InlineData("X-RateLimit-Remaining: 0|X-RateLimit-Reset: 12", 12)]
    [InlineData("X-RateLimit-Remaining: 0|X-RateLimit-Reset: 1795780860", 60)]
    [InlineData("X-RateLimit-Remaining: 0|X-RateLimit-Reset: 1795780860000", 60)]
    [InlineData("X-Rate-Limit-Remaining: 0|X-Rate-Limit-Reset: 0.5", 1)]
    [InlineData("X-RateLimit-Remaining: 1|X-RateLimit-Reset: 12", null)]
    [InlineData("X-RateLimit-Remaining: 0", null)]
    [InlineData("X-RateLimit-Remaining: 0|X-RateLimit-Reset: soon", null)]
    [InlineData("X-RateLimit-Remaining: 0|X-RateLimit-Reset: 0", null)]
    [InlineData("X-RateLimit-Remaining: 0|X-RateLimit-Reset: -5", null)]
    [InlineData("X-RateLimit-Remaining: 0|X-RateLimit-Reset: 1795780740", null)]
    [InlineData("X-RateLimit-Remaining: 0|X-RateLimit-Reset: 99999999", 86400)]
    [InlineData("X-RateLimit-Remaining: 0|X-RateLimit-Reset: 1e300", null)]
    [InlineData("X-HubSpot-RateLimit-Remaining: 0|X-HubSpot-RateLimit-Interval-Milliseconds: 10000", 10)]
    [InlineData("X-HubSpot-RateLimit-Remaining: 5|X-HubSpot-RateLimit-Interval-Milliseconds: 10000", null)]
    [InlineData(
        "X-HubSpot-RateLimit-Remaining: 0|X-HubSpot-RateLimit-Interval-Milliseconds: 99999999999999999999",
        86400
    )]
    [InlineData("Sforce-Limit-Info: api-usage=15000/15000", 300)]
    [InlineData("Sforce-Limit-Info: api-usage=25/5000; per-app-api-usage=17/250(appName=sample)", null)]
    [InlineData("Sforce-Limit-Info: nonsense", null)]
    [InlineData("", null)]
    public void FreeFrom_OfHeaders_IsWhenSomethingIsLeftAgain(string headers, int? seconds)
    {
        Dictionary<string, string> sent = headers
            .Split('|', StringSplitOptions.RemoveEmptyEntries)
            .Select(one => one.Split(": ", 2))
            .ToDictionary(one => one[0], one => one[1], StringComparer.OrdinalIgnoreCase);

        Assert.Equal(
            seconds is { } wait ? Noon.AddSeconds(wait) : null,
            RateHeaders.FreeFrom(sent.GetValueOrDefault, Noon)
        );
    }

    [Fact]
    public void Judge_OfWhatWasTakenAsTheLast_HoldsTheDestination_AndTheRowIsSent()
    {
        DeliveryJudgement judgement = DeliverySchedule.Judge(
            Changed(),
            Answer(200) with
            {
                FreeFrom = Noon.AddSeconds(30),
            },
            0.5
        );

        Assert.Equal(
            (DeliveryOutcome.Sent, DestinationTurn.Hold, Noon.AddSeconds(30), null, false),
            (judgement.Outcome, judgement.Turn, judgement.Until, judgement.RetryAt, judgement.IsTrouble)
        );
    }

    [Fact]
    public void Judge_OfARefusalForTheRate_WaitsAsTheHeadersSay_UnlessRetryAfterDoes()
    {
        DeliveryAnswer answer = Answer(429) with { FreeFrom = Noon.AddSeconds(30) };

        Assert.Equal(Noon.AddSeconds(30), DeliverySchedule.Judge(Changed(), answer, 0.5).RetryAt);
        Assert.Equal(
            Noon.AddSeconds(7),
            DeliverySchedule.Judge(Changed(), answer with { RetryAfter = "7" }, 0.5).RetryAt
        );
    }
}
