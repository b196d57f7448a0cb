using Customer360.Rules.Routing;

namespace Customer360.Rules.Leads;

/// <summary>What is to be done with a lead. A command that comes twice changes nothing the second time.</summary>
/// <param name="By">Who says so: <c>routing</c>, <c>reminder</c>, a person, a CRM.</param>
public abstract record LeadCommand(DateTimeOffset At, string By)
{
    /// <summary>Give it to somebody.</summary>
    /// <param name="Attempt">Which time that is, from 1: a repeat is known by it.</param>
    public sealed record Offer(DateTimeOffset At, string By, int Attempt, string PersonId, string Rule, SlaTerms? Sla)
        : LeadCommand(At, By);

    /// <summary>Put it into a queue.</summary>
    public sealed record Enqueue(DateTimeOffset At, string By, string Queue) : LeadCommand(At, By);

    /// <summary>Let it wait for somebody's hours.</summary>
    public sealed record Hold(DateTimeOffset At, string By, DateTimeOffset Until) : LeadCommand(At, By);

    /// <summary>A person takes it: the one who was given it, or anybody out of a queue.</summary>
    public sealed record Accept(DateTimeOffset At, string By, string PersonId) : LeadCommand(At, By);

    /// <summary>The person who was given it refuses it.</summary>
    public sealed record Reject(DateTimeOffset At, string By, string PersonId, string Code) : LeadCommand(At, By);

    /// <summary>A manager gives it to another, whatever has been answered.</summary>
    public sealed record Reassign(DateTimeOffset At, string By, int Attempt, string PersonId, SlaTerms? Sla)
        : LeadCommand(At, By);

    /// <summary>The owner was reminded.</summary>
    public sealed record Remind(DateTimeOffset At, string By, int Attempt) : LeadCommand(At, By);

    /// <summary>The owner's manager was told.</summary>
    public sealed record Escalate(DateTimeOffset At, string By, int Attempt) : LeadCommand(At, By);

    /// <summary>The time may be over. Before it is, nothing changes.</summary>
    public sealed record TimeOut(DateTimeOffset At, string By, int Attempt) : LeadCommand(At, By);

    /// <summary>A CRM took it.</summary>
    public sealed record WrittenToCrm(DateTimeOffset At, string By, string System, string RecordId)
        : LeadCommand(At, By);

    /// <summary>A CRM refused it.</summary>
    public sealed record RefusedByCrm(DateTimeOffset At, string By, string System, string Code) : LeadCommand(At, By);

    /// <summary>It ends.</summary>
    public sealed record Close(DateTimeOffset At, string By, string Code) : LeadCommand(At, By);

    /// <summary>Its person has another open lead now.</summary>
    /// <param name="Cause">The merge.</param>
    public sealed record CloseAsDuplicate(DateTimeOffset At, string By, string Of, string Cause) : LeadCommand(At, By);

    /// <summary>It is the lead that stays open: the double's clock goes on in it.</summary>
    public sealed record AdoptClock(DateTimeOffset At, string By, AdoptedClock Clock) : LeadCommand(At, By);

    /// <summary>A split has parted it from the lead that it doubled.</summary>
    public sealed record Restore(DateTimeOffset At, string By, string Cause) : LeadCommand(At, By);

    /// <summary>A double has been restored: its clock is its own again.</summary>
    public sealed record ReleaseClock(DateTimeOffset At, string By, string LeadId) : LeadCommand(At, By);
}
