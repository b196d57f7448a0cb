using Customer360.Grains.Contracts;
using Customer360.Silo.Hosting;
using Customer360.Silo.Partitions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Dashboard;
using Orleans.Runtime.MembershipService.SiloMetadata;

namespace Customer360.Silo.Cluster;

/// <summary>What operating a grid needs of a silo and of a client: placement of partitions, versions, the dashboard.</summary>
public static class ClusterOperations
{
    public static void AddClusterOperations(this ISiloBuilder silo)
    {
        silo.AddPartitionPlacement();
        silo.UseSiloMetadata(
            new Dictionary<string, string>(StringComparer.Ordinal) { [NodeVersions.Key] = NodeVersions.Own }
        );
        silo.Services.AddSingleton<INodeVersions, NodeVersions>();
        if (HasDashboard(silo.Configuration))
        {
            silo.AddDashboard(Restrict);
        }
    }

    public static void AddClusterOperations(this IClientBuilder client)
    {
        if (HasDashboard(client.Configuration))
        {
            client.AddDashboard(Restrict);
        }
    }

    /// <summary>Whether the settings ask for the dashboard.</summary>
    public static bool HasDashboard(IConfiguration configuration) => ClusterSettings.Read(configuration).Dashboard;

    /// <summary>Orleans' own log lines hold grain keys, which may be somebody's address: they are not streamed to a browser.</summary>
    private static void Restrict(DashboardOptions options) => options.HideTrace = true;
}
