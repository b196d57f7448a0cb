using Customer360.Api.OpenApi;

namespace Customer360.Api.Cluster;

internal static class ClusterDescriptions
{
    public static RouteDescription Get { get; } =
        new("getCluster", "Operations", "Says which silos there are, what lives on them, and how the partitions stand.")
        {
            Problems = [503],
        };
}
