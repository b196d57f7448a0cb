using Customer360.Rules.Quality;

namespace Customer360.Rules.Tests.Quality;

/// <summary>What is unusual, with the traps: outages and sales among the hours before, equal hours, few messages, small changes.</summary>
public sealed class SeasonalAnomalyTests
{
    private const double Outage = 0;

    [Theory]
    [InlineData(1_000, true)]
    [InlineData(850, true)]
    [InlineData(500, false)]
    [InlineData(0, false)]
    [InlineData(5_000, true)]
    public void Drop_BesideAnOutageAndASale_IsTold(double value, bool isUsual) =>
        Assert.Equal(
            isUsual,
            Usual(QualityDirection.Drop, isCount: true, 1_000, 1_040, 980, Outage, 9_000, 1_010).Holds(value)
        );

    [Theory]
    [InlineData(1_000, true)]
    [InlineData(3_000, false)]
    [InlineData(0, true)]
    public void Spike_IsTold_AndADropIsNone(double value, bool isUsual) =>
        Assert.Equal(isUsual, Usual(QualityDirection.Spike, isCount: true, 1_000, 1_040, 980, 990, 1_010).Holds(value));

    /// <summary>Where most hours are equal the median distance is 0, and every other value would be infinitely unusual.</summary>
    [Theory]
    [InlineData(100, true)]
    [InlineData(115, true)]
    [InlineData(40, false)]
    public void HoursThatAreEqual_LeaveRoomForASmallChange(double value, bool isUsual) =>
        Assert.Equal(isUsual, Usual(QualityDirection.Both, isCount: true, 100, 100, 100, 100, 100).Holds(value));

    [Theory]
    [InlineData(0, true, 2)]
    [InlineData(6, true, 2)]
    [InlineData(20, false, 2)]
    [InlineData(0, false, 9)]
    public void FewMessages_AreJudgedAsCountsScatter(double value, bool isUsual, double before) =>
        Assert.Equal(
            isUsual,
            Usual(QualityDirection.Both, isCount: true, before - 1, before, before, before + 1).Holds(value)
        );

    [Theory]
    [InlineData(0.99, true)]
    [InlineData(0.85, true)]
    [InlineData(0.6, false)]
    public void Shares_AreComparedToo(double value, bool isUsual) =>
        Assert.Equal(isUsual, Usual(QualityDirection.Both, isCount: false, 0.99, 0.98, 1, 0.99).Holds(value));

    [Fact]
    public void FewHours_SayNothing() =>
        Assert.Null(SeasonalAnomaly.Of(Anomaly(QualityDirection.Both), [100, 100], isCount: true));

    private static UsualRange Usual(QualityDirection direction, bool isCount, params double[] before) =>
        SeasonalAnomaly.Of(Anomaly(direction), [.. before], isCount)!.Value;

    private static QualityAnomaly Anomaly(QualityDirection direction) =>
        new(QualitySeason.HourOfWeek, 6, 3.5, direction, 0.2, QualityLevel.Warning);
}
