using System.Collections.Immutable;
using Customer360.Rules.Quality;
using FsCheck;
using FsCheck.Fluent;

namespace Customer360.Rules.Tests.Quality;

/// <summary>How a check stands hour by hour: hysteresis, late data, no data, budgets and what is told.</summary>
public sealed class QualityWatchTests
{
    private static readonly QualityCheck s_plain = Qualities.Check(
        "kind: volume, fail: {below: 10}, warn: {below: 50}"
    );
    private static readonly QualityCheck s_slow = Qualities.Check(
        "kind: volume, fail: {below: 10}, warn: {below: 50}, open: {bad: 2, of: 3}, close: {good: 2}"
    );

    /// <param name="hours">By hour: f failing, w warning, n no data, o ok, - too few messages.</param>
    /// <param name="expected">How it stands behind each.</param>
    [Theory]
    [InlineData("ofo", "ofo")]
    [InlineData("-f-o", "nffo")]
    [InlineData("owfwo", "owfwo")]
    [InlineData("nno", "nno")]
    [InlineData("onno", "onno")]
    public void Watch_WithoutHysteresis_FollowsEachHour(string hours, string expected) =>
        Assert.Equal(expected, Follow(s_plain, hours));

    [Theory]
    [InlineData("ofoo", "oooo")]
    [InlineData("offo", "ooff")]
    [InlineData("offoo", "ooffo")]
    [InlineData("ofofooo", "oooffoo")]
    [InlineData("ofwww", "oowww")]
    [InlineData("offww", "ooffw")]
    [InlineData("offnnn", "ooffnn")]
    [InlineData("off-o-o", "ooffffo")]
    public void Watch_WithHysteresis_OpensAndClosesSlowly(string hours, string expected) =>
        Assert.Equal(expected, Follow(s_slow, hours));

    [Fact]
    public void Watch_WhenMessagesAreCountedLate_Heals()
    {
        QualityWatch watch = QualityWatch.Begin(Qualities.Noon).Look(s_plain, Points("oof"), Now(3));
        Assert.Equal(QualityLevel.Failing, watch.Current);

        QualityWatch healed = watch.Look(s_plain, Points("ooo"), Now(3.1));

        Assert.Equal((QualityLevel.Ok, Now(3.1)), (healed.Current, healed.Since));
        Assert.Equal(QualityLevel.Ok, healed.Points[^1].Level);
    }

    [Fact]
    public void Watch_OfAnHourThatIsSettled_LooksAtItNoMore()
    {
        QualityWatch watch = QualityWatch.Begin(Qualities.Noon).Look(s_plain, Points("ofooo"), Now(5));
        Assert.Equal(Qualities.Noon.AddHours(1), watch.SettledTo);

        QualityWatch again = watch.Look(s_plain, Points("fffoo"), Now(5));

        Assert.Equal([("o"), "f", "f", "o", "o"], again.Points.Select(point => Word(point.Level)));
        Assert.Equal(1, again.Days.Sum(day => day.Bad));
    }

    /// <summary>However often it is looked, and wherever the process dies in between: the last look says the same.</summary>
    [Fact]
    public void Watch_LookedAtInAnySteps_StandsTheSame() =>
        Prop.ForAll(
                Gen.Elements('o', 'f', 'w', 'n', '-').ListOf(30).Select(hours => new string([.. hours])).ToArbitrary(),
                Gen.Choose(1, 5).ListOf(30).ToArbitrary(),
                (hours, steps) =>
                {
                    QualityWatch at = QualityWatch.Begin(Qualities.Noon);
                    int seen = 0;
                    foreach (int step in steps)
                    {
                        seen = Math.Min(hours.Length, seen + step);
                        at = at.Look(s_slow, Points(hours[..seen]), Now(seen));
                    }

                    QualityWatch once = QualityWatch.Begin(Qualities.Noon).Look(s_slow, Points(hours), Now(30));
                    return at.Current == once.Current
                        && at.Settled == once.Settled
                        && at.SettledTo == once.SettledTo
                        && at.Days.AsSpan().SequenceEqual(once.Days.AsSpan())
                        && at.Points.SequenceEqual(once.Points);
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Budget_OfHours_IsWhatIsLeftOfThePromise()
    {
        QualityCheck check = Qualities.Check("kind: volume, fail: {below: 10}, objective: {target: 90%, days: 2}");
        // A hundred hours with five bad ones; the last three are not settled yet, and the first days are over.
        string hours = new string('f', 30) + new string('o', 40) + "ff" + new string('o', 31);

        QualityWatch watch = QualityWatch.Begin(Qualities.Noon).Look(check, Points(hours), Now(hours.Length));
        QualityBudget budget = QualityBudget.Of(check, watch, Now(hours.Length))!.Value;

        Assert.Equal((40, 2), (budget.Valid, budget.Bad));
        Assert.Equal(0.5, budget.Left, 6);
    }

    [Fact]
    public void Alert_OfACheck_IsToldOnceWhenItBeginsGetsWorseAndEnds()
    {
        var repeats = TimeSpan.FromHours(10);
        List<string> told = [];
        StandingAlert? standing = null;
        string hours = "oowwffooww";
        QualityWatch watch = QualityWatch.Begin(Qualities.Noon);
        for (int index = 1; index <= hours.Length; index++)
        {
            watch = watch.Look(s_plain, Points(hours[..index]), Now(index));
            // Twice: a look after a crash tells nothing that was told.
            for (int again = 0; again < 2; again++)
            {
                (standing, bool isTold) = StandingAlert.Next(standing, watch, isMuted: false, repeats, Now(index));
                told.AddRange(isTold ? [$"{index}{Word(watch.Current)}"] : []);
            }
        }

        Assert.Equal(["3w", "5f", "7o", "9w"], told);
        Assert.Equal(Now(9), standing!.StartedAt);
        Assert.True(StandingAlert.Next(standing, watch, isMuted: false, repeats, Now(20)).IsTold);
        Assert.False(StandingAlert.Next(standing, watch, isMuted: true, repeats, Now(20)).IsTold);
    }

    [Fact]
    public void Alert_OfAMutedCheck_BeginsWhenTheMuteEnds()
    {
        QualityCheck check = Qualities.Check(
            "kind: volume, fail: {below: 10}, mute: {source: web, until: 2026-11-25T15:00:00Z, why: works}"
        );
        Assert.NotNull(check.MuteOf("web", Now(2.9)));
        Assert.Null(check.MuteOf("web", Now(3)));
        Assert.Null(check.MuteOf("app", Now(1)));

        QualityWatch watch = QualityWatch.Begin(Qualities.Noon).Look(check, Points("f"), Now(1));
        Assert.Equal((null, false), StandingAlert.Next(null, watch, isMuted: true, TimeSpan.FromDays(1), Now(1)));
        Assert.True(StandingAlert.Next(null, watch, isMuted: false, TimeSpan.FromDays(1), Now(3)).IsTold);
    }

    [Fact]
    public void Alert_OfWhatNobodyHasJudged_IsNone()
    {
        QualityWatch watch = QualityWatch.Begin(Qualities.Noon).Look(s_plain, Points("--"), Now(2));

        Assert.Equal(QualityLevel.NoData, watch.Current);
        Assert.False(StandingAlert.Next(null, watch, isMuted: false, TimeSpan.FromDays(1), Now(2)).IsTold);
    }

    [Fact]
    public void Judge_OfAShare_SaysNothingOfFewMessages_AndNoDataIsNotGood()
    {
        QualityCheck check = Qualities.Check("kind: quarantined, warn: {above: 1%}, fail: {above: 10%}, minimum: 20");

        Assert.Equal(QualityLevel.NoData, LevelOf(check, new QualityMeasure(null, 0, 0)));
        Assert.Null(LevelOf(check, new QualityMeasure(1, 19, 19)));
        Assert.Equal(QualityLevel.Ok, LevelOf(check, new QualityMeasure(0.01, 100, 1)));
        Assert.Equal(QualityLevel.Warning, LevelOf(check, new QualityMeasure(0.02, 100, 2)));
        Assert.Equal(QualityLevel.Failing, LevelOf(check, new QualityMeasure(0.2, 100, 20)));
    }

    private static QualityLevel? LevelOf(QualityCheck check, QualityMeasure measure) =>
        QualityJudge.Judge(check, measure, []).Level;

    private static string Follow(QualityCheck check, string hours)
    {
        QualityWatch watch = QualityWatch.Begin(Qualities.Noon);
        string followed = "";
        for (int index = 1; index <= hours.Length; index++)
        {
            watch = watch.Look(check, Points(hours[..index]), Now(index));
            followed += Word(watch.Current);
        }

        return followed;
    }

    private static ImmutableArray<QualityPoint> Points(string hours) =>
        [
            .. hours.Select(
                (letter, index) =>
                    new QualityPoint(
                        Qualities.Noon.AddHours(index),
                        letter switch
                        {
                            'f' => QualityLevel.Failing,
                            'w' => QualityLevel.Warning,
                            'n' => QualityLevel.NoData,
                            'o' => QualityLevel.Ok,
                            _ => null,
                        },
                        1,
                        1,
                        0,
                        null
                    )
            ),
        ];

    private static DateTimeOffset Now(double hours) => Qualities.Noon.AddHours(hours);

    private static string Word(QualityLevel? level) => level is { } one ? QualityLevels.WordOf(one)[..1] : "-";
}
