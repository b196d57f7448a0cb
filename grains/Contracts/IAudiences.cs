using System.Collections.Immutable;
using Orleans.Concurrency;

namespace Customer360.Grains.Contracts;

/// <summary>Reads the list of the audiences' members. Keeps nothing. Key: always 0.</summary>
[Alias("c360.IAudienceListGrain")]
public interface IAudienceListGrain : IGrainWithIntegerKey
{
    /// <summary>One page of an audience, by customer id (ordinal).</summary>
    /// <param name="after">The last customer of the page before; empty: the first page.</param>
    [ReadOnly]
    [Alias("Read")]
    Task<ImmutableArray<AudienceMember>> Read(string audience, string after, int limit);

    /// <summary>The sizes of all audiences that have members, by name.</summary>
    [ReadOnly]
    [Alias("ReadSizes")]
    Task<ImmutableArray<AudienceCount>> ReadSizes();

    /// <summary>How many customers are in both.</summary>
    [ReadOnly]
    [Alias("CountBoth")]
    Task<long> CountBoth(string one, string other);

    /// <summary>Who has entered an audience or left it behind a place, in order. Only the last change of each is there.</summary>
    /// <param name="number">The place's number.</param>
    /// <param name="customerId">The last customer of that number which was read; empty: none.</param>
    [ReadOnly]
    [Alias("ReadChanges")]
    Task<ImmutableArray<AudienceMove>> ReadChanges(string audience, long number, string customerId, int limit);

    /// <summary>The number behind which every change will stand that is written from now on.</summary>
    [ReadOnly]
    [Alias("ReadLastChange")]
    Task<long> ReadLastChange();
}

/// <summary>Notes every hour how large audiences are. Key: <see cref="GrainKeys.Current"/>.</summary>
[Alias("c360.IAudienceSizesGrain")]
public interface IAudienceSizesGrain : IGrainWithStringKey
{
    /// <summary>Begins to note, unless it has begun; notes at once. Idempotent.</summary>
    [Alias("Begin")]
    Task Begin();

    /// <summary>The sizes of an audience, the oldest first: by the hour for two weeks, before that by the day for two years.</summary>
    [Alias("Get")]
    Task<ImmutableArray<AudienceSample>> Get(string audience);
}

/// <param name="Since">When it entered, UTC.</param>
/// <param name="IsHeldOut">It is in the holdout.</param>
[GenerateSerializer, Immutable, Alias("c360.AudienceMember")]
public sealed record AudienceMember(
    [property: Id(0)] string CustomerId,
    [property: Id(1)] DateTimeOffset Since,
    [property: Id(2)] bool IsHeldOut
);

[GenerateSerializer, Immutable, Alias("c360.AudienceCount")]
public sealed record AudienceCount(
    [property: Id(0)] string Audience,
    [property: Id(1)] long Members,
    [property: Id(2)] long HeldOut
);

/// <param name="At">UTC.</param>
[GenerateSerializer, Immutable, Alias("c360.AudienceSample")]
public sealed record AudienceSample([property: Id(0)] DateTimeOffset At, [property: Id(1)] long Members);

/// <summary>That a customer has entered an audience, or left it.</summary>
/// <param name="Number">With the customer's id: its place.</param>
/// <param name="IsMember">It is in it now.</param>
/// <param name="At">When it entered or left, UTC.</param>
/// <param name="IsHeldOut">It is, or was, in the holdout.</param>
[GenerateSerializer, Immutable, Alias("c360.AudienceMove")]
public sealed record AudienceMove(
    [property: Id(0)] long Number,
    [property: Id(1)] string CustomerId,
    [property: Id(2)] bool IsMember,
    [property: Id(3)] DateTimeOffset At,
    [property: Id(4)] bool IsHeldOut
);
