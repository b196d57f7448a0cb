using System.Collections.Immutable;
using Customer360.Rules.Routing;

namespace Customer360.Rules.Leads;

/// <summary>What a lead needs now.</summary>
public enum LeadNeedKind
{
    /// <summary>Nothing, until somebody says something.</summary>
    Nothing = 1,

    /// <summary>Nothing before a time.</summary>
    Wait = 2,

    /// <summary>To be routed, without those who have had it.</summary>
    Route = 3,

    Remind = 4,
    Escalate = 5,
    TimeOut = 6,

    /// <summary>To be put into a queue.</summary>
    Enqueue = 7,
}

/// <summary>What a lead needs, so that whoever keeps it does it and asks again.</summary>
public sealed record LeadNeed(LeadNeedKind Kind)
{
    /// <summary>Of <see cref="LeadNeedKind.Wait"/>: until when.</summary>
    public DateTimeOffset? Until { get; init; }

    public string? Queue { get; init; }

    /// <summary>Of <see cref="LeadNeedKind.Route"/>: who has had it and did not take it.</summary>
    public ImmutableArray<string> Excluded { get; init; } = [];

    /// <summary>What a lead needs at a time.</summary>
    public static LeadNeed Of(LeadState lead, LeadTerms terms, DateTimeOffset at)
    {
        if (!lead.IsOpen)
        {
            return new LeadNeed(LeadNeedKind.Nothing);
        }

        switch (lead.Status)
        {
            case LeadStatus.New:
                return new LeadNeed(LeadNeedKind.Route);
            case LeadStatus.Held:
                return lead.HeldUntil > at
                    ? new LeadNeed(LeadNeedKind.Wait) { Until = lead.HeldUntil }
                    : new LeadNeed(LeadNeedKind.Route) { Excluded = HaveHadIt(lead) };
            case LeadStatus.Offered:
                return OfOffer(lead, terms, at);
            case LeadStatus.TimedOut:
                return lead.Present!.Sla is { Timeout: not SlaTimeout.Stay } sla
                    ? GoesOn(lead, sla, sla.Timeout == SlaTimeout.Queue)
                    : new LeadNeed(LeadNeedKind.Nothing);
            case LeadStatus.Rejected:
                return GoesOn(lead, lead.Present!.Sla, isForQueue: false);
            default:
                return new LeadNeed(LeadNeedKind.Nothing);
        }
    }

    private static LeadNeed OfOffer(LeadState lead, LeadTerms terms, DateTimeOffset at)
    {
        if (LeadRules.DueAt(lead, terms, 100) is not { } due)
        {
            return new LeadNeed(LeadNeedKind.Nothing);
        }

        if (due <= at)
        {
            return new LeadNeed(LeadNeedKind.TimeOut);
        }

        Handoff present = lead.Present!;
        DateTimeOffset? next = due;
        if (present is { EscalatedAt: null, Sla.EscalatePercent: { } escalate })
        {
            DateTimeOffset? when = LeadRules.DueAt(lead, terms, escalate);
            if (when <= at)
            {
                return new LeadNeed(LeadNeedKind.Escalate);
            }

            next = Conditions.Condition.Earlier(next, when);
        }

        if (present is { RemindedAt: null, Sla.RemindPercent: { } remind })
        {
            DateTimeOffset? when = LeadRules.DueAt(lead, terms, remind);
            if (when <= at)
            {
                return new LeadNeed(LeadNeedKind.Remind);
            }

            next = Conditions.Condition.Earlier(next, when);
        }

        return new LeadNeed(LeadNeedKind.Wait) { Until = next };
    }

    private static LeadNeed GoesOn(LeadState lead, SlaTerms? sla, bool isForQueue)
    {
        bool isEnough = sla is not null && lead.Handoffs.Length > sla.ReroutesMax;
        return sla?.Queue is { } queue && (isForQueue || isEnough)
            ? new LeadNeed(LeadNeedKind.Enqueue) { Queue = queue }
            : new LeadNeed(LeadNeedKind.Route) { Excluded = HaveHadIt(lead) };
    }

    private static ImmutableArray<string> HaveHadIt(LeadState lead) =>
        [
            .. lead
                .Handoffs.Where(one => one.Status is HandoffStatus.Rejected or HandoffStatus.TimedOut)
                .Select(one => one.PersonId)
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];
}
