using System.Collections.Immutable;
using Customer360.Rules.Events;
using Orleans.Concurrency;

namespace Customer360.Grains.Contracts;

/// <summary>Looks one recorded decision up. Key: the decision's id (<c>d_</c> and 32 hexadecimal digits).</summary>
[Alias("c360.IDecisionGrain")]
public interface IDecisionGrain : IGrainWithStringKey
{
    /// <summary>The merge with this id, or null where there is no decision or it is of another kind.</summary>
    [ReadOnly]
    [Alias("FindMerge")]
    Task<RecordedMerge?> FindMerge();
}

/// <param name="Into">The customer that took the state in.</param>
/// <param name="From">The younger customer, which was merged away.</param>
/// <param name="Brought">What it held.</param>
[GenerateSerializer, Immutable, Alias("c360.RecordedMerge")]
public sealed record RecordedMerge(
    [property: Id(0)] string Into,
    [property: Id(1)] string From,
    [property: Id(2)] ImmutableArray<Identifier> Brought
);
