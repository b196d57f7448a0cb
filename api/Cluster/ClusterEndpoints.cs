using Customer360.Api.Http;
using Customer360.Api.OpenApi;
using Customer360.Api.Security;
using Customer360.Rules.Access;

namespace Customer360.Api.Cluster;

/// <summary>How the cluster stands, for its operators.</summary>
public static class ClusterEndpoints
{
    public static void AddClusterEndpoints(this IServiceCollection services)
    {
        services.AddSingleton<ClusterHandler>();
        services.AddPayloads(ClusterJson.Default);
    }

    public static void MapClusterEndpoints(this IEndpointRouteBuilder routes)
    {
        ClusterHandler handler = routes.ServiceProvider.GetRequiredService<ClusterHandler>();
        routes.MapGet("/v1/cluster", handler.Get).RequireRole(Roles.Admin).Describe(ClusterDescriptions.Get);
    }
}
