using System.Collections.Immutable;
using Orleans.Concurrency;

namespace Customer360.Grains.Contracts;

/// <summary>
/// Which accounts state a domain as theirs. Key: the domain in its one spelling. An account tells when it comes to state one and when it
/// no longer does; between the two it may be found by a domain that it has given up, so who looks compares with what the account says.
/// </summary>
[Alias("c360.IAccountDomainGrain")]
public interface IAccountDomainGrain : IGrainWithStringKey
{
    /// <summary>Group ids, sorted; of more than <see cref="AccountsMax"/> those that came first.</summary>
    [ReadOnly]
    [Alias("GetAccounts")]
    Task<ImmutableArray<string>> GetAccounts();

    /// <summary>Idempotent.</summary>
    [Alias("Add")]
    Task Add(string groupId);

    /// <summary>Idempotent.</summary>
    [Alias("Remove")]
    Task Remove(string groupId);

    /// <summary>Accounts that a domain is kept for. More than a handful means that it is nobody's own.</summary>
    const int AccountsMax = 100;
}
