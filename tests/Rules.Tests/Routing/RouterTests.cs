using Customer360.Rules.Conditions;
using Customer360.Rules.Routing;
using Customer360.Rules.Tests.Conditions;
using static Customer360.Rules.Tests.Routing.Teams;

namespace Customer360.Rules.Tests.Routing;

/// <summary>Who gets a lead, and the answer to each situation in which nobody can simply have it.</summary>
public sealed class RouterTests
{
    private const string Rules = """
        pools:
          near: {members: [ann, bob, cy], territory: match, hours: working}
          far: {members: [zoe]}
        rules:
          - name: owned
            if: {fact: accountOwner, exists: true}
            then: accountOwner
            examples: [{facts: {accountOwner: ann}, fires: true}]
          - name: near
            if: {all: [{fact: territory, equals: emea}, {fact: source, equals: demo}]}
            then: {pool: near}
            sla: {minutes: 30}
            examples: [{facts: {territory: emea, source: demo}, fires: true}]
          - name: named
            if: {fact: segment, equals: smb}
            then: {owner: ann}
            examples: [{facts: {segment: smb, territory: emea}, fires: true}]
        sla: {minutes: 480}
        """;

    private static readonly DateTimeOffset s_noon = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset s_night = s_noon.AddHours(12);

    private static readonly SalesPerson[] s_team =
    [
        Person("ann", "emea"),
        Person("bob", "emea"),
        Person("cy", "apac"),
        Person("zoe"),
    ];

    [Fact]
    public void Decide_ByThePool_DealsToThoseOfTheTerritory()
    {
        RoutingDecision decision = Decide("territory: emea, source: demo", s_noon, s_team);

        Assert.Equal((RoutingOutcome.Assigned, "ann", "near"), (decision.Outcome, decision.PersonId, decision.Pool));
        Assert.Equal([new PoolShare("ann", 1), new PoolShare("bob", 1)], decision.Eligible.AsEnumerable());
        Assert.False(decision.IsWholePool);
        Assert.Equal("near", decision.Rule!.Name);
        Assert.Equal(30, decision.Sla!.Minutes);
        Assert.Empty(decision.Steps);
    }

    [Fact]
    public void Decide_ByThePoolsOwnCount_GoesToWhoeverIsOwedMost()
    {
        PoolLedger ledger = PoolLedger.Empty.Take("l1", [new("ann", 1), new("bob", 1)], isWhole: true).Ledger;

        RoutingDecision decision = Router.Decide(
            Policy($"answers: {{otherwise: {{queue: triage}}}}\n{Rules}"),
            Facts("territory: emea, source: demo"),
            State(s_team),
            NoPools.Add("near", ledger),
            s_noon
        );

        Assert.Equal("bob", decision.PersonId);
    }

    [Theory]
    // Territory missing: the first rule that asks for it stops there, and rules before it count.
    [InlineData("territoryMissing: {queue: overflow}", "source: demo", "queue overflow", "territoryMissing")]
    [InlineData("territoryMissing: {queue: overflow}", "source: web, segment: smb", "person ann", "")]
    [InlineData("territoryMissing: {queue: overflow}", "accountOwner: bob", "person bob", "")]
    [InlineData("territoryMissing: continue", "source: demo, segment: smb", "person ann", "")]
    [InlineData(
        "territoryMissing: {queue: overflow}",
        "territory: {withheld: true}, source: demo",
        "queue overflow",
        "territoryMissing"
    )]
    // An open opportunity, with and without an owner whom somebody knows.
    [InlineData(
        "openOpportunity: opportunityOwner",
        "openOpportunity: true, opportunityOwner: zoe, segment: smb",
        "person zoe",
        "openOpportunity"
    )]
    [InlineData("openOpportunity: opportunityOwner", "openOpportunity: true, segment: smb", "person ann", "")]
    [InlineData("openOpportunity: {queue: overflow}", "openOpportunity: true", "queue overflow", "openOpportunity")]
    [InlineData("openOpportunity: {queue: overflow}", "openOpportunity: false, segment: smb", "person ann", "")]
    // A lead of somebody who has one.
    [InlineData(
        "duplicate: leadOwner",
        "duplicateOf: l1, duplicateOwner: zoe, openOpportunity: true",
        "person zoe",
        "duplicate"
    )]
    [InlineData("duplicate: leadOwner", "duplicateOf: l1, segment: smb", "person ann", "")]
    [InlineData("duplicate: {queue: overflow}", "duplicateOf: l1, segment: smb", "queue overflow", "duplicate")]
    // Nothing counts.
    [InlineData("duplicate: continue", "source: web", "queue triage", "otherwise")]
    // An owner who is not in the team is away, and nobody else gets it silently.
    [InlineData("ownerAway: {pool: far}", "accountOwner: gone", "person zoe", "ownerAway")]
    [InlineData("ownerAway: {owner: gone}", "accountOwner: gone", "queue triage", "ownerAway, otherwise")]
    public void Decide_InASituation_FollowsTheAnswer(string answer, string lead, string to, string because)
    {
        RoutingDecision decision = Decide(lead, s_noon, s_team, answer);

        Assert.Equal(to, decision.PersonId is { } person ? $"person {person}" : $"queue {decision.Queue}");
        Assert.Equal(because, Because(decision));
    }

    [Fact]
    public void Decide_WhenTheOwnerIsAway_SaysWhy()
    {
        SalesPerson inactive = s_team[0] with { IsActive = false };
        SalesPerson onLeave = s_team[0] with { Leave = [new LeaveSpan(s_noon, s_noon.AddTicks(1))] };

        RoutingStep first = Assert.Single(Decide("segment: smb", s_noon, [inactive]).Steps);
        RoutingStep second = Assert.Single(Decide("segment: smb", s_noon, [onLeave]).Steps);

        Assert.Equal(
            (RoutingSituation.OwnerAway, "ann", Availability.Inactive),
            (first.Situation, first.PersonId, first.Because)
        );
        Assert.Equal(Availability.OnLeave, second.Because);
        Assert.Equal("ann", Decide("segment: smb", s_noon.AddTicks(1), [onLeave]).PersonId);
    }

    [Fact]
    public void Decide_WhenTheOwnerHasHadIt_IsNotGivenToHimAgain()
    {
        RoutingDecision decision = Router.Decide(
            Policy($"answers: {{otherwise: {{queue: triage}}, ownerAway: {{pool: far}}}}\n{Rules}"),
            Facts("segment: smb"),
            State(s_team),
            NoPools,
            s_noon,
            new HashSet<string> { "ann" }
        );

        Assert.Equal("zoe", decision.PersonId);
    }

    [Fact]
    public void Decide_WithoutCapacity_FollowsTheAnswer()
    {
        SalesPerson[] team = [s_team[0] with { Capacity = 2 }, s_team[1] with { Capacity = 1 }, s_team[3]];
        var load = new Dictionary<string, int> { ["ann"] = 2 };
        RoutingPolicy policy = Policy(
            $"answers: {{otherwise: {{queue: triage}}, noCapacity: {{queue: overflow}}}}\n{Rules}"
        );

        RoutingDecision one = Decide("segment: smb");
        RoutingDecision pool = Decide("territory: emea, source: demo");
        load["bob"] = 1;
        RoutingDecision full = Decide("territory: emea, source: demo");

        Assert.Equal(("overflow", "noCapacity"), (one.Queue, Because(one)));
        Assert.Equal("bob", pool.PersonId);
        Assert.True(pool.IsWholePool);
        Assert.Equal(("overflow", "noCapacity"), (full.Queue, Because(full)));

        RoutingDecision Decide(string lead) =>
            Router.Decide(policy, Facts(lead), new TeamState(new SalesTeam(team), load), NoPools, s_noon);
    }

    [Theory]
    [InlineData("assign", "segment: smb", RoutingOutcome.Assigned, "ann")]
    [InlineData("hold", "segment: smb", RoutingOutcome.Held, "ann")]
    [InlineData("{pool: far}", "segment: smb", RoutingOutcome.Assigned, "zoe")]
    [InlineData("assign", "territory: emea, source: demo", RoutingOutcome.Assigned, "ann")]
    [InlineData("hold", "territory: emea, source: demo", RoutingOutcome.Held, null)]
    [InlineData("{pool: far}", "territory: emea, source: demo", RoutingOutcome.Assigned, "zoe")]
    public void Decide_OutsideHours_FollowsTheAnswer(string answer, string lead, RoutingOutcome outcome, string? person)
    {
        SalesPerson[] team = [.. s_team.Take(3).Select(one => one with { Calendar = OfficeHours() }), s_team[3]];

        RoutingDecision night = Decide(lead, s_night, team, $"outsideHours: {answer}");
        RoutingDecision day = Decide(lead, s_noon, team, $"outsideHours: {answer}");

        Assert.Equal((outcome, person), (night.Outcome, night.PersonId));
        Assert.Equal("outsideHours", Because(night));
        Assert.Equal(outcome == RoutingOutcome.Held ? s_noon.AddHours(21) : null, night.HeldUntil);
        Assert.Equal((RoutingOutcome.Assigned, ""), (day.Outcome, Because(day)));
    }

    [Fact]
    public void Decide_WhenSomeOfThePoolWork_GoesToOneOfThem()
    {
        SalesPerson[] team = [s_team[0] with { Calendar = OfficeHours() }, s_team[1]];

        RoutingDecision night = Decide("territory: emea, source: demo", s_night, team);

        Assert.Equal(("bob", true, PoolReason.OnlyOne), (night.PersonId, night.IsWholePool, night.Turn));
        Assert.Empty(night.Steps);
    }

    [Fact]
    public void Trace_WhenAsked_SaysOfEachRuleWhyItCountedOrNot()
    {
        RoutingDecision decision = Decide("territory: emea, source: demo, segment: smb", s_noon, s_team);

        RoutingTrace trace = decision.Trace();

        Assert.Equal(
            ["owned False", "near Fired", "named NotAsked"],
            trace.Rules.Select(rule => $"{rule.Rule} {rule.Outcome}")
        );
        Assert.Equal(
            ["accountOwner missing", "territory emea", "source demo", "segment smb"],
            trace.Rules.SelectMany(rule => rule.Condition.Comparisons).Select(one => $"{one.Fact} {one.Actual}")
        );
        Assert.Contains(
            """{"rule":"near","outcome":"fired","if":{"form":"all","outcome":"true","parts":[""",
            ConditionTests.Json(trace.WriteJson),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Trace_OfAnAnswerBeforeTheRules_SaysThatNoneWasAsked()
    {
        RoutingDecision decision = Decide(
            "duplicateOf: l1, segment: smb",
            s_noon,
            s_team,
            "duplicate: {queue: overflow}"
        );

        Assert.Equal(["False", "Unknown", "NotAsked"], decision.Trace().Rules.Select(rule => rule.Outcome.ToString()));
        Assert.Null(decision.Rule);
        Assert.Equal(480, decision.Sla!.Minutes);
        Assert.StartsWith(
            """{"outcome":"queued","queue":"overflow","answers":[{"situation":"duplicate","answer":"queue","name":"overflow"}],""",
            ConditionTests.Json(decision.Trace().WriteJson),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Trace_OfARuleWhoseOwnerNobodyKnows_SaysSo()
    {
        RoutingPolicy policy = Policy(
            """
            answers: {otherwise: {queue: triage}}
            rules:
              - name: owned
                if: {fact: source, equals: demo}
                then: accountOwner
                examples: [{facts: {source: demo, accountOwner: ann}, fires: true}]
            """
        );

        RoutingDecision decision = Router.Decide(policy, Facts("source: demo"), State(s_team), NoPools, s_noon);

        Assert.Equal("triage", decision.Queue);
        Assert.Equal(RuleOutcome.NoOwner, Assert.Single(decision.Trace().Rules).Outcome);
    }

    private static RoutingDecision Decide(
        string lead,
        DateTimeOffset at,
        SalesPerson[] team,
        string answer = "duplicate: continue"
    ) =>
        Router.Decide(
            Policy($"answers: {{otherwise: {{queue: triage}}, {answer}}}\n{Rules}"),
            Facts(lead),
            State(team),
            NoPools,
            at
        );

    private static FactSet Facts(string members) => RoutingLeads.Facts(members);

    private static string Because(RoutingDecision decision) =>
        string.Join(
            ", ",
            decision.Steps.Select(step => char.ToLowerInvariant($"{step.Situation}"[0]) + $"{step.Situation}"[1..])
        );
}
