using System.Collections.Immutable;
using Customer360.Rules.Conditions;

namespace Customer360.Rules.Leads;

/// <summary>An event that gave points. What it is worth follows from the policy and the time, so neither needs to be kept.</summary>
/// <param name="Cause">The message: the same message gives it once.</param>
public sealed record ScoreContribution(string Rule, DateTimeOffset At, string Cause) : IComparable<ScoreContribution>
{
    /// <summary>By rule, then time, then cause.</summary>
    public int CompareTo(ScoreContribution? other)
    {
        if (other is null)
        {
            return 1;
        }

        int order = string.CompareOrdinal(Rule, other.Rule);
        order = order != 0 ? order : At.CompareTo(other.At);
        return order != 0 ? order : string.CompareOrdinal(Cause, other.Cause);
    }

    public static bool operator <(ScoreContribution left, ScoreContribution right) => left.CompareTo(right) < 0;

    public static bool operator >(ScoreContribution left, ScoreContribution right) => left.CompareTo(right) > 0;

    public static bool operator <=(ScoreContribution left, ScoreContribution right) => left.CompareTo(right) <= 0;

    public static bool operator >=(ScoreContribution left, ScoreContribution right) => left.CompareTo(right) >= 0;
}

/// <summary>Why a contribution counts nothing.</summary>
public enum ScoreObjection
{
    None = 0,

    /// <summary>It has decayed.</summary>
    Decayed = 1,

    /// <summary>As many later ones of the rule count already.</summary>
    OverCount = 2,

    /// <summary>It is from before the rule.</summary>
    BeforeRule = 3,

    /// <summary>It lies in the future.</summary>
    Future = 4,
}

/// <summary>What one contribution, or one rule about the lead, gives.</summary>
/// <param name="At">Of an event: when; null: it is about the lead.</param>
/// <param name="Given">Points that the rule gives.</param>
/// <param name="Left">Points that count now.</param>
/// <param name="Trace">Of a rule about the lead: the values that were compared.</param>
public sealed record ScoreLine(
    string Rule,
    string Group,
    string? Cause,
    DateTimeOffset? At,
    int Given,
    decimal Left,
    ScoreObjection Because,
    ConditionTrace? Trace
);

/// <summary>The points of a group.</summary>
/// <param name="Sum">What the lines come to.</param>
/// <param name="Points">The same within the group's limits.</param>
public sealed record ScoreGroupSum(string Group, decimal Sum, decimal Points);

/// <summary>A score with all that it is made of.</summary>
/// <param name="Tier">Null: below all bars.</param>
/// <param name="NextChange">When it is other though nothing happens; null: never.</param>
public sealed record ScoreCard(
    decimal Points,
    string? Tier,
    ImmutableArray<ScoreGroupSum> Groups,
    ImmutableArray<ScoreLine> Lines,
    DateTimeOffset? NextChange
);
