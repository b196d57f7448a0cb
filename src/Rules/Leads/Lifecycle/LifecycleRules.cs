using System.Collections.Immutable;
using Customer360.Rules.Conditions;
using Customer360.Rules.Outcomes;

namespace Customer360.Rules.Leads;

/// <summary>A move that happened, with the values that were compared.</summary>
public sealed record LifecycleStep(LifecycleMove Move, StageEntry Entry, ConditionTrace Trace);

/// <summary>What asking the moves came to.</summary>
/// <param name="NextChange">When to ask again though no fact changes; null: never.</param>
public sealed record LifecycleOutcome(
    LifecycleHistory History,
    ImmutableArray<LifecycleStep> Steps,
    DateTimeOffset? NextChange
);

/// <summary>The stage that was said is none.</summary>
public sealed record StageUnknown() : Refusal("stage_unknown", "The policy has no such stage.");

/// <summary>The stage that was said lies behind.</summary>
public sealed record StageBackward()
    : Refusal("stage_backward", "A lifecycle goes forward only; a lead comes back by an exit.");

/// <summary>The exit has no such code, or none was said.</summary>
public sealed record StageCodeUnknown() : Refusal("stage_code_unknown", "The exit needs one of the policy's codes.");

/// <summary>Moves leads through the stages: by the policy's moves, or by the word of a CRM or a person.</summary>
public static class LifecycleRules
{
    /// <summary>
    /// Asks the moves from the present stage on, again after each one that happened, so that a lead that fulfils everything at once
    /// walks all the way. Each move happens once at most.
    /// </summary>
    /// <param name="cause">What made somebody ask: the same cause gives the same entries.</param>
    public static LifecycleOutcome Evaluate(
        LifecyclePolicy policy,
        LifecycleHistory history,
        FactSet facts,
        DateTimeOffset at,
        string cause
    )
    {
        var steps = ImmutableArray.CreateBuilder<LifecycleStep>();
        LifecycleView view = history.View(policy, at);
        if (view.Stage is null)
        {
            history = history.Add(new StageEntry(policy.Stages[0], at, StageSource.Rule, "", Code: null, cause));
            view = history.View(policy, at);
        }

        while (Next(policy, view.Stage!, facts, at, steps) is { } move)
        {
            // Moves at one instant keep their order by the number in the cause.
            var entry = new StageEntry(
                move.To,
                at,
                StageSource.Rule,
                move.Name,
                move.Code,
                $"{cause}#{steps.Count + 1:0000}"
            );
            steps.Add(new LifecycleStep(move, entry, move.If.Trace(facts, at)));
            history = history.Add(entry);
            LifecycleView moved = history.View(policy, at);
            if (moved.Entry != entry)
            {
                // A later word stands already: the history keeps this one, and goes on from there.
                break;
            }

            view = moved;
        }

        view = history.View(policy, at);
        DateTimeOffset? next = null;
        foreach (LifecycleMove move in policy.Moves.Where(move => move.From.Contains(view.Stage!)))
        {
            next = Condition.Earlier(next, move.If.NextChange(facts, at));
        }

        return new LifecycleOutcome(history, steps.DrainToImmutable(), next);
    }

    /// <summary>
    /// Takes the word of a CRM or a person. Backward is refused, as a CRM's stale field must not undo what happened; whoever means it
    /// takes the lead out by an exit first.
    /// </summary>
    public static Outcome<LifecycleHistory> Say(LifecyclePolicy policy, LifecycleHistory history, StageEntry entry)
    {
        if (!policy.IsStage(entry.Stage))
        {
            return new StageUnknown();
        }

        if (
            policy.Exits.TryGetValue(entry.Stage, out ImmutableArray<string> codes)
            && (entry.Code is null || !codes.Contains(entry.Code))
        )
        {
            return new StageCodeUnknown();
        }

        LifecycleHistory said = history.Add(entry);
        return said.View(policy, entry.At).Passed.Contains(entry) ? new StageBackward() : said;
    }

    private static LifecycleMove? Next(
        LifecyclePolicy policy,
        string stage,
        FactSet facts,
        DateTimeOffset at,
        ImmutableArray<LifecycleStep>.Builder done
    ) =>
        policy.Moves.FirstOrDefault(move =>
            move.From.Contains(stage)
            && done.All(step => step.Move != move)
            && move.Needs.All(fact => facts[fact].IsKnown)
            && move.If.Evaluate(facts, at) == Truth.True
        );
}
