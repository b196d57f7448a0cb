using System.Collections.Immutable;
using Orleans.Concurrency;

namespace Customer360.Grains.Contracts;

/// <summary>When each source last sent something that was taken. Key: <see cref="GrainKeys.Current"/>.</summary>
[Alias("c360.ISourceActivityGrain")]
public interface ISourceActivityGrain : IGrainWithStringKey
{
    /// <summary>Takes what a node saw. The later time counts, so a repeat or another order changes nothing.</summary>
    [Alias("Note")]
    Task Note(ImmutableArray<SourceSent> sent);

    /// <summary>All that are known, by name.</summary>
    [ReadOnly]
    [Alias("Get")]
    Task<ImmutableArray<SourceSent>> Get();
}

/// <param name="Source">The name of a key or of a source of webhooks.</param>
/// <param name="At">When it last sent something, UTC.</param>
[GenerateSerializer, Immutable, Alias("c360.SourceSent")]
public readonly record struct SourceSent([property: Id(0)] string Source, [property: Id(1)] DateTimeOffset At);
