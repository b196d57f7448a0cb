using System.Collections.Immutable;
using Customer360.Rules.Events;
using Orleans.Concurrency;

namespace Customer360.Grains.Contracts;

/// <summary>A company: its traits, and the people that group calls linked to it. Key: the group id.</summary>
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
);

[GenerateSerializer, Immutable, Alias("c360.AccountMember")]
public readonly record struct AccountMember(
    [property: Id(0)] Identifier Identifier,
    [property: Id(1)] DateTimeOffset FirstAt,
    [property: Id(2)] DateTimeOffset LastAt
);
