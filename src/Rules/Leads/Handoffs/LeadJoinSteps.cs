using System.Collections.Immutable;

namespace Customer360.Rules.Leads;

/// <summary>What one lead is told so that one of a person's leads stays open.</summary>
public enum LeadJoinKind
{
    /// <summary>The clock of a double goes on in it.</summary>
    Adopt = 1,

    /// <summary>It doubles another from now on.</summary>
    Close = 2,

    /// <summary>The clock of a lead that is no double of it any more leaves it.</summary>
    Release = 3,

    /// <summary>It doubles nobody any more.</summary>
    Restore = 4,
}

/// <param name="LeadId">Who is told.</param>
/// <param name="Other">The other lead that it is about; null: none.</param>
/// <param name="Clock">Of an adoption.</param>
public sealed record LeadJoinStep(LeadJoinKind Kind, string LeadId, string? Other, AdoptedClock? Clock);

/// <summary>
/// The steps by which a person's leads come to what <see cref="LeadJoin"/> plans, in the order in which they have to be taken: a clock is
/// adopted before its lead stops, and leaves before its lead goes on. Each may be repeated, and half of them lead to the same plan.
/// </summary>
public static class LeadJoinSteps
{
    /// <param name="leads">All leads of one person.</param>
    public static ImmutableArray<LeadJoinStep> Of(IReadOnlyCollection<LeadState> leads)
    {
        var byId = leads.ToDictionary(lead => lead.LeadId, StringComparer.Ordinal);
        var steps = ImmutableArray.CreateBuilder<LeadJoinStep>();
        ImmutableArray<LeadLinkChange> plan = LeadJoin.Plan([.. leads.Select(LeadCard.Of)]);
        foreach (LeadLinkChange change in plan)
        {
            LeadState lead = byId[change.LeadId];
            IEnumerable<AdoptedClock> clocks = AdoptedClock.Of(lead) is { } own
                ? lead.Adopted.Prepend(own)
                : lead.Adopted;
            if (change.From is { } from)
            {
                // The lead that it doubled may be another person's by now.
                steps.Add(new LeadJoinStep(LeadJoinKind.Release, from, lead.LeadId, Clock: null));
                steps.AddRange(
                    lead.Adopted.Select(one => new LeadJoinStep(LeadJoinKind.Release, from, one.LeadId, Clock: null))
                );
                steps.Add(new LeadJoinStep(LeadJoinKind.Restore, lead.LeadId, from, Clock: null));
            }

            if (change.Of is { } of)
            {
                steps.AddRange(clocks.Select(clock => new LeadJoinStep(LeadJoinKind.Adopt, of, clock.LeadId, clock)));
                steps.Add(new LeadJoinStep(LeadJoinKind.Close, lead.LeadId, of, Clock: null));
            }
        }

        // What a crash or a change of plans has left behind: the clock of a lead that does not double it.
        var links = plan.ToDictionary(change => change.LeadId, change => change.Of, StringComparer.Ordinal);
        foreach (LeadState lead in leads)
        {
            foreach (
                AdoptedClock adopted in lead.Adopted.Where(one =>
                    byId.ContainsKey(one.LeadId) && !Doubles(one.LeadId, lead.LeadId, byId, links)
                )
            )
            {
                steps.Add(new LeadJoinStep(LeadJoinKind.Release, lead.LeadId, adopted.LeadId, Clock: null));
            }
        }

        return steps.DrainToImmutable();
    }

    /// <summary>Whether a lead doubles another, or one that does.</summary>
    private static bool Doubles(
        string leadId,
        string of,
        Dictionary<string, LeadState> byId,
        Dictionary<string, string?> links
    )
    {
        string? next = leadId;
        for (int step = 0; step <= byId.Count; step++)
        {
            next = links.TryGetValue(next, out string? planned)
                ? planned
                : byId.GetValueOrDefault(next)?.DuplicateOf?.LeadId;
            if (next is null || next == of)
            {
                return next is not null;
            }
        }

        return false;
    }
}
