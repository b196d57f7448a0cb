using Customer360.Rules.Leads;
using Customer360.Rules.Ports;
using Customer360.Rules.Routing;

namespace Customer360.Grains;

/// <summary>How a lead stands in lists.</summary>
internal static class LeadRows
{
    /// <summary>Null of one whose person is erased.</summary>
    public static LeadRow? Of(LeadFile file, SalesTeam team)
    {
        if (file.IsErased)
        {
            return null;
        }

        LeadState lead = file.Lead;
        return new LeadRow(
            lead.LeadId,
            file.CustomerId,
            file.Stage,
            lead.DuplicateOf is null ? LeadFileRules.WordOf(lead.Status) : "duplicate",
            lead.OwnerId,
            lead.Status == LeadStatus.Queued ? lead.Queue : null,
            lead.CreatedAt,
            lead is { IsOpen: true, Status: LeadStatus.Offered }
                ? LeadRules.DueAt(lead, new LeadTerms(team, [], []), 100)
                : null,
            lead.IsOpen
        );
    }
}
