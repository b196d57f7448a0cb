using System.Collections.Immutable;
using Customer360.Rules.Conditions;

namespace Customer360.Rules.Leads;

/// <summary>
/// Scores a lead. A score is a function of what happened, what is known, and the time: nothing is summed up and kept, so an erased
/// or moved message takes its points with it, and no score is frozen or goes stale unseen.
/// </summary>
public static class ScoringRules
{
    /// <summary>Changes that are looked at before somebody is asked to look again.</summary>
    private const int StepsMax = 1_000;

    /// <summary>What an event gives.</summary>
    /// <param name="name">Of the event.</param>
    /// <param name="properties">Of the event.</param>
    /// <param name="cause">Its message.</param>
    public static ImmutableArray<ScoreContribution> ContributionsOf(
        ScoringPolicy policy,
        string name,
        FactSet properties,
        DateTimeOffset at,
        string cause
    ) =>
        policy.EventRules.TryGetValue(name, out ImmutableArray<ScoreRule> rules)
            ?
            [
                .. rules
                    .Where(rule => rule.If.Evaluate(properties, at) == Truth.True)
                    .Select(rule => new ScoreContribution(rule.Name, at, cause)),
            ]
            : [];

    /// <summary>The contributions that may ever count again, so that a lead keeps no more of them.</summary>
    public static ImmutableArray<ScoreContribution> Trim(
        ScoringPolicy policy,
        IEnumerable<ScoreContribution> contributions,
        DateTimeOffset at
    )
    {
        var rules = policy.Rules.ToDictionary(rule => rule.Name, StringComparer.Ordinal);
        return
        [
            .. contributions
                .Distinct()
                .Where(one => rules.ContainsKey(one.Rule))
                .GroupBy(one => one.Rule, StringComparer.Ordinal)
                .SelectMany(group =>
                    group
                        .OrderByDescending(one => one)
                        .Where(one => one.At > at || LeftOf(rules[group.Key], one, at) != 0)
                        .Where(
                            (one, index) => one.At > at || index < rules[group.Key].CountMax + CountFuture(group, at)
                        )
                )
                .Order(),
        ];
    }

    /// <summary>The score now, explained.</summary>
    /// <param name="facts">What is known of the lead.</param>
    public static ScoreCard Score(
        ScoringPolicy policy,
        IEnumerable<ScoreContribution> contributions,
        FactSet facts,
        DateTimeOffset at
    )
    {
        ILookup<string, ScoreContribution> byRule = contributions
            .Distinct()
            .ToLookup(one => one.Rule, StringComparer.Ordinal);
        var lines = ImmutableArray.CreateBuilder<ScoreLine>();
        DateTimeOffset? next = null;
        foreach (ScoreRule rule in policy.Rules)
        {
            if (rule.Event is null)
            {
                ConditionTrace trace = rule.If.Trace(facts, at);
                bool counts = trace.Outcome == Truth.True;
                next = Condition.Earlier(next, rule.If.NextChange(facts, at));
                lines.Add(
                    new ScoreLine(
                        rule.Name,
                        rule.Group,
                        Cause: null,
                        At: null,
                        rule.Points,
                        counts ? rule.Points : 0,
                        ScoreObjection.None,
                        trace
                    )
                );
                continue;
            }

            int counted = 0;
            foreach (ScoreContribution one in byRule[rule.Name].OrderByDescending(one => one))
            {
                ScoreObjection because = ObjectionTo(rule, one, at, counted);
                counted += because == ScoreObjection.None ? 1 : 0;
                long left = because == ScoreObjection.None ? LeftOf(rule, one, at) : 0;
                if (because is ScoreObjection.None or ScoreObjection.Future)
                {
                    next = Condition.Earlier(next, rule.Decay.NextChange(rule.Points, one.At, at));
                }

                lines.Add(
                    new ScoreLine(
                        rule.Name,
                        rule.Group,
                        one.Cause,
                        one.At,
                        rule.Points,
                        (decimal)left / ScoreDecay.PointParts,
                        because,
                        Trace: null
                    )
                );
            }
        }

        ImmutableArray<ScoreGroupSum> groups =
        [
            .. policy.Groups.Select(group =>
            {
                decimal sum = lines.Where(line => line.Group == group.Name).Sum(line => line.Left);
                return new ScoreGroupSum(group.Name, sum, Math.Clamp(sum, group.Min, group.Max));
            }),
        ];
        decimal points = groups.Sum(group => group.Points);
        return new ScoreCard(
            points,
            policy.Tiers.FirstOrDefault(tier => points >= tier.From)?.Name,
            groups,
            lines.DrainToImmutable(),
            next
        );
    }

    /// <summary>
    /// The next time at which the lead comes into another tier though nothing happens, for a reminder; null: never. Where many
    /// changes come first it is the last one that was looked at: whoever is reminded then asks again.
    /// </summary>
    public static DateTimeOffset? NextTier(
        ScoringPolicy policy,
        IReadOnlyCollection<ScoreContribution> contributions,
        FactSet facts,
        DateTimeOffset at
    )
    {
        ScoreCard card = Score(policy, contributions, facts, at);
        string? tier = card.Tier;
        DateTimeOffset? when = card.NextChange;
        for (int step = 0; when is { } time; step++)
        {
            card = Score(policy, contributions, facts, time);
            if (card.Tier != tier || step == StepsMax)
            {
                return time;
            }

            when = card.NextChange;
        }

        return null;
    }

    private static int CountFuture(IEnumerable<ScoreContribution> group, DateTimeOffset at) =>
        group.Count(one => one.At > at);

    private static long LeftOf(ScoreRule rule, ScoreContribution one, DateTimeOffset at) =>
        rule.Since > one.At ? 0 : rule.Decay.ValueAt(rule.Points, one.At, at);

    private static ScoreObjection ObjectionTo(ScoreRule rule, ScoreContribution one, DateTimeOffset at, int counted)
    {
        if (one.At > at)
        {
            return ScoreObjection.Future;
        }

        if (rule.Since > one.At)
        {
            return ScoreObjection.BeforeRule;
        }

        if (counted >= rule.CountMax)
        {
            return ScoreObjection.OverCount;
        }

        return rule.Decay.ValueAt(rule.Points, one.At, at) == 0 ? ScoreObjection.Decayed : ScoreObjection.None;
    }
}
