using System.Collections.Frozen;
using Customer360.Rules.Leads;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Routing;
using Customer360.Rules.Tests.Routing;

namespace Customer360.Rules.Tests.Leads;

/// <summary>What becomes of a lead between marketing and sales, and how long it has waited.</summary>
public sealed class LeadRulesTests
{
    // A Monday; ann and bob work from nine to five.
    private static readonly DateTimeOffset s_nine = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    private static readonly LeadTerms s_terms = new(
        new SalesTeam([
            Teams.Person("ann") with
            {
                Calendar = Teams.OfficeHours(),
                Manager = "mia",
            },
            Teams.Person("bob") with
            {
                Calendar = Teams.OfficeHours(),
            },
            Teams.Person("mia"),
        ]),
        new[] { "not-a-fit", "not-mine" }.ToFrozenSet(),
        new[] { "spam", "won" }.ToFrozenSet()
    );

    private static readonly SlaTerms s_hour = new(60)
    {
        RemindPercent = 50,
        EscalatePercent = 80,
        Timeout = SlaTimeout.Reroute,
        ReroutesMax = 1,
        Queue = "triage",
    };

    private static readonly LeadState s_new = new("l1", "new-business", s_nine);

    [Fact]
    public void Accept_InTime_EndsTheHandoffWithItsWorkingTime()
    {
        LeadStep step = Apply(Offered(), new LeadCommand.Accept(s_nine.AddMinutes(20), "ann", "ann"));

        Handoff handoff = Assert.Single(step.State.Handoffs);
        Assert.Equal((LeadStatus.Accepted, "ann"), (step.State.Status, step.State.OwnerId));
        Assert.Equal(
            (HandoffStatus.Accepted, TimeSpan.FromMinutes(20), false),
            (handoff.Status, handoff.Used, handoff.IsLate)
        );
        LeadEvent happened = Assert.Single(step.Events);
        Assert.Equal(
            (LeadEventKind.Accepted, 1, TimeSpan.FromMinutes(20)),
            (happened.Kind, happened.Attempt, happened.Used)
        );
        Assert.Equal(TimeSpan.FromMinutes(20), LeadRules.UsedAt(step.State, s_terms, s_nine.AddDays(3)));
        Assert.Empty(Apply(step.State, new LeadCommand.Accept(s_nine.AddMinutes(25), "ann", "ann")).Events);
    }

    [Fact]
    public void Accept_OverNight_CountsWorkingMinutesOnly()
    {
        LeadState offered = Offered(s_nine.AddHours(7).AddMinutes(50));

        LeadStep step = Apply(offered, new LeadCommand.Accept(s_nine.AddDays(1).AddMinutes(30), "ann", "ann"));

        Assert.Equal((TimeSpan.FromMinutes(40), false), (step.State.Present!.Used, step.State.Present.IsLate));
        Assert.Equal(s_nine.AddDays(1).AddMinutes(50), LeadRules.DueAt(offered, s_terms, 100));
        LeadState wall = Offered(s_nine.AddHours(7).AddMinutes(50), s_hour with { IsWallClock = true });
        Assert.Equal(s_nine.AddHours(8).AddMinutes(50), LeadRules.DueAt(wall, s_terms, 100));
    }

    [Fact]
    public void Accept_AfterTheTimeOutAndBeforeAnotherHasIt_CountsAndIsLate()
    {
        LeadState late = Apply(Offered(), new LeadCommand.TimeOut(s_nine.AddMinutes(60), "reminder", 1)).State;

        LeadStep step = Apply(late, new LeadCommand.Accept(s_nine.AddMinutes(61), "ann", "ann"));

        Assert.Equal(LeadStatus.TimedOut, late.Status);
        Assert.True(Assert.Single(step.Events).IsLate);
        LeadState another = Apply(late, Offer("bob", 2, s_nine.AddMinutes(61))).State;
        Assert.IsType<LeadOfAnother>(Refused(another, new LeadCommand.Accept(s_nine.AddMinutes(62), "ann", "ann")));
    }

    [Theory]
    [InlineData(59)]
    [InlineData(0)]
    public void TimeOut_BeforeItsTime_ChangesNothing(int minutes)
    {
        LeadState offered = Offered();

        Assert.Same(offered, Apply(offered, new LeadCommand.TimeOut(s_nine.AddMinutes(minutes), "reminder", 1)).State);
        Assert.Same(offered, Apply(offered, new LeadCommand.TimeOut(s_nine.AddMinutes(90), "reminder", 2)).State);
    }

    [Fact]
    public void Reject_NeedsACodeOfThePolicyAndTheOwner()
    {
        LeadState offered = Offered();

        Assert.IsType<LeadCodeUnknown>(Refused(offered, new LeadCommand.Reject(s_nine, "ann", "ann", "no")));
        Assert.IsType<LeadOfAnother>(Refused(offered, new LeadCommand.Reject(s_nine, "bob", "bob", "not-mine")));
        Assert.IsType<LeadNotOffered>(Refused(s_new, new LeadCommand.Reject(s_nine, "ann", "ann", "not-mine")));
        LeadStep step = Apply(offered, new LeadCommand.Reject(s_nine, "ann", "ann", "not-mine"));
        Assert.Equal(("not-mine", LeadStatus.Rejected), (step.State.Present!.Code, step.State.Status));
        Assert.Null(step.State.OwnerId);
        Assert.Empty(Apply(step.State, new LeadCommand.Reject(s_nine, "ann", "ann", "not-mine")).Events);
        LeadState accepted = Apply(offered, new LeadCommand.Accept(s_nine, "ann", "ann")).State;
        Assert.IsType<LeadAccepted>(Refused(accepted, new LeadCommand.Reject(s_nine, "ann", "ann", "not-mine")));
        Assert.IsType<LeadAccepted>(Refused(accepted, new LeadCommand.Accept(s_nine, "bob", "bob")));
    }

    [Fact]
    public void Offer_ThatComesAgain_IsTheSameOffer()
    {
        LeadState offered = Offered();

        Assert.Same(offered, Apply(offered, Offer("ann", 1, s_nine.AddMinutes(5))).State);
        Assert.IsType<LeadAttemptStale>(Refused(offered, Offer("bob", 1, s_nine)));
        Assert.IsType<LeadOfAnother>(Refused(offered, Offer("bob", 2, s_nine)));
    }

    [Fact]
    public void Offer_AfterARejection_GoesOnWithTheClockInTheHoursOfTheNext()
    {
        LeadState rejected = Apply(
            Offered(),
            new LeadCommand.Reject(s_nine.AddMinutes(40), "ann", "ann", "not-mine")
        ).State;

        LeadState bobs = Apply(rejected, Offer("bob", 2, s_nine.AddMinutes(45))).State;
        // Said again when it is somebody else's by now: nothing happens, and nobody is blamed.
        Assert.Same(bobs, Apply(bobs, new LeadCommand.Reject(s_nine.AddMinutes(46), "ann", "ann", "not-mine")).State);

        Assert.Equal(s_nine.AddMinutes(60), LeadRules.DueAt(bobs, s_terms, 100));
        Assert.Equal((s_nine, TimeSpan.FromMinutes(45)), (bobs.Clock!.StartedAt, bobs.Clock.Used));
        LeadState again = Apply(
            rejected,
            Offer("bob", 2, s_nine.AddMinutes(45), s_hour with { Restarts = true })
        ).State;
        Assert.Equal(s_nine.AddMinutes(105), LeadRules.DueAt(again, s_terms, 100));
        Assert.Equal(s_nine, again.Clock!.StartedAt);
    }

    [Fact]
    public void Offer_AfterATimeOut_HasItsOwnMinutesOnTheSameClock()
    {
        LeadState late = Apply(Offered(), new LeadCommand.TimeOut(s_nine.AddMinutes(70), "reminder", 1)).State;

        LeadState bobs = Apply(late, Offer("bob", 2, s_nine.AddMinutes(75))).State;

        Assert.Equal(s_nine.AddMinutes(135), LeadRules.DueAt(bobs, s_terms, 100));
        Assert.Equal(TimeSpan.FromMinutes(80), LeadRules.UsedAt(bobs, s_terms, s_nine.AddMinutes(80)));
    }

    [Fact]
    public void Reassign_ByAManager_EndsTheOffer()
    {
        LeadStep step = Apply(Offered(), new LeadCommand.Reassign(s_nine.AddMinutes(10), "mia", 2, "bob", s_hour));

        Assert.Equal(("bob", HandoffStatus.Reassigned), (step.State.OwnerId, step.State.Handoffs[0].Status));
        Assert.Equal(LeadEventKind.Reassigned, Assert.Single(step.Events).Kind);
        Assert.Empty(
            Apply(step.State, new LeadCommand.Reassign(s_nine.AddMinutes(11), "mia", 2, "bob", s_hour)).Events
        );
    }

    [Fact]
    public void Queue_WhereItLies_StopsTheClockUntilSomebodyTakesIt()
    {
        LeadState queued = Apply(Offered(), new LeadCommand.Enqueue(s_nine.AddMinutes(10), "routing", "triage")).State;

        LeadStep step = Apply(queued, new LeadCommand.Accept(s_nine.AddMinutes(200), "bob", "bob"));

        Assert.Null(queued.OwnerId);
        Assert.Equal(
            (LeadStatus.Accepted, "bob", 2),
            (step.State.Status, step.State.OwnerId, step.State.Handoffs.Length)
        );
        Assert.Equal((TimeSpan.FromMinutes(10), false), (step.State.Present!.Used, step.State.Present.IsLate));
    }

    [Fact]
    public void Crm_WhateverItSays_IsAFactOfItsOwn()
    {
        LeadState offered = Offered();
        LeadStep refused = Apply(
            offered,
            new LeadCommand.RefusedByCrm(s_nine, "outbox", "salesforce", "DUPLICATES_DETECTED")
        );
        LeadStep written = Apply(
            refused.State,
            new LeadCommand.WrittenToCrm(s_nine.AddMinutes(1), "outbox", "salesforce", "00Q1")
        );

        Assert.Equal(LeadStatus.Offered, written.State.Status);
        Assert.Equal(new CrmWrite(true, s_nine.AddMinutes(1), "00Q1", null), written.State.Crm["salesforce"]);
        Assert.Equal("DUPLICATES_DETECTED", Assert.Single(refused.Events).Code);

        // An answer that comes late says nothing of what came after it, and a closed lead still hears of its write.
        Assert.Empty(Apply(written.State, new LeadCommand.RefusedByCrm(s_nine, "outbox", "salesforce", "LATE")).Events);
        LeadState closed = Apply(offered, new LeadCommand.Close(s_nine, "crm", "won")).State;
        Assert.Single(Apply(closed, new LeadCommand.WrittenToCrm(s_nine, "outbox", "hubspot", "7")).Events);
    }

    [Fact]
    public void Close_OfALead_EndsIt()
    {
        LeadState closed = Apply(Offered(), new LeadCommand.Close(s_nine.AddMinutes(9), "crm", "won")).State;

        Assert.IsType<LeadNotOpen>(Refused(closed, new LeadCommand.Accept(s_nine, "ann", "ann")));
        Assert.IsType<LeadNotOpen>(Refused(closed, new LeadCommand.Close(s_nine, "crm", "spam")));
        Assert.IsType<LeadCodeUnknown>(Refused(Offered(), new LeadCommand.Close(s_nine, "crm", "whim")));
        Assert.Empty(Apply(closed, new LeadCommand.Close(s_nine, "crm", "won")).Events);
        Assert.Empty(Apply(closed, new LeadCommand.TimeOut(s_nine.AddDays(1), "reminder", 1)).Events);
    }

    [Fact]
    public void Need_OfAnOffer_RemindsEscalatesTimesOutAndRoutesAnew()
    {
        LeadState lead = Offered();
        Assert.Equal(s_nine.AddMinutes(30), LeadNeed.Of(lead, s_terms, s_nine).Until);
        Assert.Equal(LeadNeedKind.Remind, LeadNeed.Of(lead, s_terms, s_nine.AddMinutes(30)).Kind);
        lead = Apply(lead, new LeadCommand.Remind(s_nine.AddMinutes(30), "reminder", 1)).State;
        Assert.Equal(s_nine.AddMinutes(48), LeadNeed.Of(lead, s_terms, s_nine.AddMinutes(30)).Until);
        Assert.Equal(LeadNeedKind.Escalate, LeadNeed.Of(lead, s_terms, s_nine.AddMinutes(48)).Kind);
        LeadStep told = Apply(lead, new LeadCommand.Escalate(s_nine.AddMinutes(48), "reminder", 1));
        Assert.Equal("mia", Assert.Single(told.Events).Target);
        Assert.Equal(s_nine.AddMinutes(60), LeadNeed.Of(told.State, s_terms, s_nine.AddMinutes(48)).Until);
        Assert.Equal(LeadNeedKind.TimeOut, LeadNeed.Of(told.State, s_terms, s_nine.AddMinutes(60)).Kind);
        lead = Apply(told.State, new LeadCommand.TimeOut(s_nine.AddMinutes(60), "reminder", 1)).State;
        LeadNeed route = LeadNeed.Of(lead, s_terms, s_nine.AddMinutes(60));
        Assert.Equal(LeadNeedKind.Route, route.Kind);
        Assert.Equal(["ann"], route.Excluded.AsEnumerable());

        // One re-route is allowed; then it goes to the queue.
        lead = Apply(lead, Offer("bob", 2, s_nine.AddMinutes(60))).State;
        lead = Apply(lead, new LeadCommand.TimeOut(s_nine.AddMinutes(120), "reminder", 2)).State;
        LeadNeed queue = LeadNeed.Of(lead, s_terms, s_nine.AddMinutes(120));
        Assert.Equal((LeadNeedKind.Enqueue, "triage"), (queue.Kind, queue.Queue));
    }

    [Fact]
    public void Need_OfALeadThatWaits_IsToBeRoutedWhenWorkStarts()
    {
        LeadState held = Apply(s_new, new LeadCommand.Hold(s_nine.AddHours(-4), "routing", s_nine)).State;

        Assert.Equal(LeadNeedKind.Route, LeadNeed.Of(s_new, s_terms, s_nine).Kind);
        Assert.Equal(s_nine, LeadNeed.Of(held, s_terms, s_nine.AddMinutes(-1)).Until);
        Assert.Equal(LeadNeedKind.Route, LeadNeed.Of(held, s_terms, s_nine).Kind);
    }

    [Fact]
    public void Clock_ThroughAMergeAndASplit_IsNeverSetBack()
    {
        LeadState older = Offered();
        LeadState younger = Apply(
            new LeadState("l2", "new-business", s_nine.AddMinutes(30)),
            Offer("bob", 1, s_nine.AddMinutes(30))
        ).State;
        DateTimeOffset merged = s_nine.AddMinutes(40);
        younger = Apply(younger, new LeadCommand.Accept(s_nine.AddMinutes(31), "bob", "bob")).State;

        // The accepted lead stays; had it not been accepted, the older one's clock would be the strict one.
        LeadState waiting = Apply(
            new LeadState("l3", "new-business", s_nine),
            Offer("bob", 1, s_nine.AddMinutes(35))
        ).State;
        LeadState closed = Apply(older, new LeadCommand.CloseAsDuplicate(merged, "merge", "l3", "m1")).State;
        LeadState stays = Apply(waiting, new LeadCommand.AdoptClock(merged, "merge", AdoptedClock.Of(older)!)).State;

        Assert.False(closed.IsOpen);
        Assert.Equal(LeadStatus.Accepted, younger.Status);
        Assert.Equal(s_nine.AddMinutes(95), LeadRules.DueAt(waiting, s_terms, 100));
        Assert.Equal(s_nine.AddMinutes(60), LeadRules.DueAt(stays, s_terms, 100));
        Assert.Equal(TimeSpan.FromMinutes(50), LeadRules.UsedAt(stays, s_terms, s_nine.AddMinutes(50)));

        // An hour later they turn out to be two: each has its own clock, and that of the double waited meanwhile.
        LeadState restored = Apply(closed, new LeadCommand.Restore(merged.AddMinutes(60), "split", "s1")).State;
        LeadState alone = Apply(stays, new LeadCommand.ReleaseClock(merged.AddMinutes(60), "split", "l1")).State;
        Assert.True(restored.IsOpen);
        Assert.Equal(s_nine.AddMinutes(120), LeadRules.DueAt(restored, s_terms, 100));
        Assert.Equal(LeadRules.DueAt(waiting, s_terms, 100), LeadRules.DueAt(alone, s_terms, 100));
        Assert.Empty(Apply(restored, new LeadCommand.Restore(merged.AddMinutes(61), "split", "s1")).Events);
        Assert.Empty(Apply(alone, new LeadCommand.ReleaseClock(merged, "split", "l1")).Events);
    }

    private static LeadState Offered(DateTimeOffset? at = null, SlaTerms? sla = null) =>
        Apply(s_new, Offer("ann", 1, at ?? s_nine, sla)).State;

    private static LeadCommand.Offer Offer(string person, int attempt, DateTimeOffset at, SlaTerms? sla = null) =>
        new(at, "routing", attempt, person, "rule", sla ?? s_hour);

    private static LeadStep Apply(LeadState lead, LeadCommand command)
    {
        Outcome<LeadStep> outcome = LeadRules.Apply(lead, command, s_terms);
        Assert.True(outcome.Succeeded, outcome.Refusal?.Code);
        return outcome.Value;
    }

    private static Refusal Refused(LeadState lead, LeadCommand command) =>
        LeadRules.Apply(lead, command, s_terms).Refusal!;
}
