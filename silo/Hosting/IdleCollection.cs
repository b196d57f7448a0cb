using Customer360.Grains;
using Customer360.Grains.Contracts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Customer360.Silo.Hosting;

/// <summary>When idle activations end, and how many there may be.</summary>
internal static class IdleCollection
{
    /// <summary>A little below the limit, so that not each further customer has others ended.</summary>
    private const int MemoryPercentBelow = 5;

    /// <summary>
    /// Looks every second. Orleans ends all together that became idle in the same period, as fast as it can: with a short period they
    /// go at the pace at which they came. What an end costs the disk <see cref="IdleWrites"/> bounds. A grain class that wants to go
    /// earlier than Orleans' default says so itself (<see cref="CollectionAgeLimitAttribute"/>).
    /// </summary>
    public static void AddIdleCollection(this ISiloBuilder silo) =>
        silo
            .Services.AddOptions<GrainCollectionOptions>()
            .Configure<IOptions<GridOptions>>(
                (collection, grid) =>
                {
                    GridOptions options = grid.Value;
                    collection.CollectionQuantum = TimeSpan.FromSeconds(1);
                    collection.ClassSpecificCollectionAge[typeof(CustomerGrain).FullName!] = options.CustomerIdleTime;

                    // Time alone bounds nothing: a million customers may come in a quarter of an hour.
                    collection.EnableActivationSheddingOnMemoryPressure = true;
                    collection.MemoryUsageLimitPercentage = options.MemoryPercentMax;
                    collection.MemoryUsageTargetPercentage = options.MemoryPercentMax - MemoryPercentBelow;
                }
            );
}
