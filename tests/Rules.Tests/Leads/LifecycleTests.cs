using Customer360.Rules.Conditions;
using Customer360.Rules.Leads;
using Customer360.Rules.Policies;
using Customer360.Rules.Tests.Conditions;
using FsCheck;
using FsCheck.Fluent;

namespace Customer360.Rules.Tests.Leads;

public sealed class LifecycleTests
{
    private static readonly LifecyclePolicyKind s_kind = new();
    private static readonly DateTimeOffset s_day = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);
    private static readonly Config s_many = Config.QuickThrowOnFailure.WithMaxTest(500);
    private static readonly Arbitrary<int> s_seeds = Gen.Choose(0, int.MaxValue).ToArbitrary();

    [Fact]
    public void Read_OfTheSampleAndTheBuiltInFile_IsValid()
    {
        Assert.Empty(SmallYaml.Faults(s_kind, SmallYaml.Sample("lifecycle")));
        Assert.Empty(SmallYaml.Faults(s_kind, s_kind.BuiltIn));
    }

    [Fact]
    public void Read_OfAFileThatIsWrong_FindsAllFaults() =>
        Assert.Equal(
            new[]
            {
                "line 2, exits.lost: It must have a code at least: a lead leaves for a reason.",
                "line 2, exits.sub: It is a stage of the path already.",
                "line 4, moves[0].code: It must be one of the exit's codes: spam.",
                "line 4, moves[0].if: It is missing.",
                "line 5, moves[1].from: The path goes forward only; a lead comes back by an exit.",
                "line 5, moves[1].name: It is there twice; first in line 4.",
                "line 6, moves[2].from: It must say from which stages.",
                "line 6, moves[2].if.fact: There is no such fact. Known: " + LeadFacts.Catalog.Names + ".",
                "line 6, moves[2].to: The file has no such stage.",
            },
            SmallYaml
                .Faults(
                    s_kind,
                    """
                    stages: [sub, lead, mql]
                    exits: {sub: [a], lost: [], out: [spam]}
                    moves:
                      - {name: one, from: [lead], to: out}
                      - {name: one, from: [mql], to: lead, if: {fact: score, atLeast: 1}}
                      - {name: two, to: sql, if: {fact: scor, atLeast: 1}}
                    """
                )
                .Order(StringComparer.Ordinal)
        );

    [Fact]
    public void Evaluate_WhenAllIsFulfilled_WalksAllTheWayOnce()
    {
        LifecyclePolicy policy = Sample();
        FactSet facts = Lead(
            ("formSubmittedAt", FactValue.Of(s_day)),
            ("score", FactValue.Of(60)),
            ("fit", FactValue.Of(1)),
            ("lastActivityAt", FactValue.Of(s_day)),
            ("email", FactValue.Of("j@x.example")),
            ("company", FactValue.Of("X")),
            ("handoff", FactValue.Of("accepted"))
        );

        LifecycleOutcome outcome = LifecycleRules.Evaluate(policy, LifecycleHistory.Empty, facts, s_day, "m1");
        LifecycleOutcome again = LifecycleRules.Evaluate(policy, outcome.History, facts, s_day, "m1");

        Assert.Equal(["form", "over-the-bar", "accepted"], outcome.Steps.Select(step => step.Move.Name));
        Assert.Equal("sal", outcome.History.View(policy, s_day).Stage);
        Assert.Empty(again.Steps);
        Assert.Equal(outcome.History.Entries, again.History.Entries);
        Assert.Equal(Truth.True, outcome.Steps[1].Trace.Outcome);
    }

    [Fact]
    public void Evaluate_WhereTimeAloneWouldChangeIt_SaysWhen()
    {
        FactSet facts = Lead(
            ("score", FactValue.Of(40)),
            ("fit", FactValue.Of(1)),
            ("lastActivityAt", FactValue.Of(s_day))
        );
        LifecycleHistory history = LifecycleHistory.Empty.Add(Entry("lead", s_day));

        LifecycleOutcome outcome = LifecycleRules.Evaluate(Sample(), history, facts, s_day.AddDays(1), "m1");

        Assert.Equal(s_day.AddDays(30).AddTicks(1), outcome.NextChange);
    }

    [Fact]
    public void View_OfAHistory_HasTimesSkippedStagesAndCycles()
    {
        LifecyclePolicy policy = Sample();
        LifecycleHistory history = LifecycleHistory
            .Empty.Add(Entry("lead", s_day))
            .Add(Entry("mql", s_day.AddDays(2)))
            .Add(Entry("recycled", s_day.AddDays(5), "no-budget"))
            .Add(Entry("lead", s_day.AddDays(10)))
            .Add(Entry("opportunity", s_day.AddDays(11)));

        LifecycleView view = history.View(policy, s_day.AddDays(14));

        Assert.Equal(("opportunity", 2), (view.Stage, view.Cycle));
        Assert.Equal(
            ["lead 2 3", "mql 1 3", "opportunity 1 3", "recycled 1 5"],
            view.Times.Select(time => $"{time.Stage} {time.Entries} {time.Duration.TotalDays}")
        );
        Assert.Equal((s_day, s_day.AddDays(10)), (view.Times[0].FirstAt, view.Times[0].LatestAt));
        Assert.Equal(["subscriber", "sal", "sql"], view.Skipped.AsEnumerable());
        Assert.Empty(view.Passed);
    }

    [Fact]
    public void Say_OfACrm_GoesForwardOnlyAndOutByACode()
    {
        LifecyclePolicy policy = Sample();
        LifecycleHistory sql = LifecycleHistory.Empty.Add(Entry("sql", s_day));

        Assert.IsType<StageBackward>(LifecycleRules.Say(policy, sql, Entry("lead", s_day.AddDays(1))).Refusal);
        Assert.IsType<StageUnknown>(LifecycleRules.Say(policy, sql, Entry("evangelist", s_day.AddDays(1))).Refusal);
        Assert.IsType<StageCodeUnknown>(LifecycleRules.Say(policy, sql, Entry("recycled", s_day.AddDays(1))).Refusal);
        LifecycleHistory recycled = LifecycleRules
            .Say(policy, sql, Entry("recycled", s_day.AddDays(1), "no-budget"))
            .Value!;
        Assert.Equal(
            "lead",
            LifecycleRules
                .Say(policy, recycled, Entry("lead", s_day.AddDays(2)))
                .Value!.View(policy, s_day.AddDays(3))
                .Stage
        );
    }

    [Fact]
    public void History_InWhateverOrderItIsSaid_IsTheSame() =>
        Prop.ForAll(
                s_seeds,
                seed =>
                {
                    var random = new Random(seed);
                    LifecyclePolicy policy = Sample();
                    string[] stages = [.. policy.Stages, .. policy.Exits.Keys];
                    StageEntry[] entries =
                    [
                        .. Enumerable
                            .Range(0, 12)
                            .Select(n =>
                                Entry(stages[random.Next(stages.Length)], s_day.AddHours(random.Next(20))) with
                                {
                                    Cause = $"{n}",
                                }
                            ),
                    ];
                    LifecycleHistory one = entries.Aggregate(LifecycleHistory.Empty, (all, entry) => all.Add(entry));
                    LifecycleHistory other = entries
                        .OrderBy(_ => random.Next())
                        .Concat(entries)
                        .Aggregate(LifecycleHistory.Empty, (all, entry) => all.Add(entry));
                    LifecycleHistory joined = new LifecycleHistory(one.Entries[..6]).Join(
                        new LifecycleHistory(one.Entries[3..])
                    );
                    LifecycleView view = one.View(policy, s_day.AddDays(2));

                    // The stays fill the time from the first entry on, without gaps.
                    TimeSpan stays = view.Times.Aggregate(TimeSpan.Zero, (sum, time) => sum + time.Duration);
                    return one.Entries.SequenceEqual(other.Entries)
                        && one.Entries.SequenceEqual(joined.Entries)
                        && stays == s_day.AddDays(2) - one.Entries[0].At;
                }
            )
            .Check(s_many);

    private static LifecyclePolicy Sample()
    {
        PolicyReading<LifecyclePolicy> reading = s_kind.ReadFile(SmallYaml.Sample("lifecycle"), SmallYaml.Instance);
        return reading.Body!.Base;
    }

    private static FactSet Lead(params (string Name, FactValue Value)[] facts) =>
        new(facts.Select(fact => new KeyValuePair<string, FactValue>(fact.Name, fact.Value)));

    private static StageEntry Entry(string stage, DateTimeOffset at, string? code = null) =>
        new(stage, at, StageSource.Crm, "hubspot", code, $"{stage}-{at.UtcTicks}");
}
