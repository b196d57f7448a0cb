using Customer360.Grains;
using Customer360.Grains.Contracts;
using Customer360.Rules.Partitions;
using Microsoft.Extensions.Options;

namespace Customer360.Silo.Partitions;

/// <inheritdoc cref="IPartitionHomes"/>
/// <remarks>
/// It compares whole plans, not silos one by one, and keeps the last plan: with a thousand partitions that each ask once a second a
/// plan per question would cost a processor.
/// </remarks>
internal sealed class PartitionHomes(ISiloStatusOracle silos, IOptions<GridOptions> options) : IPartitionHomes
{
    private volatile Plan _plan = new([], []);

    public bool IsElsewhere(int partition) =>
        silos.CurrentStatus switch
        {
            SiloStatus.Active => !silos.SiloAddress.Equals(HomeOf(partition, silos.GetActiveSilos())),
            SiloStatus.ShuttingDown or SiloStatus.Stopping => true,
            _ => false,
        };

    /// <summary>The partition's silo among those given; null where none is given.</summary>
    public SiloAddress? HomeOf(int partition, SiloAddress[] among)
    {
        if (among.Length == 0)
        {
            return null;
        }

        Plan plan = _plan;
        if (!plan.Silos.AsSpan().SequenceEqual(among))
        {
            _plan = plan = new Plan(
                [.. among],
                PartitionPlan.Of(options.Value.Partitions, [.. among.Select(silo => silo.ToParsableString())])
            );
        }

        return partition < plan.Homes.Length ? plan.Silos[plan.Homes[partition]] : plan.Silos[0];
    }

    private sealed record Plan(SiloAddress[] Silos, int[] Homes);
}
