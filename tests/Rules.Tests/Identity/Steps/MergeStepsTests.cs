using System.Collections.Immutable;
using Customer360.Rules.Decisions;
using Customer360.Rules.Identity;
using static Customer360.Rules.Tests.Identity.Steps.StepWorld;
using Step = Customer360.Rules.Identity.OwnerStep<Customer360.Rules.Tests.Identity.Steps.Things>;

namespace Customer360.Rules.Tests.Identity.Steps;

/// <summary>What a merge does next, answer by answer; and that it may stop anywhere.</summary>
public sealed class MergeStepsTests
{
    private static readonly MergeUnderWay s_merge = new("c1", "d_1", "m", "test", Now, "v", []);
    private static readonly Ownership<Things> s_younger = new("c2", Things.Of(("email:b", 3))) { Revision = 4 };
    private static readonly Ownership<Things> s_older = new("c1", Things.Of(("email:a", 2))) { Revision = 9 };

    private static readonly Ownership<Things> s_sealed = s_younger with
    {
        Status = OwnerStatus.Sealed,
        Merge = s_merge,
        Revision = 5,
    };

    [Fact]
    public void Begin_RemindsThenSealsThenAsks()
    {
        Step[] steps = [.. MergeSteps.Begin(s_younger, s_merge, isOlder: true)];

        Assert.Equal([new Step.Remind(OwnerTask.Merge), new Step.Save(s_sealed), new Step.AskToAbsorb("c1")], steps);
    }

    [Fact]
    public void Begin_WhenItHasMovedBefore_SaysWhereAndByWhichMerge()
    {
        Ownership<Things> stub = s_younger with { Status = OwnerStatus.Retired, MovedTo = "c0", RetiredBy = "d_0" };

        Assert.Equal([End(new OwnerOutcome.MovedBefore("c0", "d_0"))], Steps(MergeSteps.Begin(stub, s_merge, true)));
    }

    [Fact]
    public void Begin_WhenTheOtherIsYounger_RecordsTheRefusalAndSavesNothing()
    {
        Step[] steps = Steps(MergeSteps.Begin(s_younger, s_merge, isOlder: false));

        var record = Assert.IsType<Step.Record>(steps[0]).Decision;
        Assert.Equal(DecisionKinds.Refused, record.Kind);
        Assert.Equal(MergeRefusal.NotOlder.Code, DecisionPayload.Read(record.Payload).Reason);
        Assert.Equal([End(new OwnerOutcome.MergeNotBegun(MergeRefusal.NotOlder, null))], steps[1..]);
    }

    [Fact]
    public void Begin_WhileAReleaseIsNotConfirmed_SaysWhomToWaitFor()
    {
        Ownership<Things> giving = s_younger with
        {
            Releases = [new PendingRelease<Things>("d_9", "c9", "", Things.Empty, [])],
        };

        Assert.Equal(
            [End(new OwnerOutcome.MergeNotBegun(MergeRefusal.SplitUnderWay, "c9"))],
            Steps(MergeSteps.Begin(giving, s_merge, isOlder: true))
        );
    }

    [Fact]
    public void Answer_WhenSentOn_IsNotedBeforeTheNextIsAsked()
    {
        Step[] steps = Steps(MergeSteps.Next(s_sealed, new AbsorbAnswer("c0", null, null), since: 0));

        Assert.Equal(
            [new Step.Save(s_sealed with { Merge = s_merge with { Into = "c0" } }), new Step.AskToAbsorb("c0")],
            steps
        );
    }

    [Fact]
    public void Answer_WhenRefused_IsRecordedBeforeTheSealIsLifted()
    {
        Step[] steps = Steps(MergeSteps.Next(s_sealed, new AbsorbAnswer(null, "over_limit", "w"), since: 0));

        var record = Assert.IsType<Step.Record>(steps[0]).Decision;
        Assert.Equal(("over_limit", "w"), (ReasonOf(record), DecisionPayload.Read(record.Payload).RuleVersion));
        Assert.Equal(
            [
                new Step.Save(s_sealed with { Status = OwnerStatus.Live, Merge = null }),
                new Step.EndReminder(OwnerTask.Merge),
                End(new OwnerOutcome.MergeRefused("over_limit", "d_1")),
            ],
            steps[1..]
        );
    }

    [Fact]
    public void Answer_WhenTakenIn_RecordsThenFencesThenMovesThenAsksToForward()
    {
        Step[] steps = Steps(MergeSteps.Next(s_sealed, default(AbsorbAnswer), since: 9));

        Assert.Equal(DecisionKinds.Merged, Assert.IsType<Step.Record>(steps[0]).Decision.Kind);
        // The fence writes the state as it stands: storage refuses it where another activation has ended this merge.
        Assert.Equal(new Step.Save(s_sealed with { Merge = s_merge with { Since = 9 } }), steps[1]);
        var repoint = Assert.IsType<Step.Repoint>(steps[2]);
        Assert.Equal(("c1", 5, 9), (repoint.To, repoint.AsOf, repoint.Since));
        Assert.Equal(s_sealed.Held.Identifiers.ToArray(), repoint.Identifiers.ToArray());
        Assert.Equal("c1", Assert.IsType<Step.AskToForward>(steps[3]).Older);
        Assert.Equal(4, steps.Length);
    }

    [Fact]
    public void Forwarded_WhenTheOlderHasMoved_AsksThatOneToo() =>
        Assert.Equal(
            "c0",
            Assert.IsType<Step.AskToForward>(Assert.Single(MergeSteps.Next(s_sealed, new ForwardAnswer("c0")))).Older
        );

    [Fact]
    public void Forwarded_WhenTheOlderIsLive_RetiresAndItsVersionNeverFalls()
    {
        Ownership<Things> takenIn = s_sealed with { Merge = s_merge with { Since = 9 } };
        Step[] steps = Steps(MergeSteps.Next(takenIn, default(ForwardAnswer)));

        Ownership<Things> stub = Assert.IsType<Step.Save>(steps[0]).State;
        Assert.Equal(
            (OwnerStatus.Retired, "c1", 9, "d_1"),
            (stub.Status, stub.MovedTo, stub.MovedSince, stub.RetiredBy)
        );
        Assert.Null(stub.Merge);
        Assert.Empty(stub.Held.Identifiers);
        Assert.True(stub.Revision > s_sealed.Revision + s_sealed.Held.MessageCount);
        Assert.Equal([new Step.EndReminder(OwnerTask.Merge), End(new OwnerOutcome.Merged("c1", "d_1"))], steps[1..]);
    }

    [Fact]
    public void Rehearse_IsWhatAbsorbingWouldSave_WhateverStandsAgainstIt()
    {
        Ownership<Things> after = MergeSteps.Rehearse(s_older, s_sealed);
        Ownership<Things> saved = Assert.IsType<Step.Save>(Steps(Absorb(s_older, s_sealed))[0]).State;

        Assert.Equal(saved.Held.Counts.ToArray(), after.Held.Counts.ToArray());
        Assert.Equal((saved.Revision, saved.Status), (after.Revision, after.Status));
        Assert.Equal(9, s_older.Revision);
    }

    [Fact]
    public void Absorb_TakesTheStateIn_AndWritesItsAnswerBeforeItGivesIt()
    {
        Step[] steps = Steps(Absorb(s_older, s_sealed));

        Ownership<Things> joined = Assert.IsType<Step.Save>(steps[0]).State;
        Assert.Equal(["email:a", "email:b"], joined.Held.Identifiers.Select(one => $"{one}"));
        Assert.Equal(["d_1"], joined.Absorbed.ToArray());
        Assert.True(joined.Revision > s_older.Revision && joined.Revision > s_sealed.Revision);
        Assert.True(Assert.Single(joined.Settled).Answer.WasTakenIn);
        Assert.Equal([End(new OwnerOutcome.Absorbed(default, joined.Revision))], steps[1..]);
    }

    [Fact]
    public void Absorb_WhenAskedOnceMore_SaysTheSameAndSavesNothing()
    {
        Ownership<Things> joined = Saved(Absorb(s_older, s_sealed));

        Assert.Equal([End(new OwnerOutcome.Absorbed(default, joined.Revision))], Steps(Absorb(joined, s_sealed)));
    }

    [Fact]
    public void Absorb_WhenItWasTakenBackMeanwhile_IsALostRace()
    {
        Ownership<Things> undone = Saved(Absorb(s_older, s_sealed)) with { Absorbed = [] };

        Assert.Equal([End(new OwnerOutcome.LostRace("d_1"))], Steps(Absorb(undone, s_sealed)));
    }

    [Fact]
    public void Absorb_WhenTheYoungerIsSealedAnew_IsAnotherQuestion()
    {
        Ownership<Things> refusing = Saved(Absorb(s_older, s_sealed, Objection(JoinObstacle.Limit)));
        Assert.Equal("over_limit", Assert.Single(refusing.Settled).Answer.Refused);

        Assert.Equal("over_limit", AnswerOf(Absorb(refusing, s_sealed)).Refused);
        Assert.True(AnswerOf(Absorb(refusing, s_sealed with { Revision = 7 })).WasTakenIn);
    }

    [Fact]
    public void Absorb_WhenItHasMoved_SendsOnAndGoesOnSayingSo()
    {
        Ownership<Things> stub = s_older with { Status = OwnerStatus.Retired, MovedTo = "c0" };
        Ownership<Things> asked = Saved(Absorb(stub, s_sealed));
        Ownership<Things> itselfAgain = asked with { Status = OwnerStatus.Live, MovedTo = null };

        Assert.Equal("c0", AnswerOf(Absorb(itselfAgain, s_sealed)).MovedTo);
    }

    [Theory]
    [InlineData(JoinObstacle.Separation, "separated")]
    [InlineData(JoinObstacle.Region, "regions_apart")]
    [InlineData(JoinObstacle.Limit, "over_limit")]
    [InlineData(JoinObstacle.Claimed, "unproven")]
    [InlineData(JoinObstacle.Device, "unproven")]
    [InlineData(JoinObstacle.Size, "profile_too_large")]
    public void Absorb_WhenSomethingStandsAgainstIt_RefusesByItsCode(JoinObstacle obstacle, string code)
    {
        AbsorbAnswer answer = AnswerOf(Absorb(s_older, s_sealed, Objection(obstacle)));

        Assert.Equal((code, "w"), (answer.Refused, answer.RuleVersion));
        Assert.Equal(code, MergeRefusal.Read(code).Code);
        Assert.NotEqual("", MergeRefusal.Read(code).Because);
    }

    [Fact]
    public void Absorb_WhenAJobAsks_WeighsAnew()
    {
        Ownership<Things> byJob = s_sealed with { Merge = s_merge with { JobId = "j" } };

        Assert.True(Assert.IsType<Step.Save>(Absorb(s_older, byJob)[0]).WeighsAnew);
        Assert.False(Assert.IsType<Step.Save>(Absorb(s_older, s_sealed)[0]).WeighsAnew);
    }

    /// <summary>Each crash point: the process dies before step n, and whoever asks next finds it done all the same.</summary>
    [Fact]
    public void Merge_WhereverTheProcessDies_IsDoneOnce()
    {
        int steps = 0;
        bool died = true;
        while (died)
        {
            var world = new StepWorld { StepsLeft = steps++ };
            world.Add("c1", ("email:a", 2));
            world.Add("c2", ("email:b", 3));
            died = Dies(() => world.Merge("c2", "c1", "d_1"));
            Assert.Empty(world.Forgotten());
            world.Rest();
            world.Merge("c2", "c1", "d_1");

            Assert.Equal(["email:a", "email:b"], world["c1"].Held.Identifiers.Select(one => $"{one}"));
            Assert.Equal(("c1", OwnerStatus.Retired), (world["c2"].MovedTo, world["c2"].Status));
            Assert.All(world.Owners.Values, owner => Assert.Equal("c1", owner.Owner));
            Assert.Single(world.Records);
        }

        Assert.True(steps > 8, "A merge has more steps than that.");
    }

    private static bool Dies(Action action)
    {
        try
        {
            action();
            return false;
        }
        catch (DiedException)
        {
            return true;
        }
    }

    private static ImmutableArray<Step> Absorb(
        Ownership<Things> older,
        Ownership<Things> younger,
        JoinObjection? objection = null
    ) => MergeSteps.Absorb(older, younger, "d_1", () => objection, "w", Now);

    private static JoinObjection Objection(JoinObstacle obstacle) => new(obstacle, 0, "why");

    private static Ownership<Things> Saved(ImmutableArray<Step> steps) => steps.OfType<Step.Save>().Last().State;

    private static AbsorbAnswer AnswerOf(ImmutableArray<Step> steps) =>
        ((OwnerOutcome.Absorbed)((Step.End)steps[^1]).Outcome).Answer;

    private static string? ReasonOf(Ports.DecisionRecord record) => DecisionPayload.Read(record.Payload).Reason;

    private static Step End(OwnerOutcome outcome) => new Step.End(outcome);

    private static Step[] Steps(ImmutableArray<Step> steps) => [.. steps];
}
