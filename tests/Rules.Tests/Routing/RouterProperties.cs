using Customer360.Rules.Accounts;
using Customer360.Rules.Conditions;
using Customer360.Rules.Routing;
using Customer360.Rules.Tests.Conditions;
using FsCheck;
using FsCheck.Fluent;

namespace Customer360.Rules.Tests.Routing;

/// <summary>What holds of any policy, lead and team; a failure names the seed.</summary>
public sealed class RouterProperties
{
    private static readonly Config s_many = Config.QuickThrowOnFailure.WithMaxTest(1_000);
    private static readonly Arbitrary<int> s_seeds = Gen.Choose(0, int.MaxValue).ToArbitrary();

    [Fact]
    public void FirstRule_ByTheIndex_IsTheFirstInOrder() =>
        Prop.ForAll(
                s_seeds,
                seed =>
                {
                    var random = new Random(seed);
                    RoutingPolicy policy = Policy(random, random.Next(1, 150));
                    return Enumerable
                        .Range(0, 20)
                        .Select(_ => RoutingLeads.Random(random))
                        .All(facts =>
                            Router.FirstRule(policy, facts, Facts.Now)
                            == Router.FirstRuleInOrder(policy, facts, Facts.Now, stopsAtTerritory: false)
                        );
                }
            )
            .Check(s_many);

    [Fact]
    public void FirstRule_OfConditionsOfAnyForm_IsTheFirstInOrder() =>
        Prop.ForAll(
                s_seeds,
                seed =>
                {
                    var random = new Random(seed);
                    RoutingPolicy policy = Of([
                        .. Enumerable
                            .Range(0, random.Next(1, 70))
                            .Select(number => new RoutingRule(
                                $"{number}",
                                ConditionProperties.RandomCondition(random, depth: 2),
                                new RoutingAction(RoutingActionKind.Queue, "triage"),
                                Sla: null
                            )),
                    ]);
                    FactSet facts = ConditionProperties.RandomFacts(random);
                    return Router.FirstRule(policy, facts, Facts.Now)
                        == Router.FirstRuleInOrder(policy, facts, Facts.Now, stopsAtTerritory: false);
                }
            )
            .Check(s_many);

    [Fact]
    public void Decide_OfAny_GivesToNobodyWhoCantHaveItAndTracesTheRuleThatFired() =>
        Prop.ForAll(
                s_seeds,
                seed =>
                {
                    var random = new Random(seed);
                    RoutingPolicy policy = Policy(random, 60);
                    FactSet facts = RoutingLeads.Random(random);
                    TeamState team = Team(random);
                    var excluded = new HashSet<string> { $"p{random.Next(20)}" };

                    RoutingDecision decision = Router.Decide(policy, facts, team, Teams.NoPools, Facts.Now, excluded);

                    bool isFree =
                        decision.PersonId is not { } person
                        || (
                            !excluded.Contains(person)
                            && team.AvailabilityOf(team.Team.Find(person), Facts.Now)
                                is Availability.Available
                                    or Availability.OutsideHours
                        );
                    RuleTrace[] fired = [.. decision.Trace().Rules.Where(rule => rule.Outcome == RuleOutcome.Fired)];
                    return isFree
                        && (decision.Queue is null) == (decision.Outcome != RoutingOutcome.Queued)
                        && fired.Select(rule => rule.Rule).SequenceEqual(decision.Rule is { } own ? [own.Name] : []);
                }
            )
            .Check(s_many);

    internal static RoutingPolicy Policy(Random random, int rules) => Of(RoutingLeads.ManyRules(rules, random));

    internal static TeamState Team(Random random) =>
        new(
            new SalesTeam(
                Enumerable
                    .Range(0, 40)
                    .Select(n =>
                        Teams.Person($"p{n}", $"t{n % 60}") with
                        {
                            Weight = random.Next(1, 10),
                            Capacity = random.Next(3) == 0 ? 3 : null,
                            IsActive = random.Next(10) > 0,
                            Calendar = random.Next(4) == 0 ? Teams.OfficeHours() : WorkingCalendar.Always,
                        }
                    )
            ),
            Enumerable.Range(0, 40).ToDictionary(n => $"p{n}", _ => random.Next(4))
        );

    private static RoutingPolicy Of(RoutingRule[] rules) =>
        new(
            [.. rules],
            [
                .. Enumerable
                    .Range(0, 5)
                    .Select(n => new RoutingPool(
                        $"pool{n}",
                        [
                            .. Enumerable
                                .Range(0, 40)
                                .Where(one => one % 5 == n || n == 0)
                                .Select(one => $"p{one}")
                                .Order(StringComparer.Ordinal),
                        ],
                        [],
                        MatchesTerritory: false,
                        AsksHours: n % 2 == 0
                    )),
            ],
            ["triage"],
            new RoutingAnswers(new RoutingAction(RoutingActionKind.Queue, "triage"))
            {
                OutsideHours = new RoutingAction(RoutingActionKind.Hold),
                NoCapacity = new RoutingAction(RoutingActionKind.Pool, "pool0"),
            },
            new SlaTerms(60),
            AccountMatchingPolicy.Default
        );
}
