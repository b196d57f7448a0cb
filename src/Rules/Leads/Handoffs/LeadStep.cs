using System.Collections.Frozen;
using System.Collections.Immutable;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Routing;

namespace Customer360.Rules.Leads;

/// <summary>What happened to a lead.</summary>
public enum LeadEventKind
{
    Offered = 1,
    Queued = 2,
    Held = 3,
    Accepted = 4,
    Rejected = 5,
    TimedOut = 6,
    Reassigned = 7,
    Reminded = 8,
    Escalated = 9,
    WrittenToCrm = 10,
    RefusedByCrm = 11,
    Closed = 12,
    ClosedAsDuplicate = 13,
    ClockAdopted = 14,
    Restored = 15,
    ClockReleased = 16,
}

/// <summary>An event of a lead, for its history.</summary>
/// <param name="Attempt">0: it is not about one.</param>
/// <param name="Used">What the clock showed.</param>
public sealed record LeadEvent(LeadEventKind Kind, DateTimeOffset At, string By, int Attempt, TimeSpan Used)
{
    public string? PersonId { get; init; }

    /// <summary>Of a rejection, a refusal, a closing: why.</summary>
    public string? Code { get; init; }

    /// <summary>The queue, CRM or other lead that it is about.</summary>
    public string? Target { get; init; }

    public bool IsLate { get; init; }
}

/// <summary>The lead after a command, and what happened. No events: the command had been carried out already.</summary>
public sealed record LeadStep(LeadState State, ImmutableArray<LeadEvent> Events);

/// <summary>What the rules of a lead need to know beside it.</summary>
/// <param name="Team">For working hours; who is not in it works at any time.</param>
/// <param name="RejectCodes">What a person may give as a reason.</param>
/// <param name="CloseCodes">What a lead may be closed with.</param>
public sealed record LeadTerms(SalesTeam Team, FrozenSet<string> RejectCodes, FrozenSet<string> CloseCodes);

/// <summary>The lead has ended, or doubles another.</summary>
public sealed record LeadNotOpen() : Refusal("lead_not_open", "The lead is closed, or a double of another.");

/// <summary>Another person has the lead.</summary>
public sealed record LeadOfAnother() : Refusal("lead_of_another", "The lead has been given to another person.");

/// <summary>Nobody has been given the lead, or it was answered.</summary>
public sealed record LeadNotOffered() : Refusal("lead_not_offered", "There is no offer of the lead to answer.");

/// <summary>The lead has been accepted.</summary>
public sealed record LeadAccepted() : Refusal("lead_accepted", "The lead has been accepted.");

/// <summary>The code is none of the policy's.</summary>
public sealed record LeadCodeUnknown() : Refusal("lead_code_unknown", "The policy has no such code.");

/// <summary>Another attempt is under way than the command is about.</summary>
public sealed record LeadAttemptStale() : Refusal("lead_attempt_stale", "The lead has been given to somebody since.");
