using Orleans.Placement;

namespace Customer360.Grains;

/// <summary>
/// A grain of partitions lives where <see cref="Rules.Partitions.PartitionPlan"/> says. A host has a placement director for it; one
/// without (the simulation) places as it likes.
/// </summary>
[Serializable]
public sealed class PartitionPlacement : PlacementStrategy;

/// <inheritdoc cref="PartitionPlacement"/>
[AttributeUsage(AttributeTargets.Class)]
public sealed class PartitionPlacementAttribute() : PlacementAttribute(new PartitionPlacement());

/// <summary>What a node knows of where partitions belong.</summary>
public interface IPartitionHomes
{
    /// <summary>
    /// True where the partition belongs to another node, as far as this one knows the nodes. A node that leaves has no partition; one
    /// that does not know yet that it has joined keeps what it was given.
    /// </summary>
    bool IsElsewhere(int partition);
}
