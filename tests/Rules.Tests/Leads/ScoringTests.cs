using Customer360.Rules.Conditions;
using Customer360.Rules.Leads;
using Customer360.Rules.Tests.Conditions;
using FsCheck;
using FsCheck.Fluent;

namespace Customer360.Rules.Tests.Leads;

public sealed class ScoringTests
{
    private static readonly ScoringPolicyKind s_kind = new();
    private static readonly DateTimeOffset s_day = new(2026, 2, 5, 0, 0, 0, TimeSpan.Zero);
    private static readonly Config s_many = Config.QuickThrowOnFailure.WithMaxTest(300);
    private static readonly Arbitrary<int> s_seeds = Gen.Choose(0, int.MaxValue).ToArbitrary();

    [Fact]
    public void Read_OfTheSampleAndTheBuiltInFile_IsValid()
    {
        Assert.Empty(SmallYaml.Faults(s_kind, SmallYaml.Sample("scoring")));
        Assert.Empty(SmallYaml.Faults(s_kind, s_kind.BuiltIn));
    }

    [Fact]
    public void Read_OfAFileThatIsWrong_FindsAllFaults() =>
        Assert.Equal(
            new[]
            {
                "line 1, groups.fit.max: It must be a whole number from 1 to 1000000.",
                "line 3, rules[0].event: It must say which event gives points, or by 'if' what must be known of the lead.",
                "line 3, rules[0].group: The file has no such group.",
                "line 4, rules[1].decay: It must be one of: {percent, everyDays}, {halfLifeDays}, {windowDays}.",
                "line 4, rules[1].name: It is there twice; first in line 3.",
                "line 4, rules[1].points: It must be a whole number from -1000 to 1000.",
                "line 5, rules[2].countMax: It is for rules about an event.",
                "line 6, tiers.b: Another tier begins there.",
            },
            SmallYaml
                .Faults(
                    s_kind,
                    """
                    groups: {fit: {max: 0}}
                    rules:
                      - {name: one, group: intent, points: 1}
                      - {name: one, group: fit, points: 1001, event: E, decay: {percent: 5, everyDays: 1, windowDays: 1}}
                      - {name: two, group: fit, points: 1, if: {fact: score, exists: true}, countMax: 3}
                    tiers: {a: 1, b: 1}
                    """
                )
                .Order(StringComparer.Ordinal)
        );

    [Theory]
    [InlineData(ScoreDecayKind.Percent, 10, 50, 0, 100_000)]
    [InlineData(ScoreDecayKind.Percent, 10, 50, 9.99, 100_000)]
    [InlineData(ScoreDecayKind.Percent, 10, 50, 10, 50_000)]
    [InlineData(ScoreDecayKind.Percent, 10, 50, 35, 12_500)]
    [InlineData(ScoreDecayKind.Percent, 1, 33, 3, 30_076)]
    [InlineData(ScoreDecayKind.Percent, 1, 100, 1, 0)]
    [InlineData(ScoreDecayKind.HalfLife, 10, 0, 10, 50_000)]
    [InlineData(ScoreDecayKind.HalfLife, 10, 0, 5.5, 70_710)]
    [InlineData(ScoreDecayKind.Window, 10, 0, 10, 100_000)]
    [InlineData(ScoreDecayKind.Window, 10, 0, 10.0001, 0)]
    [InlineData(ScoreDecayKind.None, 0, 0, 999, 100_000)]
    [InlineData(ScoreDecayKind.None, 0, 0, -1, 0)]
    public void ValueAt_OfADecay_IsWhatIsLeft(ScoreDecayKind kind, int days, int percent, double age, long left) =>
        Assert.Equal(left, new ScoreDecay(kind, days, percent).ValueAt(100, s_day, s_day.AddDays(age)));

    [Fact]
    public void Score_WhenExplained_SaysOfEachContributionWhatItGives()
    {
        ScoringPolicy policy = Sample();
        ScoreContribution[] looks =
        [
            .. Enumerable
                .Range(0, 5)
                .SelectMany(n =>
                    ScoringRules.ContributionsOf(
                        policy,
                        "Page Viewed",
                        new FactSet([new("path", FactValue.Of("/pricing"))]),
                        s_day.AddDays(-4 * n),
                        $"m{n}"
                    )
                ),
        ];

        // A message that is folded twice gives its points once.
        ScoreCard card = ScoringRules.Score(policy, [.. looks, .. looks], FactSet.Empty, s_day);

        Assert.Equal(30, card.Points);
        Assert.Equal(
            ["m0 10 None", "m1 10 None", "m2 10 None", "m3 0 OverCount", "m4 0 OverCount"],
            card.Lines.Where(line => line.Cause is not null).Select(line => $"{line.Cause} {line.Left} {line.Because}")
        );
        Assert.Equal("cold", card.Tier);
        Assert.Equal(5, card.Lines.Count(line => line.Trace is not null));
    }

    [Fact]
    public void Score_OfAGroup_EndsAtItsLimits()
    {
        ScoringPolicy policy = Sample();
        FactSet bad = new([new("unsubscribed", FactValue.True), new("email", FactValue.Of("a@b.edu"))]);

        ScoreCard card = ScoringRules.Score(policy, [], bad, s_day);

        ScoreGroupSum fit = Assert.Single(card.Groups, group => group.Group == "fit");
        Assert.Equal((-80, -50, -50), (fit.Sum, fit.Points, card.Points));
        Assert.Null(card.Tier);
    }

    [Fact]
    public void NextTier_OfALeadThatCools_IsWhenItFalls()
    {
        ScoringPolicy policy = Sample();
        ScoreContribution[] demo = [new("demo", s_day, "m1")];
        FactSet facts = new([new("employees", FactValue.Of(500))]);

        // 20 + 50 is hot; 20 + 25 after thirty days is warm; 20 + 12.5 after sixty is cold, and so it stays.
        DateTimeOffset warm = ScoringRules.NextTier(policy, demo, facts, s_day)!.Value;
        DateTimeOffset cold = ScoringRules.NextTier(policy, demo, facts, warm)!.Value;

        Assert.Equal((s_day.AddDays(30), s_day.AddDays(60)), (warm, cold));
        Assert.Null(ScoringRules.NextTier(policy, demo, facts, cold));
    }

    [Fact]
    public void NextChange_OfAnyLead_PassesOverNoChange() =>
        Prop.ForAll(
                s_seeds,
                seed =>
                {
                    var random = new Random(seed);
                    ScoringPolicy policy = Sample();
                    ScoreContribution[] all = Contributions(random);
                    ScoreCard card = ScoringRules.Score(policy, all, FactSet.Empty, s_day);
                    DateTimeOffset end = card.NextChange ?? s_day.AddDays(500);
                    return Enumerable
                        .Range(0, 10)
                        .Select(step => s_day + ((end - s_day) / 10 * step))
                        .All(time => ScoringRules.Score(policy, all, FactSet.Empty, time).Points == card.Points);
                }
            )
            .Check(s_many);

    [Fact]
    public void Trim_OfAnyContributions_ChangesNoScoreNowOrLater() =>
        Prop.ForAll(
                s_seeds,
                seed =>
                {
                    var random = new Random(seed);
                    ScoringPolicy policy = Sample();
                    ScoreContribution[] all = [.. Contributions(random), new("gone", s_day, "x")];
                    ScoreContribution[] kept = [.. ScoringRules.Trim(policy, all, s_day)];
                    return kept.Length < all.Length
                        && Enumerable
                            .Range(0, 40)
                            .Select(days => s_day.AddDays(days))
                            .All(time =>
                                ScoringRules.Score(policy, all, FactSet.Empty, time).Points
                                == ScoringRules.Score(policy, kept, FactSet.Empty, time).Points
                            );
                }
            )
            .Check(s_many);

    private static ScoringPolicy Sample() =>
        s_kind.ReadFile(SmallYaml.Sample("scoring"), SmallYaml.Instance).Body!.Base;

    private static ScoreContribution[] Contributions(Random random)
    {
        string[] rules = ["demo", "pricing", "webinar"];
        return
        [
            .. Enumerable
                .Range(0, random.Next(1, 12))
                .Select(n => new ScoreContribution(
                    rules[random.Next(3)],
                    s_day.AddHours(random.Next(-1_000, 48)),
                    $"m{n}"
                )),
        ];
    }
}
