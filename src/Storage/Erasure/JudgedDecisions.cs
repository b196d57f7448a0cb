using System.Collections.Immutable;
using Customer360.Rules.Ports;
using Customer360.Rules.Privacy;
using Customer360.Storage.Work;

namespace Customer360.Storage.Erasure;

/// <summary>What a page of decisions comes to.</summary>
internal static class JudgedDecisions
{
    /// <summary>What is to be written; null where all stay as they are.</summary>
    public static DecisionErasureWork? Of(IReadOnlyCollection<DecisionRecord> page, IDecisionJudge judge)
    {
        var removed = ImmutableArray.CreateBuilder<string>();
        var replaced = ImmutableArray.CreateBuilder<DecisionRecord>();
        foreach (DecisionRecord decision in page)
        {
            DecisionVerdict verdict = judge.Judge(decision);
            if (verdict.IsRemoved)
            {
                removed.Add(decision.Id);
            }
            else if (verdict.Replaced is { } other)
            {
                replaced.Add(other);
            }
        }

        return removed.Count + replaced.Count == 0
            ? null
            : new DecisionErasureWork(removed.ToImmutable(), replaced.ToImmutable());
    }
}
