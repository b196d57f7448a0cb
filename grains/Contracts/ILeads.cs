using System.Collections.Immutable;
using Customer360.Rules.Events;
using Customer360.Rules.Leads;
using Customer360.Rules.Routing;
using Orleans.Concurrency;

namespace Customer360.Grains.Contracts;

/// <summary>
/// Looks at the leads of a customer: begins them, keeps one of them open, and tells them what is known. Keeps nothing of its own.
/// Key: the customer id.
/// </summary>
[Alias("c360.ILeadDeskGrain")]
public interface ILeadDeskGrain : IGrainWithStringKey
{
    /// <summary>Looks at all leads of the customer. Answers the customer to ask instead, or null. Idempotent.</summary>
    /// <param name="cause">What makes somebody look: a message's id, a reminder.</param>
    [Alias("Look")]
    Task<string?> Look(string cause);

    /// <summary>The same, for callers that the look will come back to: nobody waits for it.</summary>
    [OneWay]
    [Alias("LookSoon")]
    Task LookSoon(string cause);
}

/// <summary>A lead: a person's way from marketing to sales. Key: <c>l_</c> and 32 hexadecimal digits.</summary>
[Alias("c360.ILeadGrain")]
public interface ILeadGrain : IGrainWithStringKey
{
    /// <summary>
    /// Takes what is known: the lead begins where it is none yet, goes through its stages, and is given to somebody when it is time.
    /// Answers when all that is durable. Idempotent.
    /// </summary>
    [Alias("Look")]
    [ResponseTimeout("00:00:30")]
    Task Look(LeadLookCall call);

    /// <summary>What a person, a CRM or another lead says. A command that comes twice changes nothing the second time.</summary>
    [Alias("Do")]
    Task<LeadReply> Do(LeadOrder order);

    /// <summary>
    /// It is over, and a merge or a split has given it to another customer, or something is still to be told of it. Idempotent.
    /// </summary>
    [Alias("Move")]
    Task Move(string customerId);

    /// <summary>All of it (<see cref="LeadFileJson"/>); empty where there is no such lead.</summary>
    [ReadOnly]
    [Alias("Get")]
    Task<ReadOnlyMemory<byte>> Get();

    /// <summary>Its person is erased: nothing is left of it but its id. Idempotent.</summary>
    [Alias("Erase")]
    Task Erase();

    /// <summary>What it was decided by mentions somebody who is erased: it is forgotten. Idempotent.</summary>
    [Alias("Forget")]
    Task Forget();
}

/// <param name="Anchor">The identifier under which it began.</param>
/// <param name="LookJson">What is known (<see cref="LeadLook"/>).</param>
[GenerateSerializer, Immutable, Alias("c360.LeadLookCall")]
public sealed record LeadLookCall([property: Id(0)] Identifier Anchor, [property: Id(1)] ReadOnlyMemory<byte> LookJson);

/// <summary>Which command an order is: what people say, up to <see cref="Close"/>; then what the desk says of doubles.</summary>
[GenerateSerializer, Alias("c360.LeadOrderKind")]
public enum LeadOrderKind
{
    Accept = 1,
    Reject = 2,
    Reassign = 3,
    Close = 4,
    CloseAsDuplicate = 5,
    Restore = 6,
    AdoptClock = 7,
    ReleaseClock = 8,
    WrittenToCrm = 9,
    RefusedByCrm = 10,
}

/// <summary>See <see cref="LeadCommand"/>.</summary>
/// <param name="By">Who says so.</param>
[GenerateSerializer, Immutable, Alias("c360.LeadOrder")]
public sealed record LeadOrder([property: Id(0)] LeadOrderKind Kind, [property: Id(1)] string By)
{
    [Id(2)]
    public string? PersonId { get; init; }

    /// <summary>Why.</summary>
    [Id(3)]
    public string? Code { get; init; }

    /// <summary>The other lead that it is about.</summary>
    [Id(4)]
    public string? LeadId { get; init; }

    [Id(5)]
    public string? Cause { get; init; }

    /// <summary>Of an adoption: the clock (<see cref="AdoptedClock"/>) as JSON.</summary>
    [Id(6)]
    public ReadOnlyMemory<byte> ClockJson { get; init; }

    /// <summary>The CRM that speaks: the destination's name. What it wrote or why it refused is the code.</summary>
    [Id(7)]
    public string? System { get; init; }
}

/// <param name="Exists">False: there is no such lead.</param>
/// <param name="Refused">Why nothing was done (<see cref="Rules.Outcomes.Refusal.Code"/>), or null.</param>
/// <param name="FileJson">The lead after it, without what says something of its person.</param>
[GenerateSerializer, Immutable, Alias("c360.LeadReply")]
public sealed record LeadReply(
    [property: Id(0)] bool Exists,
    [property: Id(1)] string? Refused,
    [property: Id(2)] ReadOnlyMemory<byte> FileJson
);

/// <summary>Reads the list of leads for the API, which sees no storage. Keeps nothing. Key: always 0.</summary>
[Alias("c360.ILeadListGrain")]
public interface ILeadListGrain : IGrainWithIntegerKey
{
    /// <summary>One page, the newest first.</summary>
    [Alias("Read")]
    Task<ImmutableArray<LeadListRow>> Read(LeadListQuery query);
}

/// <summary>See <see cref="Rules.Ports.LeadQuery"/>.</summary>
[GenerateSerializer, Immutable, Alias("c360.LeadListQuery")]
public sealed record LeadListQuery([property: Id(0)] int Limit)
{
    [Id(1)]
    public string? Stage { get; init; }

    [Id(2)]
    public string? Status { get; init; }

    [Id(3)]
    public string? OwnerId { get; init; }

    [Id(4)]
    public string? Queue { get; init; }

    [Id(5)]
    public string? CustomerId { get; init; }

    [Id(6)]
    public DateTimeOffset? DueBy { get; init; }

    [Id(7)]
    public DateTimeOffset? CreatedFrom { get; init; }

    [Id(8)]
    public bool? IsOpen { get; init; }

    /// <summary>Page on behind the lead of this time and id; null: the first page.</summary>
    [Id(9)]
    public DateTimeOffset? AfterTime { get; init; }

    [Id(10)]
    public string? AfterId { get; init; }
}

/// <summary>See <see cref="Rules.Ports.LeadRow"/>.</summary>
[GenerateSerializer, Immutable, Alias("c360.LeadListRow")]
public sealed record LeadListRow(
    [property: Id(0)] string LeadId,
    [property: Id(1)] string CustomerId,
    [property: Id(2)] string Stage,
    [property: Id(3)] string Status,
    [property: Id(4)] string? OwnerId,
    [property: Id(5)] string? Queue,
    [property: Id(6)] DateTimeOffset CreatedAt,
    [property: Id(7)] DateTimeOffset? DueAt
);

/// <summary>A pool of sales people, which deals leads by weight (<see cref="PoolLedger"/>). Key: its name in the routing policy.</summary>
[Alias("c360.IPoolGrain")]
public interface IPoolGrain : IGrainWithStringKey
{
    /// <summary>Deals a turn. Who has one under the key keeps it. Durable when it answers.</summary>
    [Alias("Take")]
    Task<PoolDealt> Take(PoolAsk ask);

    /// <summary>Who has a turn that may still be taken back; null: nobody.</summary>
    [ReadOnly]
    [Alias("FindHolder")]
    Task<string?> FindHolder(string turn);

    /// <summary>Takes a turn back, as if it had never been dealt. Idempotent.</summary>
    [Alias("Return")]
    Task Return(string turn);

    /// <summary>The turn is final. Idempotent.</summary>
    [Alias("Settle")]
    Task Settle(string turn);

    /// <summary>What each should have got, got, and is owed.</summary>
    [ReadOnly]
    [Alias("GetFairness")]
    Task<PoolFairness> GetFairness();
}

/// <param name="Turn">What it is for: a lead and its attempt.</param>
/// <param name="People">Who may have it: by id (ordinal), not empty.</param>
/// <param name="IsWhole">True where these are all who are present.</param>
[GenerateSerializer, Immutable, Alias("c360.PoolAsk")]
public sealed record PoolAsk(
    [property: Id(0)] string Turn,
    [property: Id(1)] ImmutableArray<PoolMember> People,
    [property: Id(2)] bool IsWhole
);

/// <summary>See <see cref="PoolShare"/>.</summary>
[GenerateSerializer, Immutable, Alias("c360.PoolMember")]
public readonly record struct PoolMember([property: Id(0)] string PersonId, [property: Id(1)] int Weight);

/// <param name="Reason">What decided (<see cref="PoolReason"/>); 0: the turn had been dealt before.</param>
[GenerateSerializer, Immutable, Alias("c360.PoolDealt")]
public sealed record PoolDealt([property: Id(0)] string PersonId, [property: Id(1)] int Reason);

/// <summary>See <see cref="FairnessReport"/>.</summary>
[GenerateSerializer, Immutable, Alias("c360.PoolFairness")]
public sealed record PoolFairness(
    [property: Id(0)] long Turns,
    [property: Id(1)] long Returned,
    [property: Id(2)] ImmutableArray<PersonFairness> People
);

/// <summary>See <see cref="FairnessLine"/>.</summary>
[GenerateSerializer, Immutable, Alias("c360.PersonFairness")]
public readonly record struct PersonFairness(
    [property: Id(0)] string PersonId,
    [property: Id(1)] decimal Expected,
    [property: Id(2)] long Got,
    [property: Id(3)] decimal Owed
);

/// <summary>The open leads that a sales person has. Key: the person's id in the directory.</summary>
[Alias("c360.ISalesPersonGrain")]
public interface ISalesPersonGrain : IGrainWithStringKey
{
    /// <summary>
    /// Gives the person a lead, unless it would be one too many. One that the person has already stays. Durable when it answers.
    /// </summary>
    /// <param name="capacity">Open leads at most; null: any number.</param>
    /// <returns>False: the person has as many as may be.</returns>
    [Alias("Take")]
    Task<bool> Take(string leadId, int attempt, int? capacity);

    /// <summary>The person has the lead no longer, if it was by this attempt or one before. Idempotent.</summary>
    [Alias("Release")]
    Task Release(string leadId, int attempt);

    /// <summary>Leads that the person has, by id (ordinal).</summary>
    [ReadOnly]
    [Alias("GetLeads")]
    Task<ImmutableArray<string>> GetLeads();
}
