using System.Collections.Immutable;
using Customer360.Rules.Conditions;

namespace Customer360.Rules.Routing;

/// <summary>
/// Follows an action to somebody who can take the lead. Where nobody can, the policy's answer to that situation is followed; each
/// answer once, so that it ends in the queue that answers everything else.
/// </summary>
internal sealed class Resolution(
    RoutingPolicy policy,
    FactSet facts,
    TeamState team,
    IReadOnlyDictionary<string, PoolLedger> pools,
    DateTimeOffset at,
    IReadOnlySet<string>? excluded
)
{
    private ImmutableArray<RoutingStep> _steps = [];
    private int _rule = -1;

    /// <summary>Follows a rule.</summary>
    public RoutingDecision Follow(int rule)
    {
        _rule = rule;
        return Follow(policy.Rules[rule].Then);
    }

    /// <summary>Follows the policy's answer to a situation.</summary>
    public RoutingDecision Answer(
        RoutingSituation situation,
        string? personId = null,
        Availability because = Availability.Available
    )
    {
        bool isCircle = _steps.Any(step => step.Situation == situation);
        RoutingAction answer = policy.Answers.Of(isCircle ? RoutingSituation.Otherwise : situation);
        _steps = _steps.Add(
            new RoutingStep(isCircle ? RoutingSituation.Otherwise : situation, answer, personId, because)
        );
        return Follow(answer);
    }

    private RoutingDecision Follow(RoutingAction action) =>
        action.Kind switch
        {
            RoutingActionKind.Queue => new RoutingDecision(policy, facts, at, _rule, RoutingOutcome.Queued)
            {
                Queue = action.Name,
                Steps = _steps,
            },
            RoutingActionKind.Pool => Deal(policy.PoolsByName[action.Name]),
            _ => Hand(Router.OwnerFact(action) is { } fact ? facts[fact].Text : action.Name),
        };

    private RoutingDecision Hand(string personId)
    {
        SalesPerson? person = team.Team.Find(personId);
        Availability availability = team.AvailabilityOf(person, at);
        if (availability is Availability.Available or Availability.OutsideHours && excluded?.Contains(personId) == true)
        {
            return Answer(RoutingSituation.OwnerAway, personId);
        }

        switch (availability)
        {
            case Availability.Available:
                return To(personId);
            case Availability.Full:
                return Answer(RoutingSituation.NoCapacity, personId, availability);
            case Availability.OutsideHours:
                break;
            default:
                return Answer(RoutingSituation.OwnerAway, personId, availability);
        }

        RoutingAction answer = policy.Answers.OutsideHours;
        if (answer.Kind is not (RoutingActionKind.Assign or RoutingActionKind.Hold))
        {
            return Answer(RoutingSituation.OutsideHours, personId, availability);
        }

        _steps = _steps.Add(new RoutingStep(RoutingSituation.OutsideHours, answer, personId, availability));
        return answer.Kind == RoutingActionKind.Hold && person!.Calendar.NextOpening(at) is { } opening
            ? new RoutingDecision(policy, facts, at, _rule, RoutingOutcome.Held)
            {
                PersonId = personId,
                HeldUntil = opening,
                Steps = _steps,
            }
            : To(personId);
    }

    private RoutingDecision To(string personId) =>
        new(policy, facts, at, _rule, RoutingOutcome.Assigned) { PersonId = personId, Steps = _steps };

    private RoutingDecision Deal(RoutingPool pool)
    {
        var members = new PoolMembers(pool, facts, team, at, excluded);
        if (members.Free.IsEmpty)
        {
            return Answer(members.IsAnyPresent ? RoutingSituation.NoCapacity : RoutingSituation.OwnerAway);
        }

        if (!members.Working.IsEmpty)
        {
            return Deal(pool, members.Working, members.IsWhole);
        }

        RoutingAction answer = policy.Answers.OutsideHours;
        if (answer.Kind is not (RoutingActionKind.Assign or RoutingActionKind.Hold))
        {
            return Answer(RoutingSituation.OutsideHours);
        }

        _steps = _steps.Add(new RoutingStep(RoutingSituation.OutsideHours, answer));
        return answer.Kind == RoutingActionKind.Hold && members.NextOpening() is { } opening
            ? new RoutingDecision(policy, facts, at, _rule, RoutingOutcome.Held)
            {
                Pool = pool.Name,
                HeldUntil = opening,
                Steps = _steps,
            }
            : Deal(pool, members.Free, members.IsFreeWhole);
    }

    private RoutingDecision Deal(RoutingPool pool, ImmutableArray<PoolShare> eligible, bool isWhole)
    {
        PoolChoice choice = (pools.GetValueOrDefault(pool.Name) ?? PoolLedger.Empty).Choose(eligible, isWhole);
        return new RoutingDecision(policy, facts, at, _rule, RoutingOutcome.Assigned)
        {
            PersonId = choice.PersonId,
            Pool = pool.Name,
            Eligible = eligible,
            IsWholePool = isWhole,
            Turn = choice.Reason,
            Steps = _steps,
        };
    }
}
