using Customer360.Rules.Audiences;
using Customer360.Rules.Conditions;
using Customer360.Rules.Events;
using Customer360.Rules.Profiles.Tallies;
using FsCheck;
using FsCheck.Fluent;
using static Customer360.Rules.Tests.Audiences.AudienceCases;

namespace Customer360.Rules.Tests.Audiences;

/// <summary>Who is in an audience, and when that changes by itself.</summary>
public sealed class AudienceRulesTests
{
    private static readonly DateTimeOffset s_at = new(2026, 3, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly Config s_many = Config.QuickThrowOnFailure.WithMaxTest(150);

    /// <summary>Conditions of every form, over events A, B and C.</summary>
    private static readonly string[] s_conditions =
    [
        "{event: A, within: 7d, count: {atLeast: 3}}",
        "{event: A, within: 30d, count: {atMost: 2}, ever: false}",
        "{event: A, within: 20d, before: 3d, count: {equals: 5}}",
        "{event: A, within: 5h}",
        "{event: A, since: week, zone: Europe/Berlin, count: {greaterThan: 1}}",
        "{event: A, since: month, zone: America/New_York, sum: {of: total, atLeast: 20}}",
        "{event: A, within: 14d, latest: {of: sku, equals: word 1}}",
        "{event: A, within: 14d, mostFrequent: {of: sku, equals: word 2}}",
        "{event: A, within: 10d, first: {of: sku, equals: word 0}}",
        "{event: A, count: {atLeast: 40}}",
        "{sequence: [{event: A}, {event: B, within: 3h}], within: 10d}",
        "{sequence: [{event: A}, {event: B, within: 2d, without: {event: C}}], same: sku, within: 20d}",
        "{sequence: [{event: A}, {not: {event: B}, within: 5h}], within: 4d}",
        "{all: [{event: A, within: 9d}, {not: {event: B, within: 9d}}]}",
    ];

    private static readonly Arbitrary<(Moment[] Moments, int Seed)> s_runs = Tallies
        .Moments.SelectMany(_ => Gen.Choose(0, int.MaxValue), (moments, seed) => (moments, seed))
        .ToArbitrary();

    public static TheoryData<string> Conditions => [.. s_conditions];

    [Theory]
    [MemberData(nameof(Conditions))]
    public void NextChange_IsExact_NothingChangesBeforeIt(string condition) =>
        Prop.ForAll(
                s_runs,
                run =>
                {
                    AudiencePolicy policy = PolicyOf(condition);
                    Dictionary<string, Tally> tallies = Deal(policy, run.Moments, run.Seed);
                    DateTimeOffset at = Tallies.Start.AddHours(run.Seed % (24 * 45));
                    for (int step = 0; step < 4; step++)
                    {
                        Truth now = IsIn(policy, tallies, at);
                        DateTimeOffset? due = policy.Audiences[0].If.NextChange(FactsOf(policy, tallies, at), at);
                        DateTimeOffset until = due ?? at.AddDays(60);
                        for (int piece = 1; piece <= 40; piece++)
                        {
                            DateTimeOffset between = at + ((until - at) * piece / 41);
                            if (between < until && IsIn(policy, tallies, between) != now)
                            {
                                return false;
                            }
                        }

                        if (IsIn(policy, tallies, until.AddTicks(due is null ? 0 : -1)) != now || due is null)
                        {
                            return due is null;
                        }

                        // What is due is decided: it is another outcome, but where several parts stand against each other.
                        if (
                            !condition.Contains("all:", StringComparison.Ordinal)
                            && IsIn(policy, tallies, until) == now
                        )
                        {
                            return false;
                        }

                        at = until;
                    }

                    return true;
                }
            )
            .Check(s_many);

    [Theory]
    [MemberData(nameof(Conditions))]
    public void Evaluate_OfSeveralIdentifiersTogether_IsThatOfAllTheirEvents(string condition) =>
        Prop.ForAll(
                s_runs,
                run =>
                {
                    AudiencePolicy policy = PolicyOf(condition);
                    Moment[] one = [.. run.Moments.Where(moment => moment.Place % 2 == 0)];
                    Moment[] other = [.. run.Moments.Where(moment => moment.Place % 2 != 0)];
                    Dictionary<string, Tally> joined = Deal(policy, one, run.Seed);
                    foreach ((string selector, Tally tally) in Deal(policy, other, run.Seed))
                    {
                        joined[selector] = joined.TryGetValue(selector, out Tally? left)
                            ? Tally.Join(left, tally)
                            : tally;
                    }

                    return IsIn(policy, joined, s_at) == IsIn(policy, Deal(policy, run.Moments, run.Seed), s_at);
                }
            )
            .Check(s_many);

    [Fact]
    public void Decide_AtTheEndOfAWindow_LeavesAtTheTickBehindIt()
    {
        AudiencePolicy policy = PolicyOf("{event: A, within: 7d}");
        Dictionary<string, Tally> tallies = Deal(policy, [MomentAt(s_at)], null);
        AudienceOutcome entered = Decide(policy, tallies, AudienceStandings.Empty, s_at);

        Assert.Equal(s_at.AddDays(7).AddTicks(1), entered.Standings.DueAt);
        Assert.Equal(AudienceChange.Entered, Assert.Single(entered.Transitions).Change);

        AudienceOutcome held = Decide(policy, tallies, entered.Standings, s_at.AddDays(7));
        Assert.Empty(held.Transitions);
        AudienceOutcome left = Decide(policy, tallies, held.Standings, entered.Standings.DueAt!.Value);
        Assert.Equal(AudienceChange.Left, Assert.Single(left.Transitions).Change);
        Assert.Null(left.Standings.DueAt);
    }

    /// <summary>A message that concerns neither comes when the first has run out.</summary>
    [Fact]
    public void Decide_WhenAnAudienceRunsOutAmidstAMessage_DecidesThoseThatAskForIt()
    {
        AudiencePolicy policy = Read(
            """
            owner: {team: t, contact: c}
            audiences:
              - {name: first, purpose: p, if: {event: A, within: 7d}}
              - {name: second, purpose: p, if: {audience: first}}
            """
        );
        Dictionary<string, Tally> tallies = Deal(policy, [MomentAt(s_at)], null);
        AudienceOutcome entered = Decide(policy, tallies, AudienceStandings.Empty, s_at);
        Assert.Equal(2, entered.Transitions.Length);
        DateTimeOffset later = s_at.AddDays(8);

        AudienceOutcome left = AudienceRules.Decide(
            policy,
            new AudienceSubject("c_1", entered.Standings),
            FactsOf(policy, tallies, later),
            default,
            entered.Dues,
            later,
            "test"
        );

        Assert.Equal(["first", "second"], left.Transitions.Select(one => one.Audience));
        Assert.Empty(left.Standings.Members);
    }

    [Fact]
    public void Holdout_ThatChanges_IsAnotherVersion() =>
        Assert.NotEqual(
            PolicyOf("{event: A, within: 7d}", "holdout: 0").Version,
            PolicyOf("{event: A, within: 7d}", "holdout: 20").Version
        );

    [Fact]
    public void Unsubscribed_ChangesWhenWhatIsKnownOfConsentDoes()
    {
        DateTimeOffset until = s_at.AddDays(3);
        var facts = new AudienceFacts(
            () => FactSet.Empty,
            _ => null,
            new Dictionary<string, ComputedTrait>(StringComparer.Ordinal),
            s_at,
            until
        );

        Assert.Equal(until, facts.NextChangeOf("unsubscribed", s_at));
        Assert.Equal(until, facts.NextChangeOf("consent.ads", s_at));
        Assert.Null(facts.NextChangeOf("country", s_at));
    }

    [Fact]
    public void Decide_OfACustomerThatHasTakenAnotherIn_CarriesOver_AndNobodyEnters()
    {
        AudiencePolicy policy = PolicyOf("{event: A, within: 7d}");
        Dictionary<string, Tally> tallies = Deal(policy, [MomentAt(s_at)], null);
        AudienceStandings younger = Decide(policy, tallies, AudienceStandings.Empty, s_at).Standings;
        AudienceStandings older = Decide(policy, [], AudienceStandings.Empty, s_at).Standings;

        AudienceOutcome merged = Decide(policy, tallies, older, s_at.AddDays(1), carried: younger);

        Assert.Equal(AudienceChange.Carried, Assert.Single(merged.Transitions).Change);
        Assert.Equal(s_at, Assert.Single(merged.Standings.Members).Since);
    }

    [Fact]
    public void Decide_OfAPartThatWasTakenAway_LeavesWhatItIsNoMoreIn()
    {
        AudiencePolicy policy = PolicyOf("{event: A, within: 7d}");
        Dictionary<string, Tally> tallies = Deal(policy, [MomentAt(s_at)], null);
        AudienceStandings whole = Decide(policy, tallies, AudienceStandings.Empty, s_at).Standings;

        Assert.Equal(
            AudienceChange.Left,
            Assert.Single(Decide(policy, [], AudienceStandings.Empty, s_at, whole).Transitions).Change
        );
        Assert.Equal(
            AudienceChange.Carried,
            Assert.Single(Decide(policy, tallies, AudienceStandings.Empty, s_at, whole).Transitions).Change
        );
    }

    [Fact]
    public void Decide_WithAMinimumStay_LeavesWhenItIsOver()
    {
        AudiencePolicy policy = PolicyOf("{event: A, within: 1h}", "minimumStay: 5h");
        Dictionary<string, Tally> tallies = Deal(policy, [MomentAt(s_at)], null);
        AudienceStandings entered = Decide(policy, tallies, AudienceStandings.Empty, s_at).Standings;

        AudienceOutcome held = Decide(policy, tallies, entered, s_at.AddHours(2));

        Assert.Single(held.Standings.Members);
        Assert.Equal(s_at.AddHours(5), held.Standings.DueAt);
        Assert.Empty(Decide(policy, tallies, held.Standings, s_at.AddHours(5)).Standings.Members);
    }

    [Fact]
    public void Decide_OfARestrictedPerson_IsInNone()
    {
        AudiencePolicy policy = PolicyOf("{event: A, within: 7d}");
        Dictionary<string, Tally> tallies = Deal(policy, [MomentAt(s_at)], null);
        AudienceStandings entered = Decide(policy, tallies, AudienceStandings.Empty, s_at).Standings;

        AudienceOutcome restricted = AudienceRules.Decide(
            policy,
            new AudienceSubject("c_1", entered, IsRestricted: true),
            FactsOf(policy, tallies, s_at),
            policy.Index.All,
            default,
            s_at,
            "test"
        );

        Assert.Empty(restricted.Standings.Members);
    }

    [Fact]
    public void Absence_OfWhoNeverDidIt_IsTrueOnlyWhereTheFileSaysSo()
    {
        Assert.Equal(Truth.Unknown, IsIn(PolicyOf("{event: A, within: 7d, count: {equals: 0}}"), [], s_at));
        Assert.Equal(Truth.True, IsIn(PolicyOf("{event: A, within: 7d, count: {equals: 0}, ever: false}"), [], s_at));
    }

    [Fact]
    public void Trace_SaysWhatWasCompared_AndWhenItChangesByItself()
    {
        AudiencePolicy policy = PolicyOf("{event: A, within: 7d, count: {atLeast: 2}}");
        Dictionary<string, Tally> tallies = Deal(policy, [MomentAt(s_at), MomentAt(s_at.AddDays(1), 2)], 0);

        ConditionTrace trace = policy.Audiences[0].If.Trace(FactsOf(policy, tallies, s_at.AddDays(2)), s_at.AddDays(2));

        Assert.Equal(Truth.True, trace.Outcome);
        Assert.Equal("count of A within 7d", trace.Fact);
        Assert.Equal(FactValue.Of(2m), trace.Actual);
        Assert.Equal([FactValue.Of(2m)], trace.Wanted.AsEnumerable());
        Assert.Equal(s_at.AddDays(7).AddTicks(1), trace.ChangesAt);
    }

    [Fact]
    public void Window_OfTheCalendar_EndsAtMidnightOfItsZone_AlsoWhereClocksChange()
    {
        AudiencePolicy policy = PolicyOf("{event: A, since: day, zone: Europe/Berlin}");
        // The night to 29 March 2026 has 23 hours in Berlin.
        DateTimeOffset at = new(2026, 3, 29, 1, 30, 0, TimeSpan.Zero);
        Dictionary<string, Tally> tallies = Deal(policy, [MomentAt(at)], null);

        Assert.Equal(
            new DateTimeOffset(2026, 3, 29, 22, 0, 0, TimeSpan.Zero),
            policy.Audiences[0].If.NextChange(FactsOf(policy, tallies, at), at)
        );
    }

    [Fact]
    public void Index_NamesThoseThatAMessageMayChange_AndThoseThatAskForThem()
    {
        AudiencePolicy policy = Read(
            """
            owner: {team: t, contact: c}
            audiences:
              - {name: three, purpose: p, if: {audience: two}}
              - {name: two, purpose: p, if: {fact: computed.n, atLeast: 2}}
              - {name: one, purpose: p, if: {fact: country, equals: DE}}
            traits: [{name: n, count: {event: A}}]
            """
        );

        AudienceSet concerned = policy.Index.ConcernOf(Message("\"type\":\"track\",\"event\":\"A\""));

        Assert.Equal(["two", "three"], NamesOf(policy, concerned));
        Assert.True(policy.Index.ConcernOf(Message("\"type\":\"track\",\"event\":\"B\"")).IsEmpty);
        Assert.Equal(
            ["one"],
            NamesOf(policy, policy.Index.ConcernOf(Message("\"type\":\"identify\",\"traits\":{\"country\":\"DE\"}")))
        );
    }

    private static IEnumerable<string> NamesOf(AudiencePolicy policy, AudienceSet set) =>
        policy.Audiences.Where((_, place) => set.Has(place)).Select(audience => audience.Name);

    private static Envelope Message(string body) => Profiles.Folds.Message(body);

    private static Truth IsIn(
        AudiencePolicy policy,
        Dictionary<string, Tally> tallies,
        DateTimeOffset at,
        params (string Name, FactValue Value)[] known
    ) => policy.Audiences[0].If.Evaluate(FactsOf(policy, tallies, at, known), at);
}
