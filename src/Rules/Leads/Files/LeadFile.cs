using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Customer360.Rules.Leads;

/// <summary>A place with somebody, and the turn of a pool by which it came there.</summary>
/// <param name="Attempt">Which time the lead is given to somebody, from 1.</param>
/// <param name="Pool">Null: no pool dealt it.</param>
/// <param name="PersonId">Null: the pool has not said yet.</param>
public sealed record LeadHold(int Attempt, string? Pool, string? PersonId);

/// <summary>What is still to be told to others.</summary>
public enum LeadDebtKind
{
    /// <summary>A person has the lead, whatever the capacity.</summary>
    Place = 1,

    /// <summary>A person has it no longer.</summary>
    Release = 2,

    /// <summary>A pool gets its turn back.</summary>
    ReturnTurn = 3,

    /// <summary>A pool's turn is final.</summary>
    SettleTurn = 4,
}

/// <summary>Something that is still to be told to a person's or a pool's grain. To tell it twice changes nothing.</summary>
/// <param name="Target">The person or the pool.</param>
public sealed record LeadDebt(LeadDebtKind Kind, string Target, int Attempt);

/// <summary>All that is kept of a lead. Immutable.</summary>
public sealed record LeadFile(LeadState Lead)
{
    /// <summary>Events that a lead keeps: the latest.</summary>
    public const int EventsMax = 500;

    /// <summary>Whose it was when it was last looked at.</summary>
    public string CustomerId { get; init; } = "";

    /// <summary>The identifier under which it began, <c>type:value</c>: it goes where that goes.</summary>
    public string Anchor { get; init; } = "";

    /// <summary>What was said of its stages.</summary>
    public LifecycleHistory History { get; init; } = LifecycleHistory.Empty;

    /// <summary>The stage when it was last looked at, by its own history and those of its doubles.</summary>
    public string Stage { get; init; } = "";

    /// <summary>The score when it was last looked at.</summary>
    public decimal Score { get; init; }

    public string? Tier { get; init; }

    /// <summary>In order; the first are forgotten over <see cref="EventsMax"/>.</summary>
    public ImmutableArray<LeadEvent> Events { get; init; } = [];

    /// <summary>Where it is being brought; null: nowhere.</summary>
    public LeadHold? Plan { get; init; }

    /// <summary>Where it has a place; null: nowhere.</summary>
    public LeadHold? Place { get; init; }

    public ImmutableArray<LeadDebt> Debts { get; init; } = [];

    /// <summary>
    /// The last decision: <c>{"attempt","at","policyVersion","teamVersion","facts":{…},"decision":{…}}</c>; null: none was made.
    /// </summary>
    [JsonConverter(typeof(RawJsonText))]
    public string? Decision { get; init; }

    /// <summary>How the score came about when it was last looked at, as JSON; null: it was not scored.</summary>
    [JsonConverter(typeof(RawJsonText))]
    public string? ScoreCard { get; init; }

    /// <summary>When its stage or score may change though nothing happens; null: never.</summary>
    public DateTimeOffset? ChangesAt { get; init; }

    /// <summary>True once its person has been erased: nothing but its id is left.</summary>
    public bool IsErased { get; init; }
}
