using System.Collections.Immutable;

namespace Customer360.Rules.Accounts;

/// <summary>
/// To which account a person belongs: the strongest evidence counts, and between accounts of the same evidence the policy's
/// tie-breakers decide, never the order of what comes in. The one function for routing and for reports.
/// </summary>
public static class AccountMatching
{
    /// <param name="accounts">Those that may be meant; accounts that nothing names are left out.</param>
    public static AccountMatch Match(
        AccountMatchingPolicy policy,
        AccountClues clues,
        IReadOnlyCollection<AccountCard> accounts
    )
    {
        ImmutableArray<string> domains =
        [
            .. clues
                .Emails.Select(AccountDomains.OfEmail)
                .Select(domain => domain ?? "")
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];
        ImmutableArray<LeftOutDomain> leftOut =
        [
            .. domains
                .Select(domain => new LeftOutDomain(domain, AccountDomains.ObjectionTo(domain, policy)))
                .Where(domain => domain.Because != DomainObjection.None),
        ];
        ImmutableArray<string>[] lookUps =
            policy.Domains == DomainUse.Off
                ? []
                : [.. domains.Select(domain => AccountDomains.LookUps(domain, policy))];
        (AccountCard Card, AccountCandidate Candidate)[] found =
        [
            .. accounts
                .DistinctBy(card => card.Id, StringComparer.Ordinal)
                .Select(card => (Card: card, Candidate: CandidateOf(card, clues, lookUps)))
                .Where(one => one.Candidate is not null)
                .Select(one => (one.Card, one.Candidate!)),
        ];
        if (found.Any(one => IsByDomain(one.Candidate) && !one.Card.AreDomainsClaimed))
        {
            found = [.. found.Where(one => !IsByDomain(one.Candidate) || !one.Card.AreDomainsClaimed)];
        }

        Array.Sort(
            found,
            (left, right) =>
            {
                int byEvidence = left.Candidate.Evidence.CompareTo(right.Candidate.Evidence);
                return byEvidence != 0 ? byEvidence : Compare(policy, clues, left.Card, right.Card).Order;
            }
        );
        AccountTieBreaker? decidedBy =
            found.Length > 1 && found[0].Candidate.Evidence == found[1].Candidate.Evidence
                ? Compare(policy, clues, found[0].Card, found[1].Card).By
                : null;
        return new AccountMatch(
            found.Length == 0 ? null : found[0].Card.Id,
            found.Length == 0 ? AccountEvidence.None : found[0].Candidate.Evidence,
            decidedBy,
            [.. found.Select(one => one.Candidate)],
            leftOut
        );
    }

    private static bool IsByDomain(AccountCandidate candidate) =>
        candidate.Evidence is AccountEvidence.EmailDomain or AccountEvidence.ParentDomain;

    private static AccountCandidate? CandidateOf(AccountCard card, AccountClues clues, ImmutableArray<string>[] lookUps)
    {
        if (First(card.CrmIds, clues.CrmAccountIds) is { } crmId)
        {
            return new AccountCandidate(card.Id, AccountEvidence.CrmRelation, crmId);
        }

        if (First(card.GroupIds, clues.GroupIds) is { } groupId)
        {
            return new AccountCandidate(card.Id, AccountEvidence.GroupCall, groupId);
        }

        if (First(card.Domains, lookUps.Where(names => !names.IsEmpty).Select(names => names[0])) is { } domain)
        {
            return new AccountCandidate(card.Id, AccountEvidence.EmailDomain, domain);
        }

        // The longest is the nearest: sales.acme.com rather than acme.com.
        string? parent = lookUps
            .SelectMany(names => names.Skip(1))
            .Where(name => card.Domains.Contains(name, StringComparer.Ordinal))
            .OrderByDescending(name => name.Length)
            .ThenBy(name => name, StringComparer.Ordinal)
            .FirstOrDefault();
        return parent is null ? null : new AccountCandidate(card.Id, AccountEvidence.ParentDomain, parent);
    }

    private static string? First(ImmutableArray<string> own, IEnumerable<string> said) =>
        said.Where(one => own.Contains(one, StringComparer.Ordinal)).Min(StringComparer.Ordinal);

    private static (int Order, AccountTieBreaker By) Compare(
        AccountMatchingPolicy policy,
        AccountClues clues,
        AccountCard left,
        AccountCard right
    )
    {
        foreach (AccountTieBreaker breaker in policy.TieBreakers)
        {
            int order = breaker switch
            {
                AccountTieBreaker.OpenOpportunity => right.HasOpenOpportunity.CompareTo(left.HasOpenOpportunity),
                AccountTieBreaker.Customer => right.IsCustomer.CompareTo(left.IsCustomer),
                AccountTieBreaker.SameTerritory => Is(right.Territory, clues.Territory)
                    .CompareTo(Is(left.Territory, clues.Territory)),
                AccountTieBreaker.SameCountry => Is(right.Country, clues.Country)
                    .CompareTo(Is(left.Country, clues.Country)),
                AccountTieBreaker.OwnerActive => right.IsOwnerActive.CompareTo(left.IsOwnerActive),
                AccountTieBreaker.Tier => (left.Tier ?? int.MaxValue).CompareTo(right.Tier ?? int.MaxValue),
                AccountTieBreaker.MostContacts => right.Contacts.CompareTo(left.Contacts),
                AccountTieBreaker.LatestActivity => (right.LastActivityAt ?? DateTimeOffset.MinValue).CompareTo(
                    left.LastActivityAt ?? DateTimeOffset.MinValue
                ),
                AccountTieBreaker.Oldest => left.CreatedAt.CompareTo(right.CreatedAt),
                _ => 0,
            };
            if (order != 0)
            {
                return (order, breaker);
            }
        }

        return (string.CompareOrdinal(left.Id, right.Id), AccountTieBreaker.Id);
    }

    private static bool Is(string? one, string? other) => one is not null && one == other;
}
