using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Customer360.Rules.Accounts;

/// <summary>Whether the domain of an e-mail address says for whom somebody works.</summary>
public enum DomainUse
{
    /// <summary>Only where nothing stronger names an account.</summary>
    Fallback = 1,

    /// <summary>Never.</summary>
    Off = 2,
}

/// <summary>What decides between accounts that the same evidence names, in the order of the policy.</summary>
public enum AccountTieBreaker
{
    /// <summary>The one with an open opportunity.</summary>
    OpenOpportunity = 1,

    /// <summary>The one that is a customer.</summary>
    Customer = 2,

    /// <summary>The one in the person's territory.</summary>
    SameTerritory = 3,

    /// <summary>The one in the person's country.</summary>
    SameCountry = 4,

    /// <summary>The one whose owner is active.</summary>
    OwnerActive = 5,

    /// <summary>The lowest tier: 1 is a target account of the first rank.</summary>
    Tier = 6,

    /// <summary>The one with most contacts.</summary>
    MostContacts = 7,

    /// <summary>The one of the latest activity.</summary>
    LatestActivity = 8,

    /// <summary>The one that was made first.</summary>
    Oldest = 9,

    /// <summary>The first id. It always stands last, so that every tie ends.</summary>
    Id = 10,
}

/// <summary>How people are matched to accounts. One policy for routing and for reports, so that the two can't disagree.</summary>
public sealed record AccountMatchingPolicy
{
    public static AccountMatchingPolicy Default { get; } = new();

    public DomainUse Domains { get; init; } = DomainUse.Fallback;

    /// <summary>Domains at which anybody has an address; lower case.</summary>
    public FrozenSet<string> FreeMail { get; init; } = AccountDomainLists.FreeMail;

    /// <summary>Domains of addresses that are thrown away; lower case.</summary>
    public FrozenSet<string> Disposable { get; init; } = AccountDomainLists.Disposable;

    /// <summary>Domains under which others register theirs (<c>co.uk</c>); a domain of one label is one anyway.</summary>
    public FrozenSet<string> Suffixes { get; init; } = AccountDomainLists.Suffixes;

    /// <summary>In order, without <see cref="AccountTieBreaker.Id"/>.</summary>
    public ImmutableArray<AccountTieBreaker> TieBreakers { get; init; } =
    [
        AccountTieBreaker.OpenOpportunity,
        AccountTieBreaker.Customer,
        AccountTieBreaker.SameTerritory,
        AccountTieBreaker.SameCountry,
        AccountTieBreaker.OwnerActive,
        AccountTieBreaker.Tier,
        AccountTieBreaker.MostContacts,
        AccountTieBreaker.LatestActivity,
        AccountTieBreaker.Oldest,
    ];
}
