using System.Collections.Immutable;
using Customer360.Rules.Crm;

namespace Customer360.Rules.Profiles;

/// <summary>The accounts that a person belongs to now, of all that she was ever linked to.</summary>
public static class StandingAccounts
{
    private const string OfSalesforce = CrmIdentifiers.SalesforceAccount + ":";

    /// <summary>
    /// Those that nobody said she left. A contact of Salesforce has one account, the one that it was given last, and Salesforce does not
    /// say which one it had before; so who is so many contacts there belongs to that many accounts at most, the latest.
    /// </summary>
    /// <returns>By group id (ordinal).</returns>
    public static ImmutableArray<AccountLink> Of(
        ImmutableArray<AccountLink> links,
        ImmutableArray<ProfileIdentifier> identifiers
    )
    {
        ImmutableArray<AccountLink> standing = links.All(link => link.Stands)
            ? links
            : [.. links.Where(link => link.Stands)];
        if (standing.Count(IsOfSalesforce) < 2)
        {
            return standing;
        }

        int contacts = identifiers.Count(one => one.Identifier.Type == CrmIdentifiers.SalesforceContact);
        HashSet<string> latest =
        [
            .. standing
                .Where(IsOfSalesforce)
                .OrderByDescending(link => link.LastAt)
                .ThenBy(link => link.GroupId, StringComparer.Ordinal)
                .Take(Math.Max(1, contacts))
                .Select(link => link.GroupId),
        ];
        return [.. standing.Where(link => !IsOfSalesforce(link) || latest.Contains(link.GroupId))];
    }

    private static bool IsOfSalesforce(AccountLink link) =>
        link.GroupId.StartsWith(OfSalesforce, StringComparison.Ordinal);
}
