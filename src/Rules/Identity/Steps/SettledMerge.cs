using System.Collections.Immutable;

namespace Customer360.Rules.Identity;

/// <summary>What an older owner answers to a younger one that asks it to take its state in.</summary>
/// <param name="MovedTo">Whom to ask instead, or null.</param>
/// <param name="Refused">Why not (<see cref="MergeRefusal.Code"/>), or null.</param>
/// <param name="RuleVersion">Of a refusal: the rules by which it was refused.</param>
public readonly record struct AbsorbAnswer(string? MovedTo, string? Refused, string? RuleVersion)
{
    /// <summary>The state was taken in.</summary>
    public bool WasTakenIn => MovedTo is null && Refused is null;
}

/// <summary>
/// How an owner has answered a younger one that asked it to take its state in. Whoever is asked the same once more says the
/// same: the question may come from an activation that was given up while its call was on its way, long after another has
/// finished that merge, and after it was taken back.
/// </summary>
/// <param name="Revision">The younger owner's, when it was sealed: a later seal has a higher one, and is another question.</param>
/// <param name="At">When it was answered.</param>
public sealed record SettledMerge(string MergeId, long Revision, DateTimeOffset At, AbsorbAnswer Answer)
{
    /// <summary>
    /// For how long answers are kept. A call that its caller has given up is not begun, and callers wait for seconds; an hour
    /// is far beyond that, also where clocks disagree.
    /// </summary>
    private static readonly TimeSpan s_keptFor = TimeSpan.FromHours(1);

    /// <summary>The answer to this question, or null where it is new.</summary>
    public static SettledMerge? Find(ImmutableArray<SettledMerge> settled, string mergeId, long revision) =>
        settled.FirstOrDefault(one => one.MergeId == mergeId && one.Revision >= revision);

    /// <summary>With one more, and without those that are old enough to be forgotten.</summary>
    public static ImmutableArray<SettledMerge> Add(ImmutableArray<SettledMerge> settled, SettledMerge one) =>
        [.. settled.Where(other => other.MergeId != one.MergeId && one.At - other.At < s_keptFor), one];
}
