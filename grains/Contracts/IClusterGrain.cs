using System.Collections.Immutable;

namespace Customer360.Grains.Contracts;

/// <summary>Says how the cluster stands: its silos, what lives on them, where the partitions are. Key: <see cref="GrainKeys.Current"/>.</summary>
[Alias("c360.IClusterGrain")]
public interface IClusterGrain : IGrainWithStringKey
{
    /// <summary>
    /// Asks every silo and every partition at once, each for two seconds at the most: what does not answer is left open in the
    /// answer, since this is asked above all when something is wrong.
    /// </summary>
    [Alias("Describe")]
    Task<ClusterStatus> Describe();
}

[GenerateSerializer, Immutable, Alias("c360.ClusterStatus")]
public sealed record ClusterStatus(
    [property: Id(0)] ImmutableArray<SiloDescription> Silos,
    [property: Id(1)] ImmutableArray<PartitionDescription> Partitions
);

/// <summary>A silo that has not left and is not known to be dead.</summary>
/// <param name="Name">Its name, as its host gave it.</param>
/// <param name="Address">Where other silos reach it: <c>10.0.0.1:11111</c>.</param>
/// <param name="Version">The informational version of its program; null where the silo does not tell (it may be of an older release).</param>
/// <param name="Status">As Orleans' membership has it: <c>Joining</c>, <c>Active</c>, <c>ShuttingDown</c>, <c>Stopping</c>.</param>
/// <param name="Since">When it started.</param>
/// <param name="Activations">By grain class; null where it did not answer.</param>
[GenerateSerializer, Immutable, Alias("c360.SiloDescription")]
public sealed record SiloDescription(
    [property: Id(0)] string Name,
    [property: Id(1)] string Address,
    [property: Id(2)] string? Version,
    [property: Id(3)] string Status,
    [property: Id(4)] DateTimeOffset Since,
    [property: Id(5)] ImmutableArray<ActivationCount>? Activations
);

/// <param name="Kind">The grain's kind: <c>customer</c>.</param>
[GenerateSerializer, Immutable, Alias("c360.ActivationCount")]
public sealed record ActivationCount([property: Id(0)] string Kind, [property: Id(1)] int Count);

/// <param name="Silo">The name of the silo that has it; null where it could not be found out.</param>
/// <param name="Status">Where it stands; null where it did not answer.</param>
[GenerateSerializer, Immutable, Alias("c360.PartitionDescription")]
public sealed record PartitionDescription(
    [property: Id(0)] int Partition,
    [property: Id(1)] string? Silo,
    [property: Id(2)] IntakeStatus? Status
);
