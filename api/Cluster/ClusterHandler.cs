using Customer360.Grains.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Customer360.Api.Cluster;

/// <summary>Asks how the cluster stands.</summary>
internal sealed class ClusterHandler(IGrainFactory grains)
{
    public async Task<Ok<ClusterAnswer>> Get(HttpResponse response)
    {
        ClusterStatus cluster = await grains.GetGrain<IClusterGrain>(GrainKeys.Current).Describe();
        response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(ClusterAnswer.Of(cluster));
    }
}
