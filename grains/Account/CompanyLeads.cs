using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Accounts;
using Customer360.Rules.Events;

namespace Customer360.Grains;

/// <summary>
/// Has leads looked at again whose company is another one now, or of whose company something else is known: after a merge, a split or a
/// word about it an owner, a deal or a size may count that did not before. It asks for those whom group calls name as members. Whom only an address's domain brings to the company is not known here, and
/// is looked at by the lead's reminder within a day, as is everybody where this is not carried out.
/// </summary>
internal sealed class CompanyLeads(IGrainFactory grains, LeadWatch watch)
{
    private const int AtOnce = 100;

    /// <summary>Nobody waits, and nothing depends on it.</summary>
    public void LookSoon(string cause, params string[] companies)
    {
        if (watch.IsOn)
        {
            Look(cause, companies).Ignore();
        }
    }

    /// <summary>The same for what is known of a company: a deal, an owner, a size.</summary>
    /// <param name="fold">With the members that group calls name.</param>
    public void LookSoon(string cause, AccountFold fold)
    {
        if (watch.IsOn)
        {
            Look(cause, fold.Members.Select(member => member.Identifier)).Ignore();
        }
    }

    private async Task Look(string cause, IEnumerable<Identifier> members)
    {
        foreach (Identifier[] some in members.Chunk(AtOnce))
        {
            await Task.WhenAll((await ToLookAt(some)).Select(customer => LookAt(customer, cause)));
        }
    }

    private async Task Look(string cause, string[] companies)
    {
        CompanyGroups[] held = await Task.WhenAll(
            companies.Select(company => grains.GetGrain<ICompanyGrain>(company).GetGroups())
        );
        foreach (string group in held.SelectMany(one => one.GroupIds).Distinct(StringComparer.Ordinal))
        {
            await Look(cause, await MembersOf(group));
        }
    }

    private async Task<IEnumerable<Identifier>> MembersOf(string group)
    {
        AccountFoldReply reply = await grains.GetGrain<IAccountGrain>(group).GetFold();
        return reply.Revision == 0
            ? []
            : AccountStateCodec.ReadFold(reply.FoldJson).Members.Select(member => member.Identifier);
    }

    /// <summary>
    /// Whoever has no lead gets none by what becomes of a company: the next message says so. Audiences may ask for everybody's company.
    /// </summary>
    private async Task<ImmutableArray<string>> ToLookAt(Identifier[] members)
    {
        string?[] owners = await Task.WhenAll(
            members.Select(member => grains.GetGrain<IIdentifierGrain>(member.ToString()).GetOwner())
        );
        string[] customers = [.. owners.OfType<string>().Distinct(StringComparer.Ordinal)];
        if (watch.TellsAudiences)
        {
            return [.. customers];
        }

        CustomerLeads[] leads = await Task.WhenAll(
            customers.Select(customer => grains.GetGrain<ICustomerGrain>(customer).GetLeads())
        );
        return
        [
            .. customers
                .Zip(leads)
                .Where(one => one.Second.MovedTo is not null || !one.Second.Leads.IsEmpty)
                .Select(one => one.First),
        ];
    }

    private Task LookAt(string customer, string cause) => grains.GetGrain<ILeadDeskGrain>(customer).LookSoon(cause);
}
