using System.Numerics;
using Customer360.Rules.Conditions;

namespace Customer360.Rules.Routing;

/// <summary>
/// Decides who gets a lead. First the situations that a policy answers before any rule (a lead of a person who has one, an open
/// opportunity), then the first rule that counts, then who of those it names can take it.
/// </summary>
public static class Router
{
    private const int WordBits = 64;

    /// <param name="facts">What is known of the lead; <see cref="RoutingFacts.Catalog"/> has the names.</param>
    /// <param name="pools">What the pools have dealt so far, by name; a pool that is not there has dealt nothing.</param>
    /// <param name="excluded">People who have had the lead; null: nobody has.</param>
    public static RoutingDecision Decide(
        RoutingPolicy policy,
        FactSet facts,
        TeamState team,
        IReadOnlyDictionary<string, PoolLedger> pools,
        DateTimeOffset at,
        IReadOnlySet<string>? excluded = null
    )
    {
        var resolution = new Resolution(policy, facts, team, pools, at, excluded);
        if (facts[RoutingFacts.DuplicateOf].Kind == FactKind.Text && Answers(policy.Answers.Duplicate, facts))
        {
            return resolution.Answer(RoutingSituation.Duplicate);
        }

        if (
            facts[RoutingFacts.OpenOpportunity] is { Kind: FactKind.Flag, Number: 1 }
            && Answers(policy.Answers.OpenOpportunity, facts)
        )
        {
            return resolution.Answer(RoutingSituation.OpenOpportunity);
        }

        (int rule, bool isTerritoryMissing) = FirstRule(policy, facts, at);
        if (isTerritoryMissing)
        {
            return resolution.Answer(RoutingSituation.TerritoryMissing);
        }

        return rule < 0 ? resolution.Answer(RoutingSituation.Otherwise) : resolution.Follow(rule);
    }

    /// <summary>False where an action names an owner whom nobody knows.</summary>
    internal static bool CanAct(RoutingAction action, FactSet facts) =>
        OwnerFact(action) is not { } fact || facts[fact].Kind == FactKind.Text;

    /// <summary>The fact that holds the owner whom an action names; null: it names him itself, or nobody.</summary>
    internal static string? OwnerFact(RoutingAction action) =>
        action.Kind switch
        {
            RoutingActionKind.AccountOwner => RoutingFacts.AccountOwner,
            RoutingActionKind.OpportunityOwner => RoutingFacts.OpportunityOwner,
            RoutingActionKind.LeadOwner => RoutingFacts.DuplicateOwner,
            _ => null,
        };

    /// <summary>
    /// The first rule that counts and can act, or that it can't be told since the territory is missing; -1: there is no such rule.
    /// </summary>
    internal static (int Rule, bool IsTerritoryMissing) FirstRule(
        RoutingPolicy policy,
        FactSet facts,
        DateTimeOffset at
    ) =>
        !facts[RoutingFacts.Territory].IsKnown && policy.Answers.TerritoryMissing.Kind != RoutingActionKind.Continue
            ? FirstRuleInOrder(policy, facts, at, stopsAtTerritory: true)
            : (FirstRuleByIndex(policy, facts, at), false);

    /// <summary>The same without the index.</summary>
    internal static (int Rule, bool IsTerritoryMissing) FirstRuleInOrder(
        RoutingPolicy policy,
        FactSet facts,
        DateTimeOffset at,
        bool stopsAtTerritory
    )
    {
        for (int number = 0; number < policy.Rules.Length; number++)
        {
            RoutingRule rule = policy.Rules[number];
            Truth truth = rule.If.Evaluate(facts, at);
            if (truth == Truth.True && CanAct(rule.Then, facts))
            {
                return (number, false);
            }

            if (stopsAtTerritory && truth == Truth.Unknown && rule.If.Facts.Contains(RoutingFacts.Territory))
            {
                return (-1, true);
            }
        }

        return (-1, false);
    }

    private static bool Answers(RoutingAction answer, FactSet facts) =>
        answer.Kind != RoutingActionKind.Continue && CanAct(answer, facts);

    private static int FirstRuleByIndex(RoutingPolicy policy, FactSet facts, DateTimeOffset at)
    {
        Span<ulong> candidates = stackalloc ulong[policy.Index.Words];
        policy.Index.Find(facts, candidates);
        for (int word = 0; word < candidates.Length; word++)
        {
            for (ulong left = candidates[word]; left != 0; left &= left - 1)
            {
                int number = (word * WordBits) + BitOperations.TrailingZeroCount(left);
                RoutingRule rule = policy.Rules[number];
                if (rule.If.Evaluate(facts, at) == Truth.True && CanAct(rule.Then, facts))
                {
                    return number;
                }
            }
        }

        return -1;
    }
}
