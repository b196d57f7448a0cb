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
