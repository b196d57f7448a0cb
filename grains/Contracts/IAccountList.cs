using System.Collections.Immutable;
using Orleans.Concurrency;

namespace Customer360.Grains.Contracts;

/// <summary>Lists accounts by their group ids. Key: 0. It keeps nothing: it reads what is stored.</summary>
[Alias("c360.IAccountListGrain")]
public interface IAccountListGrain : IGrainWithIntegerKey
{
    [ReadOnly]
    [Alias("Read")]
    Task<AccountListPage> Read(AccountListQuery query);
}

/// <param name="AfterId">Page on behind this group id; empty: from the first.</param>
/// <param name="Limit">Accounts at most.</param>
/// <param name="NamePrefix">Only those whose name has words that begin so, in one spelling; null: all.</param>
[GenerateSerializer, Immutable, Alias("c360.AccountListQuery")]
public sealed record AccountListQuery(
    [property: Id(0)] string AfterId,
    [property: Id(1)] int Limit,
    [property: Id(2)] string? NamePrefix
);

/// <summary>A page. It may hold fewer than were asked for, and none, where many accounts had another name.</summary>
/// <param name="Next">The group id behind which the next page begins; null: there is none.</param>
[GenerateSerializer, Immutable, Alias("c360.AccountListPage")]
public sealed record AccountListPage(
    [property: Id(0)] ImmutableArray<AccountListRow> Rows,
    [property: Id(1)] string? Next
);

/// <summary>What messages say under one group id.</summary>
/// <param name="PartOf">The group id by whose company it is known since a merge; null: its own.</param>
/// <param name="NameJson">The trait <c>name</c>, JSON in UTF-8; empty: it has none.</param>
/// <param name="Domains">What its sources state.</param>
/// <param name="OpenDeals">Deals that are neither won nor lost.</param>
/// <param name="Linked">Identifiers that group calls link to it; one person may have several.</param>
[GenerateSerializer, Immutable, Alias("c360.AccountListRow")]
public sealed record AccountListRow(
    [property: Id(0)] string GroupId,
    [property: Id(1)] string? PartOf,
    [property: Id(2)] ReadOnlyMemory<byte> NameJson,
    [property: Id(3)] ImmutableArray<string> Domains,
    [property: Id(4)] int OpenDeals,
    [property: Id(5)] int Linked
);
