using System.Collections.Immutable;

namespace Customer360.Rules.Leads;

/// <summary>What is needed of a lead to say which of a person's leads stays open.</summary>
/// <param name="DuplicateOf">The lead that it doubles by now; null: none.</param>
public readonly record struct LeadCard(
    string LeadId,
    string Lifecycle,
    LeadStatus Status,
    DateTimeOffset CreatedAt,
    string? DuplicateOf
)
{
    public static LeadCard Of(LeadState lead) =>
        new(lead.LeadId, lead.Lifecycle, lead.Status, lead.CreatedAt, lead.DuplicateOf?.LeadId);
}

/// <summary>A lead that becomes a double, or is none any more.</summary>
/// <param name="From">The lead that it doubled; null: none.</param>
/// <param name="Of">The lead that it doubles from now on; null: it is restored.</param>
public readonly record struct LeadLinkChange(string LeadId, string? From, string? Of);

/// <summary>
/// Which of a person's leads stays open after a merge or a split: one in each lifecycle. Doubles keep their links as long as both
/// are of one person, so a split gives back what was before the merge, link by link.
/// </summary>
public static class LeadJoin
{
    /// <summary>What has to change, by lead; nothing where it is as it should be.</summary>
    /// <param name="leads">All leads of one person, in any order.</param>
    public static ImmutableArray<LeadLinkChange> Plan(IReadOnlyCollection<LeadCard> leads)
    {
        var ids = leads.Select(lead => lead.LeadId).ToHashSet(StringComparer.Ordinal);
        var changes = ImmutableArray.CreateBuilder<LeadLinkChange>();
        foreach (
            IGrouping<string, LeadCard> lifecycle in leads
                .Where(lead => lead.DuplicateOf is null || !ids.Contains(lead.DuplicateOf))
                .GroupBy(lead => lead.Lifecycle, StringComparer.Ordinal)
        )
        {
            LeadCard[] open = [.. lifecycle.Where(lead => lead.Status != LeadStatus.Closed)];
            string? stays = open.Length == 0 ? null : open.Aggregate(Better).LeadId;
            changes.AddRange(
                lifecycle
                    .Select(lead => new LeadLinkChange(
                        lead.LeadId,
                        lead.DuplicateOf,
                        lead.Status == LeadStatus.Closed || lead.LeadId == stays ? null : stays
                    ))
                    .Where(change => change.From != change.Of)
            );
        }

        changes.Sort(static (left, right) => string.CompareOrdinal(left.LeadId, right.LeadId));
        return changes.DrainToImmutable();
    }

    /// <summary>The one that somebody works on; then the one that was first; then the first id.</summary>
    private static LeadCard Better(LeadCard left, LeadCard right)
    {
        int order = RankOf(left.Status).CompareTo(RankOf(right.Status));
        order = order != 0 ? order : left.CreatedAt.CompareTo(right.CreatedAt);
        order = order != 0 ? order : string.CompareOrdinal(left.LeadId, right.LeadId);
        return order <= 0 ? left : right;
    }

    private static int RankOf(LeadStatus status) =>
        status switch
        {
            LeadStatus.Accepted => 0,
            LeadStatus.Offered => 1,
            LeadStatus.TimedOut => 2,
            LeadStatus.Rejected => 3,
            LeadStatus.Queued => 4,
            LeadStatus.Held => 5,
            _ => 6,
        };
}
