using System.Collections.Immutable;
using Customer360.Rules.Decisions;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Ports;
using static Customer360.Rules.Tests.Identity.Steps.StepWorld;
using Step = Customer360.Rules.Identity.OwnerStep<Customer360.Rules.Tests.Identity.Steps.Things>;

namespace Customer360.Rules.Tests.Identity.Steps;

/// <summary>What a split does next, answer by answer; and that it may stop anywhere.</summary>
public sealed class SplitStepsTests
{
    private static readonly Identifier s_b = Identifier.Parse("email:b");
    private static readonly SplitUnderWay s_split = new("d_1", "c1", [s_b], null, "because", "steward", Now, null);
    private static readonly Ownership<Things> s_nobody = new("c2", Things.Empty);
    private static readonly Ownership<Things> s_older = new("c1", Things.Of(("email:a", 2), ("email:b", 3)))
    {
        Revision = 9,
    };

    private static readonly Step.AskToRelease s_rehearsal = new(s_split, IsRehearsal: true);
    private static readonly Step.AskToRelease s_release = new(s_split, IsRehearsal: false);

    [Fact]
    public void Begin_RehearsesBeforeItWritesAnything() =>
        Assert.Equal([s_rehearsal], Steps(SplitSteps.Begin(s_nobody, s_split)));

    [Fact]
    public void Begin_WhenItIsThereAlready_IsARepeat()
    {
        Ownership<Things> done = s_nobody with { Held = Things.Of(("email:b", 3)) };

        var outcome = Assert.IsType<OwnerOutcome.Split>(OutcomeOf(SplitSteps.Begin(done, s_split)));
        Assert.True(outcome.IsRepeat);
        Assert.Equal(DecisionId.OfSeparation("d_1"), outcome.SeparationId);
    }

    [Fact]
    public void Rehearsal_WhenAllowed_RemindsThenNotesThenAsksInEarnest() =>
        Assert.Equal(
            [new Step.Remind(OwnerTask.Split), new Step.Save(s_nobody with { Split = s_split }), s_release],
            Steps(SplitSteps.Next(s_nobody, s_rehearsal, Allowed()))
        );

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Answer_WhenRefused_LeavesNothingBehind(bool isRehearsal)
    {
        Ownership<Things> owner = isRehearsal ? s_nobody : s_nobody with { Split = s_split };
        Step[] steps = Steps(
            SplitSteps.Next(owner, new Step.AskToRelease(s_split, isRehearsal), Allowed() with { Refused = "no" })
        );

        Step[] undone = isRehearsal ? [] : [new Step.Save(s_nobody), new Step.EndReminder(OwnerTask.Split)];
        Assert.Equal([.. undone, new Step.End(new OwnerOutcome.SplitRefused("no"))], steps);
    }

    [Fact]
    public void Answer_WhenTheOlderHasMoved_NamesTheNextOrEndsAnUndoing()
    {
        ReleaseAnswer<Things> moved = Allowed() with { MovedTo = "c0" };
        var undoing = new Step.AskToRelease(s_split with { MergeId = "d_0" }, IsRehearsal: true);

        Assert.Equal(
            new OwnerOutcome.SplitElsewhere("c1", "c0"),
            OutcomeOf(SplitSteps.Next(s_nobody, s_rehearsal, moved))
        );
        Assert.Equal(
            new OwnerOutcome.SplitRefused(new MergeUnderLaterMerge().Code),
            OutcomeOf(SplitSteps.Next(s_nobody, undoing, moved))
        );
    }

    [Fact]
    public void Answer_WhenGiven_KeepsBeforeItTakesAndTakesBeforeItConfirms()
    {
        Ownership<Things> asking = s_nobody with { Split = s_split, MovedTo = "c1", RetiredBy = "d_0", Revision = 3 };
        Step[] steps = Steps(
            SplitSteps.Next(
                asking,
                s_release,
                new ReleaseAnswer<Things>(null, null, "s_1", Things.Of(("email:b", 3)), [])
            )
        );

        Ownership<Things> kept = Assert.IsType<Step.Save>(steps[0]).State;
        Assert.Equal((OwnerStatus.Live, null, null), (kept.Status, kept.MovedTo, kept.RetiredBy));
        Assert.Equal("s_1", kept.Split!.SeparationId);
        Assert.True(kept.Held.Holds(s_b));
        var take = Assert.IsType<Step.Take>(steps[1]);
        Assert.Equal(("c1", 4), (take.From, take.Since));
        Assert.Equal(
            [
                new Step.Confirm("c1", "d_1"),
                new Step.Save(kept with { Split = null }),
                new Step.EndReminder(OwnerTask.Split),
            ],
            steps[2..5]
        );
        Assert.False(Assert.IsType<OwnerOutcome.Split>(Assert.IsType<Step.End>(steps[5]).Outcome).IsRepeat);
    }

    [Fact]
    public void Resume_GoesOnWhereItStands()
    {
        Assert.Equal([s_release], Steps(SplitSteps.Resume(s_nobody with { Split = s_split })));
        Assert.IsType<Step.Take>(SplitSteps.Resume(s_nobody with { Split = s_split with { SeparationId = "s_1" } })[0]);
    }

    [Fact]
    public void Release_RecordsThenKeepsWhatItGivesUntilItIsConfirmed()
    {
        var find = Assert.IsType<Step.FindRecord>(Assert.Single(Release(s_older)));
        Step[] steps = Steps(SplitSteps.Next(s_older, find, recorded: null, "v"));

        DecisionRecord record = Assert.IsType<Step.Record>(steps[0]).Decision;
        Assert.Equal((DecisionKinds.Split, "d_1", "c2"), (record.Kind, record.Id, record.OtherCustomerId));
        Ownership<Things> released = Assert.IsType<Step.Save>(steps[1]).State;
        Assert.False(released.Held.Holds(s_b));
        Assert.True(Assert.Single(released.Releases).Held.Holds(s_b));
        Assert.Equal(DecisionId.OfSeparation("d_1"), Assert.Single(released.Separations).Id);
        Assert.True(
            released.Revision + released.Held.MessageCount > s_older.Revision + s_older.Held.MessageCount,
            "The version must not fall."
        );
    }

    [Fact]
    public void Release_WhenAskedOnceMore_GivesTheSame()
    {
        Ownership<Things> released = Released();

        var outcome = Assert.IsType<OwnerOutcome.Released<Things>>(OutcomeOf(Release(released)));
        Assert.Equal(released.Releases[0], outcome.Release);
    }

    [Fact]
    public void Release_WhenACrashHasLeftARecordOfOthers_RecordsUnderAnotherId()
    {
        var find = (Step.FindRecord)Release(s_older)[0];
        var before = new DecisionRecord(
            "d_1",
            DecisionKinds.Split,
            "c1",
            "c2",
            Now,
            new DecisionPayload { Identifiers = [Identifier.Parse("email:x")] }.Write()
        );

        DecisionRecord again = ((Step.Record)SplitSteps.Next(s_older, find, before, "v")[0]).Decision;
        DecisionRecord same = ((Step.Record)SplitSteps.Next(s_older, find, again with { Id = "d_1" }, "v")[0]).Decision;

        Assert.NotEqual("d_1", again.Id);
        Assert.Equal("d_1", same.Id);
    }

    [Fact]
    public void Release_WhenAJobAsks_MakesNoSeparation()
    {
        SplitUnderWay byJob = s_split with { JobId = "j" };
        var find = new Step.FindRecord(byJob, "c2", s_older.Held.Split([s_b]));
        Ownership<Things> released = ((Step.Save)SplitSteps.Next(s_older, find, null, "v")[1]).State;

        Assert.Empty(released.Separations);
        Assert.Equal("", released.Releases[0].SeparationId);
    }

    [Fact]
    public void Confirm_IsWrittenAlsoWhereThereIsNothingToConfirm()
    {
        Assert.Empty(((Step.Save)SplitSteps.Confirm(Released(), "d_1")[0]).State.Releases);
        Assert.IsType<Step.Save>(SplitSteps.Confirm(s_older, "d_1")[0]);
    }

    [Fact]
    public void Undo_WhenItIsItselfOrWasRetiredByAnother_IsRefused()
    {
        SplitUnderWay undoing = s_split with { MergeId = "d_0" };
        var refused = new OwnerOutcome.SplitRefused(new MergeAlreadyUndone().Code);
        Ownership<Things> stub = s_nobody with { MovedTo = "c1", RetiredBy = "d_0" };

        Assert.Equal(refused, OutcomeOf(SplitSteps.Undo(s_nobody, undoing)));
        Assert.Equal(refused, OutcomeOf(SplitSteps.Undo(stub with { RetiredBy = "d_other" }, undoing)));
        Assert.Equal("c1", ((Step.AskToRelease)SplitSteps.Undo(stub, undoing)[0]).Split.From);
    }

    /// <summary>Each crash point: the process dies before step n, and whoever asks next finds it done all the same.</summary>
    [Fact]
    public void Split_WhereverTheProcessDies_IsDoneOnce()
    {
        int steps = 0;
        bool died = true;
        while (died)
        {
            var world = new StepWorld { StepsLeft = steps++ };
            world.Add("c1", ("email:a", 2), ("email:b", 3));
            died = Dies(() => world.Split("c2", "c1", "d_1", s_b));
            Assert.Empty(world.Forgotten());
            world.Rest();
            world.Split("c2", "c1", "d_1", s_b);

            Assert.Equal(["email:a"], world["c1"].Held.Identifiers.Select(one => $"{one}"));
            Assert.Equal(["email:b"], world["c2"].Held.Identifiers.Select(one => $"{one}"));
            Assert.Equal("c2", world.Owners[s_b].Owner);
            Assert.Empty(world["c1"].Releases);
            Assert.Null(world["c2"].Split);
            Assert.Single(world.Records);
        }

        Assert.True(steps > 12, "A split has more steps than that.");
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

    private static ReleaseAnswer<Things> Allowed() => new(null, null, "", Things.Empty, []);

    private static ImmutableArray<Step> Release(Ownership<Things> owner) =>
        SplitSteps.Release(
            owner,
            s_split,
            "c2",
            isRehearsal: false,
            () => (Outcome<Parts<Things>>)owner.Held.Split([s_b])
        );

    private static Ownership<Things> Released() =>
        ((Step.Save)SplitSteps.Next(s_older, (Step.FindRecord)Release(s_older)[0], null, "v")[1]).State;

    private static OwnerOutcome OutcomeOf(ImmutableArray<Step> steps) => ((Step.End)steps[^1]).Outcome;

    private static Step[] Steps(ImmutableArray<Step> steps) => [.. steps];
}
