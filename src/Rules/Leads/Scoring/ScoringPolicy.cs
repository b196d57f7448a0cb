using System.Collections.Frozen;
using System.Collections.Immutable;
using Customer360.Rules.Conditions;

namespace Customer360.Rules.Leads;

/// <summary>Points of one kind, as fit or intent, and how far they go.</summary>
public sealed record ScoreGroup(string Name, int Min, int Max);

/// <summary>What gives points: an event each time that it happens, or what is known of the lead.</summary>
/// <param name="Event">The event's name; null: the condition is about the lead, and what it gives does not decay.</param>
/// <param name="If">About the event's properties, or about the lead.</param>
public sealed record ScoreRule(string Name, string Group, int Points, string? Event, Condition If)
{
    public ScoreDecay Decay { get; init; } = ScoreDecay.None;

    /// <summary>How many contributions count at once: the latest ones.</summary>
    public int CountMax { get; init; } = ScoringPolicy.CountMaxBuiltIn;

    /// <summary>What happened before counts nothing, so that a new rule does not flood anybody; null: all counts.</summary>
    public DateTimeOffset? Since { get; init; }
}

/// <summary>A name for scores from a bar on.</summary>
public sealed record ScoreTier(string Name, int From);

/// <summary><c>scoring.yaml</c>, read: how near a lead is to buying. Immutable.</summary>
public sealed class ScoringPolicy
{
    /// <summary>Contributions of a rule that count where it does not say.</summary>
    public const int CountMaxBuiltIn = 20;

    /// <param name="groups">By name, ordinal.</param>
    /// <param name="rules">In the file's order.</param>
    /// <param name="tiers">From the highest bar down.</param>
    public ScoringPolicy(
        ImmutableArray<ScoreGroup> groups,
        ImmutableArray<ScoreRule> rules,
        ImmutableArray<ScoreTier> tiers
    )
    {
        (Groups, Rules, Tiers) = (groups, rules, tiers);
        EventRules = rules
            .Where(rule => rule.Event is not null)
            .GroupBy(rule => rule.Event!, StringComparer.Ordinal)
            .ToFrozenDictionary(rules => rules.Key, rules => rules.ToImmutableArray(), StringComparer.Ordinal);
    }

    public ImmutableArray<ScoreGroup> Groups { get; }

    public ImmutableArray<ScoreRule> Rules { get; }

    public ImmutableArray<ScoreTier> Tiers { get; }

    internal FrozenDictionary<string, ImmutableArray<ScoreRule>> EventRules { get; }
}
