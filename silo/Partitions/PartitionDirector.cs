using Customer360.Grains;
using Orleans.Runtime.Placement;

namespace Customer360.Silo.Partitions;

/// <summary>Has a partition's grain activated on the silo where the partition belongs.</summary>
internal sealed class PartitionDirector(PartitionHomes homes) : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(
        PlacementStrategy strategy,
        PlacementTarget target,
        IPlacementContext context
    )
    {
        SiloAddress? home = homes.HomeOf((int)target.GrainIdentity.GetIntegerKey(), context.GetCompatibleSilos(target));
        return Task.FromResult(
            home ?? throw new SiloUnavailableException($"No silo is there for {nameof(IntakeGrain)}s.")
        );
    }
}
