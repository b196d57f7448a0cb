using System.Collections.Immutable;
using Customer360.Rules.Events;
using Orleans.Concurrency;

namespace Customer360.Grains.Contracts;

/// <summary>What messages say of a company under one group id: its traits, its people, its deals. Key: the group id.</summary>
[Alias("c360.IAccountGrain")]
public interface IAccountGrain : IGrainWithStringKey
{
    /// <summary>Folds group calls. Repeating a message changes nothing.</summary>
    [Alias("Apply")]
    Task Apply(AccountMessages messages);

    /// <summary>The account, or null where no group call has named it.</summary>
    [ReadOnly]
    [Alias("GetAccount")]
    Task<AccountReply?> GetAccount(AccountQuery query);

    /// <summary>What messages say under this group id alone.</summary>
    [ReadOnly]
    [Alias("GetFold")]
    Task<AccountFoldReply> GetFold();

    /// <summary>The company that it belongs to (<see cref="ICompanyGrain"/>); null while nothing has joined it with another.</summary>
    [ReadOnly]
    [Alias("GetCompany")]
    Task<string?> GetCompany();

    /// <summary>As <see cref="IIdentifierGrain.Repoint"/>: the company of a group is who owns its id.</summary>
    [Alias("Repoint")]
    Task<string> Repoint(string from, string to, long asOf, long since);

    /// <summary>Takes erased identifiers out of its members and mentions of them out of its traits. Idempotent.</summary>
    [Alias("Forget")]
    Task Forget(ImmutableArray<Identifier> identifiers);
}

/// <summary>Group calls of one account, from one partition.</summary>
[GenerateSerializer, Immutable, Alias("c360.AccountMessages")]
public sealed record AccountMessages([property: Id(0)] ImmutableArray<Envelope> Envelopes)
{
    [Id(1)]
    public int Partition { get; init; }

    /// <summary>
    /// One per envelope: its position. Default where a silo sends it that does not say so yet: then only the time of receipt
    /// tells which of two came later.
    /// </summary>
    [Id(2)]
    public ImmutableArray<long> Positions { get; init; }
}

/// <param name="AfterMember">Page on behind this member (its <c>type:value</c>), or null for the first page.</param>
/// <param name="MemberLimit">Members at most.</param>
[GenerateSerializer, Immutable, Alias("c360.AccountQuery")]
public sealed record AccountQuery([property: Id(0)] string? AfterMember, [property: Id(1)] int MemberLimit);

/// <param name="TraitsJson">Current traits, name to value, UTF-8 JSON object.</param>
/// <param name="Members">
/// One entry a person, in ordinal order of the identifier: of those that group calls came with, her smallest.
/// </param>
/// <param name="MemberCount">Persons, all that it keeps. Of an account of over 1,000 identifiers up to half a minute old.</param>
/// <param name="IsTruncated">
/// There were more members, or traits, than an account keeps (<see cref="Rules.Accounts.AccountFold.MemberCountMax"/>): the
/// ordinally smallest are here, and the count is that of those.
/// </param>
[GenerateSerializer, Immutable, Alias("c360.AccountReply")]
public sealed record AccountReply(
    [property: Id(0)] string GroupId,
    [property: Id(1)] ReadOnlyMemory<byte> TraitsJson,
    [property: Id(2)] ImmutableArray<AccountMember> Members,
    [property: Id(3)] int MemberCount,
    [property: Id(4)] long Version,
    [property: Id(5)] bool IsTruncated
)
{
    /// <summary>In their one spelling. Default where a silo of an older release answers, as with all below.</summary>
    [Id(6)]
    public ImmutableArray<string> Domains { get; init; }

    /// <summary>Its deals, as <see cref="Rules.Accounts.OpportunityJson"/> writes them.</summary>
    [Id(7)]
    public ReadOnlyMemory<byte> OpportunitiesJson { get; init; }

    /// <summary>When somebody was first seen in it; null: nobody was.</summary>
    [Id(8)]
    public DateTimeOffset? FirstAt { get; init; }

    [Id(9)]
    public DateTimeOffset? LastAt { get; init; }

    /// <summary>All group ids by which it is known, in order.</summary>
    [Id(10)]
    public ImmutableArray<string> GroupIds { get; init; }

    /// <summary>Nobody who is believed states the domains.</summary>
    [Id(11)]
    public bool AreDomainsClaimed { get; init; }
}

/// <param name="Revision">0: no message has named it.</param>
/// <param name="FoldJson">As <see cref="Rules.Accounts.AccountFold.WriteJson"/> writes it.</param>
[GenerateSerializer, Immutable, Alias("c360.AccountFoldReply")]
public sealed record AccountFoldReply([property: Id(0)] long Revision, [property: Id(1)] ReadOnlyMemory<byte> FoldJson);

[GenerateSerializer, Immutable, Alias("c360.AccountMember")]
public readonly record struct AccountMember(
    [property: Id(0)] Identifier Identifier,
    [property: Id(1)] DateTimeOffset FirstAt,
    [property: Id(2)] DateTimeOffset LastAt
);
