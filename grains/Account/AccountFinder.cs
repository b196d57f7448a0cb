using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Accounts;
using Customer360.Rules.Crm;
using Customer360.Rules.Profiles;
using Customer360.Rules.Routing;

namespace Customer360.Grains;

/// <summary>The account that a person belongs to, why, and what is known of it.</summary>
internal sealed record FoundAccount(AccountMatch Match, AccountFacts Facts);

/// <summary>
/// Finds the account that a person belongs to: by what group calls and CRMs say, and by the domains of the person's addresses. Routing
/// and reports ask here, so the two can't disagree.
/// </summary>
internal sealed class AccountFinder(IGrainFactory grains, SalesTeam team, AccountMatchingPolicy matching)
{
    /// <summary>Accounts that group calls name and that are looked at: the latest.</summary>
    private const int LinkedMax = 10;

    /// <summary>Accounts that a domain names and that are looked at. One that is stated by more is nobody's own.</summary>
    private const int OfDomainMax = 20;

    private const int EmailsMax = 10;

    /// <summary>Null: nothing names one.</summary>
    public async Task<FoundAccount?> Find(ProfileView view)
    {
        (AccountMatch match, AccountFacts[] known) = await Look(view);
        return match.AccountId is { } best ? new FoundAccount(match, known.First(account => account.Id == best)) : null;
    }

    /// <summary>The same with all candidates, also where none is found.</summary>
    public async Task<AccountMatch> Match(ProfileView view) => (await Look(view)).Match;

    private async Task<(AccountMatch Match, AccountFacts[] Known)> Look(ProfileView view)
    {
        string[] linked =
        [
            .. view
                .Accounts.OrderByDescending(link => link.LastAt)
                .ThenBy(link => link.GroupId, StringComparer.Ordinal)
                .Take(LinkedMax)
                .Select(link => link.GroupId),
        ];
        string[] emails =
        [
            .. view
                .Identifiers.Where(one => one.Identifier.Type == CrmIdentifiers.Email)
                .Select(one => one.Identifier.Value)
                .Take(EmailsMax),
        ];
        AccountFacts[] known = await Read([.. linked, .. await NamedByDomains(emails)]);
        AccountMatch match = AccountMatching.Match(
            matching,
            AccountCards.CluesOf(linked, emails),
            [.. known.Select(account => AccountCards.Of(account, team))]
        );
        return (match, known);
    }

    private async Task<IEnumerable<string>> NamedByDomains(string[] emails)
    {
        string[] domains =
            matching.Domains == DomainUse.Off
                ? []
                :
                [
                    .. emails
                        .Select(AccountDomains.OfEmail)
                        .OfType<string>()
                        .SelectMany(domain => AccountDomains.LookUps(domain, matching))
                        .Distinct(StringComparer.Ordinal),
                ];
        ImmutableArray<string>[] named = await Task.WhenAll(
            domains.Select(domain => grains.GetGrain<IAccountDomainGrain>(domain).GetAccounts())
        );
        return named.SelectMany(accounts => accounts.Take(OfDomainMax));
    }

    private async Task<AccountFacts[]> Read(string[] groupIds)
    {
        AccountReply?[] accounts = await Task.WhenAll(
            groupIds.Distinct(StringComparer.Ordinal).Select(id => grains.FindAccount(id, new AccountQuery(null, 0)))
        );
        return [.. accounts.OfType<AccountReply>().DistinctBy(account => account.GroupId).Select(FactsOf)];
    }

    private static AccountFacts FactsOf(AccountReply account)
    {
        ImmutableArray<Opportunity> opportunities = [];
        if (!account.OpportunitiesJson.IsEmpty)
        {
            using var document = JsonDocument.Parse(account.OpportunitiesJson);
            opportunities = OpportunityJson.Read(document.RootElement);
        }

        return new AccountFacts(
            account.GroupId,
            account.GroupIds,
            account.TraitsJson,
            account.Domains.IsDefault ? [] : account.Domains,
            account.AreDomainsClaimed,
            opportunities,
            account.MemberCount,
            account.FirstAt,
            account.LastAt
        );
    }
}
