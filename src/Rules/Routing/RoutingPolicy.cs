using System.Collections.Frozen;
using System.Collections.Immutable;
using Customer360.Rules.Accounts;
using Customer360.Rules.Conditions;
using Customer360.Rules.Policies;

namespace Customer360.Rules.Routing;

/// <summary>An if and a then.</summary>
/// <param name="Name">Unique in the policy; decisions and reports name it.</param>
/// <param name="Sla">Null: the policy's.</param>
public sealed record RoutingRule(string Name, Condition If, RoutingAction Then, SlaTerms? Sla)
{
    /// <summary>Who answers for the rule; null: the file's owner.</summary>
    public PolicyOwner? Owner { get; init; }
}

/// <summary>Who shares leads.</summary>
/// <param name="Members">Ids; empty: everybody who has the skills.</param>
/// <param name="Skills">What each must have.</param>
/// <param name="MatchesTerritory">True: only those who work in the lead's territory.</param>
/// <param name="AsksHours">True: only those who work at this hour.</param>
public sealed record RoutingPool(
    string Name,
    ImmutableArray<string> Members,
    ImmutableArray<string> Skills,
    bool MatchesTerritory,
    bool AsksHours
);

/// <summary><c>routing.yaml</c>, read: who gets which lead. Immutable; the first rule that counts decides.</summary>
public sealed class RoutingPolicy
{
    public RoutingPolicy(
        ImmutableArray<RoutingRule> rules,
        ImmutableArray<RoutingPool> pools,
        ImmutableArray<string> queues,
        RoutingAnswers answers,
        SlaTerms? sla,
        AccountMatchingPolicy matching
    )
    {
        (Rules, Pools, Queues, Answers, Sla, Matching) = (rules, pools, queues, answers, sla, matching);
        PoolsByName = pools.ToFrozenDictionary(pool => pool.Name, StringComparer.Ordinal);
        Index = new RuleIndex(rules);
    }

    /// <summary>In the order in which they are asked.</summary>
    public ImmutableArray<RoutingRule> Rules { get; }

    /// <summary>By name, ordinal.</summary>
    public ImmutableArray<RoutingPool> Pools { get; }

    public ImmutableArray<string> Queues { get; }

    public RoutingAnswers Answers { get; }

    /// <summary>Of rules that have none of their own; null: there is no limit.</summary>
    public SlaTerms? Sla { get; }

    /// <summary>How people are matched to accounts, for routing and for reports.</summary>
    public AccountMatchingPolicy Matching { get; }

    internal FrozenDictionary<string, RoutingPool> PoolsByName { get; }

    internal RuleIndex Index { get; }
}
