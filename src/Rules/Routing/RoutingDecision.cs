using System.Collections.Immutable;
using Customer360.Rules.Conditions;

namespace Customer360.Rules.Routing;

/// <summary>What becomes of a lead.</summary>
public enum RoutingOutcome
{
    /// <summary>A person has it.</summary>
    Assigned = 1,

    /// <summary>It lies in a queue.</summary>
    Queued = 2,

    /// <summary>It waits until somebody works, and is decided then.</summary>
    Held = 3,
}

/// <summary>An answer that the policy gave on the way.</summary>
/// <param name="PersonId">Of whom it is; null: of a pool or of the lead.</param>
/// <param name="Because">Of a person who is away: why.</param>
public sealed record RoutingStep(
    RoutingSituation Situation,
    RoutingAction Answer,
    string? PersonId = null,
    Availability Because = Availability.Available
);

/// <summary>
/// Who gets a lead, by which rule, and what was asked. It keeps what it was made from, so that <see cref="Trace"/> can say all of
/// it when somebody asks.
/// </summary>
public sealed class RoutingDecision
{
    private readonly RoutingPolicy _policy;

    internal RoutingDecision(RoutingPolicy policy, FactSet facts, DateTimeOffset at, int rule, RoutingOutcome outcome)
    {
        (_policy, Facts, At, RuleNumber, Outcome) = (policy, facts, at, rule, outcome);
    }

    public RoutingOutcome Outcome { get; }

    public FactSet Facts { get; }

    public DateTimeOffset At { get; }

    /// <summary>Who has it, or will where it waits for a person; null: a queue, or a pool that waits.</summary>
    public string? PersonId { get; init; }

    /// <summary>The pool that dealt it; null: none did.</summary>
    public string? Pool { get; init; }

    /// <summary>Of a pool: who may have it, by id, so that the pool can deal the same turn under its own count.</summary>
    public ImmutableArray<PoolShare> Eligible { get; init; } = [];

    /// <summary>Of a pool: true where these are all who are present.</summary>
    public bool IsWholePool { get; init; }

    /// <summary>Of a pool: why it is this person's turn.</summary>
    public PoolReason? Turn { get; init; }

    /// <summary>The queue that it lies in.</summary>
    public string? Queue { get; init; }

    /// <summary>Until when it waits.</summary>
    public DateTimeOffset? HeldUntil { get; init; }

    /// <summary>The answers that the policy gave, in order.</summary>
    public ImmutableArray<RoutingStep> Steps { get; init; } = [];

    /// <summary>The rule that decided; null: an answer did.</summary>
    public RoutingRule? Rule => RuleNumber < 0 ? null : _policy.Rules[RuleNumber];

    /// <summary>Until when it must be accepted; null: there is no limit.</summary>
    public SlaTerms? Sla => Rule?.Sla ?? _policy.Sla;

    internal int RuleNumber { get; }

    /// <summary>The same decision, where the pool under its own count has dealt the lead to this person.</summary>
    /// <param name="turn">Null: the lead had the turn already.</param>
    public RoutingDecision DealtTo(string personId, PoolReason? turn) =>
        new(_policy, Facts, At, RuleNumber, Outcome)
        {
            PersonId = personId,
            Pool = Pool,
            Eligible = Eligible,
            IsWholePool = IsWholePool,
            Turn = turn,
            Steps = Steps,
        };

    /// <summary>Every rule, whether it counted or why not, with the values that were compared.</summary>
    public RoutingTrace Trace() => RoutingTrace.Of(_policy, this);
}
