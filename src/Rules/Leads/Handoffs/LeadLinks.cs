using System.Collections.Immutable;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Routing;

namespace Customer360.Rules.Leads;

/// <summary>How leads are joined when two people turn out to be one, and parted when they turn out to be two.</summary>
internal static class LeadLinks
{
    /// <summary>Its own clock waits; a copy goes on in the lead that stays open.</summary>
    public static Outcome<LeadStep> Close(LeadState lead, LeadCommand.CloseAsDuplicate close, WorkingCalendar calendar)
    {
        if (lead.DuplicateOf is { } link && link.LeadId == close.Of)
        {
            return LeadRules.Same(lead);
        }

        if (!lead.IsOpen)
        {
            return new LeadNotOpen();
        }

        return new LeadStep(
            lead with
            {
                DuplicateOf = new DuplicateLink(close.Of, close.Cause, close.At),
                Clock = lead.Clock?.Pause(calendar, close.At),
                Adopted = [.. lead.Adopted.Select(one => one with { Clock = one.Clock.Pause(calendar, close.At) })],
            },
            [Event(LeadEventKind.ClosedAsDuplicate, close, close.Of)]
        );
    }

    public static Outcome<LeadStep> Adopt(LeadState lead, LeadCommand.AdoptClock adopt)
    {
        if (lead.Adopted.Any(one => one.LeadId == adopt.Clock.LeadId))
        {
            return LeadRules.Same(lead);
        }

        // Of a lead that somebody has, the clock runs; of one that waits, it waits.
        AdoptedClock own =
            lead.Status is LeadStatus.Offered or LeadStatus.TimedOut or LeadStatus.Rejected && lead.IsOpen
                ? adopt.Clock with
                {
                    Clock = adopt.Clock.Clock.Resume(adopt.At),
                }
                : adopt.Clock;
        return new LeadStep(
            lead with
            {
                Adopted = [.. lead.Adopted.Append(own).OrderBy(one => one.LeadId, StringComparer.Ordinal)],
            },
            [Event(LeadEventKind.ClockAdopted, adopt, adopt.Clock.LeadId)]
        );
    }

    public static Outcome<LeadStep> Restore(LeadState lead, LeadCommand.Restore restore)
    {
        if (lead.DuplicateOf is not { } link)
        {
            return LeadRules.Same(lead);
        }

        bool runs = lead.Status is LeadStatus.Offered or LeadStatus.TimedOut or LeadStatus.Rejected;
        return new LeadStep(
            lead with
            {
                DuplicateOf = null,
                Clock = runs ? lead.Clock?.Resume(restore.At) : lead.Clock,
                Adopted = runs
                    ? [.. lead.Adopted.Select(one => one with { Clock = one.Clock.Resume(restore.At) })]
                    : lead.Adopted,
            },
            [Event(LeadEventKind.Restored, restore, link.LeadId)]
        );
    }

    public static Outcome<LeadStep> Release(LeadState lead, LeadCommand.ReleaseClock release)
    {
        ImmutableArray<AdoptedClock> rest = lead.Adopted.RemoveAll(one => one.LeadId == release.LeadId);
        return rest.Length == lead.Adopted.Length
            ? LeadRules.Same(lead)
            : new LeadStep(lead with { Adopted = rest }, [Event(LeadEventKind.ClockReleased, release, release.LeadId)]);
    }

    private static LeadEvent Event(LeadEventKind kind, LeadCommand command, string target) =>
        new(kind, command.At, command.By, 0, TimeSpan.Zero) { Target = target };
}
