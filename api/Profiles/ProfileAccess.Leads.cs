using Customer360.Api.Problems;
using Customer360.Grains.Contracts;
using Customer360.Rules.Access;
using Customer360.Rules.Leads;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Profiles;

/// <summary>Why leads are where they are: by what is known of their people.</summary>
internal sealed partial class ProfileAccess
{
    private static readonly Refusal s_noLead = new NotFound("lead");

    /// <summary>A lead without what it was decided by: ids, stages and times, and nothing of a person.</summary>
    /// <param name="leadId">Null: the path names none.</param>
    public async Task<Outcome<LeadFile>> GetLead(string? leadId) =>
        await FindLead(leadId) is { } file ? LeadFileRules.WithoutPerson(file) : s_noLead;

    /// <summary>
    /// A lead with what it was decided by, as far as the caller sees what is known of its person. Who has it is told, and who may see
    /// everybody's; to others there is no such lead, and neither the answer nor what is asked for it tells that there is one.
    /// </summary>
    /// <param name="leadId">Null: the path names none.</param>
    public async Task<Outcome<VisibleLead>> ExplainLead(Asker asker, string? leadId)
    {
        Outcome<AccessRight> right = Decide(asker, FieldSets.Companies, FieldSets.Profile);
        if (!right.Succeeded)
        {
            return right.Refusal;
        }

        if (
            await FindLead(leadId) is not { } file
            || (!right.Value.Fields.Show(FieldSets.AllLeads) && !viewers.IsOwn(file, asker.Caller))
        )
        {
            return s_noLead;
        }

        VisibleFields fields = await FieldsOf(right.Value, file.CustomerId);
        return fields.HaveAnyOf(FieldSets.Profile)
            ? await Told<VisibleLead>(asker, "lead.explained", file.CustomerId, fields, viewers.Show(file, fields))
            : s_noLead;
    }

    /// <summary>All leads of a customer, for the package of whoever it is: it is fetched on a link that an officer has handed out.</summary>
    public async Task<IReadOnlyCollection<LeadFile>> LeadsOf(string customerId)
    {
        (_, CustomerLeads held) = await Stubs.Follow(
            customerId,
            id => grains.GetGrain<ICustomerGrain>(id).GetLeads(),
            static leads => leads.MovedTo
        );
        LeadFile?[] files = await Task.WhenAll(held.Leads.Select(lead => FindLead(lead.LeadId)));
        return [.. files.OfType<LeadFile>()];
    }

    /// <summary>Null where there is none, or its person is erased.</summary>
    private async Task<LeadFile?> FindLead(string? leadId)
    {
        ReadOnlyMemory<byte> json = leadId is null ? default : await grains.GetGrain<ILeadGrain>(leadId).Get();
        return json.IsEmpty || LeadFileJson.Read(json) is not { IsErased: false } file ? null : file;
    }
}
