using System.Collections.Immutable;

namespace Customer360.Rules.Retention;

/// <summary>What a pass over messages came to.</summary>
/// <param name="Messages">Looked at.</param>
/// <param name="Trimmed">Of which something went.</param>
/// <param name="Bytes">What they are shorter by, before they are packed.</param>
/// <param name="Rules">By region, then rule (ordinal).</param>
public sealed record RetentionCounts(long Messages, long Trimmed, long Bytes, ImmutableArray<RetentionRuleCount> Rules)
{
    public static RetentionCounts None { get; } = new(0, 0, 0, []);

    /// <summary>Both together.</summary>
    public RetentionCounts Add(RetentionCounts other) =>
        new(
            Messages + other.Messages,
            Trimmed + other.Trimmed,
            Bytes + other.Bytes,
            [
                .. Rules
                    .Concat(other.Rules)
                    .GroupBy(count => (count.Region, count.Rule))
                    .Select(same => new RetentionRuleCount(
                        same.Key.Rule,
                        same.Key.Region,
                        same.Sum(count => count.Messages),
                        same.Sum(count => count.Fields)
                    ))
                    .OrderBy(count => count.Region, StringComparer.Ordinal)
                    .ThenBy(count => count.Rule, StringComparer.Ordinal),
            ]
        );
}

/// <summary>What went by one line of the policy.</summary>
/// <param name="Rule">The line's path: <c>messages.kinds.page.days</c>.</param>
/// <param name="Region">The region whose override counted; null: none did.</param>
/// <param name="Messages">Of which something went by it.</param>
/// <param name="Fields">Members that went; an object that went as a whole is one.</param>
public sealed record RetentionRuleCount(string Rule, string? Region, long Messages, long Fields);
