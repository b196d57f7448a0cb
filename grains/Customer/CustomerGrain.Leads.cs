using Customer360.Grains.Contracts;
using Customer360.Rules.Profiles;

namespace Customer360.Grains;

/// <summary>The leads that a customer has: which they are. What becomes of them is the leads' own.</summary>
public sealed partial class CustomerGrain
{
    public Task<CustomerLeads> GetLeads() =>
        Task.FromResult(
            State.MovedTo is { } movedTo
                ? new CustomerLeads(movedTo, [])
                : new CustomerLeads(null, [.. State.Map.Leads.Select(one => new CustomerLead(one.Anchor, one.LeadId))])
        );

    public async Task<CustomerLeads> BeginLead(CustomerLead lead, int known)
    {
        if (State.MovedTo is null && State.Map.Leads.Length == known)
        {
            ProfileMap after = State.Map.Begin(lead.Anchor, lead.LeadId);
            if (after != State.Map)
            {
                State.Map = after;
                await SaveNow();
            }
        }

        return await GetLeads();
    }

    /// <summary>
    /// Leads follow a merge or a split soon. Nobody waits, and nothing depends on it: each lead is looked at again by its reminder.
    /// </summary>
    private void LookAtLeads(string cause, params ReadOnlySpan<string> customers)
    {
        if (leads.IsOn)
        {
            foreach (string customer in customers)
            {
                GrainFactory.GetGrain<ILeadDeskGrain>(customer).LookSoon(cause).Ignore();
            }
        }
    }
}
