using Customer360.Grains;
using Microsoft.Extensions.DependencyInjection;

namespace Customer360.Silo.Partitions;

internal static class PartitionServices
{
    /// <summary>Has partitions live where their plan says, and move when silos join or leave.</summary>
    public static void AddPartitionPlacement(this ISiloBuilder silo)
    {
        silo.Services.AddSingleton<PartitionHomes>();
        silo.Services.AddSingleton<IPartitionHomes>(services => services.GetRequiredService<PartitionHomes>());
        silo.AddPlacementDirector<PartitionPlacement, PartitionDirector>();
    }
}
