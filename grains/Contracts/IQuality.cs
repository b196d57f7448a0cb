using System.Collections.Immutable;
using Orleans.Concurrency;

namespace Customer360.Grains.Contracts;

/// <summary>The messages of a source that were received in an hour, counted. Key: <see cref="GrainKeys.QualityHour"/>.</summary>
[Alias("c360.IQualityHourGrain")]
public interface IQualityHourGrain : IGrainWithStringKey
{
    /// <summary>Counts what a partition tells; what it has told before changes nothing.</summary>
    [Alias("Count")]
    Task Count(QualityReport report);

    /// <summary>What was counted, as JSON: <c>{"rows":[{"event","version","numbers":{…},"firstAt","lastAt"}]}</c>.</summary>
    [ReadOnly]
    [Alias("Get")]
    Task<ReadOnlyMemory<byte>> Get();

    /// <summary>The hour is kept no longer.</summary>
    [Alias("Forget")]
    Task Forget();
}

/// <summary>What a partition tells of a source's messages of an hour: all of them up to the last of its positions.</summary>
[GenerateSerializer, Immutable, Alias("c360.QualityReport")]
public sealed record QualityReport(
    [property: Id(0)] int Partition,
    [property: Id(1)] ImmutableArray<QualityMessages> Groups
)
{
    /// <summary>Messages that came again, and which report of them it is; null: none came.</summary>
    [Id(2)]
    public QualityRepeats? Repeats { get; init; }
}

/// <summary>Messages that came again, with ids that are known.</summary>
/// <param name="Writer">Of the partition's activation, and of no other.</param>
/// <param name="Number">Of its reports, from 1, rising.</param>
/// <param name="Counts">By name, how many.</param>
/// <param name="At">When the last of them came, UTC.</param>
[GenerateSerializer, Immutable, Alias("c360.QualityRepeats")]
public sealed record QualityRepeats(
    [property: Id(0)] string Writer,
    [property: Id(1)] long Number,
    [property: Id(2)] ImmutableArray<QualityRepeat> Counts,
    [property: Id(3)] DateTimeOffset At
);

/// <param name="Event">As in <see cref="QualityMessages"/>.</param>
[GenerateSerializer, Immutable, Alias("c360.QualityRepeat")]
public readonly record struct QualityRepeat([property: Id(0)] string Event, [property: Id(1)] long Count);

/// <summary>Messages that are counted together.</summary>
/// <param name="Event">The contract's title, the name that a check has, a kind, or <c>*</c>.</param>
/// <param name="Version">Of the contract; empty: there is none.</param>
/// <param name="Traits">Flags of <see cref="Rules.Quality.QualityTraits"/>.</param>
/// <param name="Age">A <see cref="Rules.Quality.MessageAge"/>.</param>
/// <param name="Looked">Ids of checks that had something to look at.</param>
/// <param name="Good">Ids of those that found it good.</param>
/// <param name="Positions">In the partition, rising.</param>
/// <param name="FirstAt">When the first of them was received, UTC.</param>
/// <param name="LastAt">When the last of them was received, UTC.</param>
[GenerateSerializer, Immutable, Alias("c360.QualityMessages")]
public sealed record QualityMessages(
    [property: Id(0)] string Event,
    [property: Id(1)] string Version,
    [property: Id(2)] int Traits,
    [property: Id(3)] int Age,
    [property: Id(4)] ImmutableArray<string> Looked,
    [property: Id(5)] ImmutableArray<string> Good,
    [property: Id(6)] ImmutableArray<long> Positions,
    [property: Id(7)] DateTimeOffset FirstAt,
    [property: Id(8)] DateTimeOffset LastAt
);

/// <summary>
/// Looks after quality: it knows which sources send what, has every check look, and forgets hours that are kept no longer.
/// Key: <see cref="GrainKeys.Current"/>.
/// </summary>
[Alias("c360.IQualityMonitorGrain")]
public interface IQualityMonitorGrain : IGrainWithStringKey
{
    /// <summary>Begins to look by itself, unless it has begun. Idempotent.</summary>
    [Alias("Begin")]
    Task Begin();

    /// <summary>Looks now. Repeating it changes nothing.</summary>
    [Alias("Look")]
    Task Look();

    /// <summary>What sources have sent, by source and event.</summary>
    [ReadOnly]
    [Alias("GetSeen")]
    Task<ImmutableArray<QualitySeen>> GetSeen();
}

/// <summary>That a source sends an event.</summary>
/// <param name="FirstAt">When it was first received, UTC, as far back as it is known.</param>
/// <param name="LastAt">When it was last received, UTC, as of the last look.</param>
[GenerateSerializer, Immutable, Alias("c360.QualitySeen")]
public sealed record QualitySeen(
    [property: Id(0)] string Source,
    [property: Id(1)] string Event,
    [property: Id(2)] DateTimeOffset FirstAt,
    [property: Id(3)] DateTimeOffset LastAt
);

/// <summary>One check of <c>quality.yaml</c>: how it stands for each source, and what is told of it. Key: the check's id.</summary>
[Alias("c360.IQualityCheckGrain")]
public interface IQualityCheckGrain : IGrainWithStringKey
{
    /// <summary>Looks at the hours that are whole. Repeating it changes nothing.</summary>
    /// <param name="seen">What sources have sent.</param>
    [Alias("Look")]
    Task Look(ImmutableArray<QualitySeen> seen);

    /// <summary>How it stands, as JSON: a <see cref="Rules.Quality.QualityCheckFile"/>.</summary>
    [ReadOnly]
    [Alias("Get")]
    Task<ReadOnlyMemory<byte>> Get();

    /// <summary>What was told, as JSON (<see cref="Rules.Quality.QualityAlert"/>); empty: it is gone.</summary>
    [ReadOnly]
    [Alias("FindAlert")]
    Task<ReadOnlyMemory<byte>> FindAlert(string id);
}
