using Customer360.Api.Access;
using Customer360.Api.Http;
using Customer360.Api.OpenApi;
using Customer360.Api.Security;
using Customer360.Rules.Access;

namespace Customer360.Api.Queues;

/// <summary>What waits for people.</summary>
public static class QueuesEndpoints
{
    public static void AddQueues(this IServiceCollection services)
    {
        services.AddSingleton<QueuesHandler>();
        services.AddPayloads(QueuesJson.Default);
    }

    public static void MapQueuesEndpoints(this IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/v1/queues", (Delegate)routes.ServiceProvider.GetRequiredService<QueuesHandler>().List)
            .RequireRole(Roles.Admin)
            .BehindGate()
            .Describe(QueuesDescriptions.List);
}
