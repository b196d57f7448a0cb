using System.Collections.Immutable;
using Customer360.Rules.Routing;

namespace Customer360.Rules.Leads;

/// <summary>Where a lead stands between marketing and sales.</summary>
public enum LeadStatus
{
    /// <summary>Nobody has been chosen yet.</summary>
    New = 1,

    /// <summary>It waits for the hours of whoever gets it.</summary>
    Held = 2,

    /// <summary>It lies in a queue.</summary>
    Queued = 3,

    /// <summary>Somebody has been given it and has not answered.</summary>
    Offered = 4,

    Accepted = 5,
    Rejected = 6,

    /// <summary>Nobody answered in time. Until it is given to another it can still be accepted.</summary>
    TimedOut = 7,

    /// <summary>It ended: won, disqualified, recycled.</summary>
    Closed = 8,
}

/// <summary>What became of one time that a lead was given to somebody.</summary>
public enum HandoffStatus
{
    Offered = 1,
    Accepted = 2,
    Rejected = 3,
    TimedOut = 4,

    /// <summary>It was given to another before there was an answer.</summary>
    Reassigned = 5,
}

/// <summary>One time that a lead was given to somebody.</summary>
/// <param name="Attempt">From 1.</param>
/// <param name="Rule">The routing rule; empty where a person or an answer chose.</param>
/// <param name="By">Who gave it: <c>routing</c>, or a person.</param>
public sealed record Handoff(int Attempt, string PersonId, string Rule, DateTimeOffset At, string By)
{
    public SlaTerms? Sla { get; init; }

    /// <summary>What the clock showed when the minutes of its limit began: not zero after a limit that passed.</summary>
    public TimeSpan LimitFrom { get; init; }

    public HandoffStatus Status { get; init; } = HandoffStatus.Offered;

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Of a rejection: why.</summary>
    public string? Code { get; init; }

    /// <summary>What the clock showed at the end.</summary>
    public TimeSpan Used { get; init; }

    /// <summary>True where it was accepted after its time.</summary>
    public bool IsLate { get; init; }

    public DateTimeOffset? RemindedAt { get; init; }

    public DateTimeOffset? EscalatedAt { get; init; }
}

/// <summary>What a CRM said when the lead was written to it: a fact of its own, whatever was decided.</summary>
/// <param name="RecordId">Of a write that succeeded.</param>
/// <param name="Code">Of one that was refused.</param>
public sealed record CrmWrite(bool IsWritten, DateTimeOffset At, string? RecordId, string? Code);

/// <summary>A lead that was closed as a double of another.</summary>
public sealed record DuplicateLink(string LeadId, string Cause, DateTimeOffset At);

/// <summary>The clock of a double, which goes on in the lead that stays open.</summary>
/// <param name="LimitFrom">As <see cref="Handoff.LimitFrom"/>.</param>
public sealed record AdoptedClock(string LeadId, SlaClock Clock, SlaTerms Sla, TimeSpan LimitFrom)
{
    /// <summary>The clock of a lead that is becoming a double; null: it has none that counts.</summary>
    public static AdoptedClock? Of(LeadState lead) =>
        lead is { Clock: { } clock, Present: { Sla: { } sla } present }
            ? new AdoptedClock(lead.LeadId, clock, sla, present.LimitFrom)
            : null;
}

/// <summary>A lead, whole. Immutable; <see cref="LeadRules"/> changes it.</summary>
/// <param name="Lifecycle">Of which lifecycle it is; a person has one open lead in each.</param>
public sealed record LeadState(string LeadId, string Lifecycle, DateTimeOffset CreatedAt)
{
    public LeadStatus Status { get; init; } = LeadStatus.New;

    /// <summary>In order; the last is the present one.</summary>
    public ImmutableArray<Handoff> Handoffs { get; init; } = [];

    public string? Queue { get; init; }

    public DateTimeOffset? HeldUntil { get; init; }

    /// <summary>Null where it was never given to anybody under a limit.</summary>
    public SlaClock? Clock { get; init; }

    /// <summary>Clocks of doubles, by lead.</summary>
    public ImmutableArray<AdoptedClock> Adopted { get; init; } = [];

    /// <summary>Null where it is no double.</summary>
    public DuplicateLink? DuplicateOf { get; init; }

    /// <summary>Of a closed lead: why.</summary>
    public string? ClosedCode { get; init; }

    /// <summary>The last answer of each CRM, by its name.</summary>
    public ImmutableSortedDictionary<string, CrmWrite> Crm { get; init; } =
        ImmutableSortedDictionary.Create<string, CrmWrite>(StringComparer.Ordinal);

    /// <summary>True where something can still be done with it.</summary>
    public bool IsOpen => Status != LeadStatus.Closed && DuplicateOf is null;

    public Handoff? Present => Handoffs.IsEmpty ? null : Handoffs[^1];

    /// <summary>Whose it is; null while nobody has been given it, or in a queue.</summary>
    public string? OwnerId =>
        Status is LeadStatus.Offered or LeadStatus.Accepted or LeadStatus.TimedOut ? Present?.PersonId : null;
}
