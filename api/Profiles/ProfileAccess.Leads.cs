using Customer360.Api.Leads;
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

    /// <summary>A lead with what it was decided by. It is made of all that is known, so who may not see every field sees none of it.</summary>
    /// <param name="leadId">Null: the path names none.</param>
    public async Task<Outcome<LeadFile>> ExplainLead(Asker asker, string? leadId)
    {
        Outcome<AccessRight> right = Decide(asker, FieldSets.Profile | FieldSets.Companies);
        if (!right.Succeeded)
        {
            return right.Refusal;
        }

        LeadFile? file = leadId is null ? null : LeadIds.Decode(await grains.GetGrain<ILeadGrain>(leadId).Get());
        if (file is null)
        {
            return s_noLead;
        }

        VisibleFields fields = await FieldsOf(right.Value, file.CustomerId);
        return fields.Table is null && fields.Show(FieldSets.Profile)
            ? await Told<LeadFile>(asker, "lead.explained", file.CustomerId, fields, file)
            : s_withheld;
    }
}
