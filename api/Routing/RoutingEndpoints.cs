using Customer360.Api.Http;
using Customer360.Api.OpenApi;
using Customer360.Api.Security;
using Customer360.Rules.Access;

namespace Customer360.Api.Routing;

/// <summary>Who would get a lead, and why. For administrators: the facts are the caller's, and nothing of a person is read.</summary>
public static class RoutingEndpoints
{
    public static void AddLeadRouting(this IServiceCollection services)
    {
        services.AddSingleton<RoutingHandler>();
        services.AddSingleton<BackTestHandler>();
        services.AddPayloads(RoutingJson.Default);
    }

    public static void MapRoutingEndpoints(this IEndpointRouteBuilder routes)
    {
        BackTestHandler backTests = routes.ServiceProvider.GetRequiredService<BackTestHandler>();
        routes
            .MapPost("/v1/routing:decide", routes.ServiceProvider.GetRequiredService<RoutingHandler>().Decide)
            .RequireRole(Roles.Admin)
            .Describe(RoutingDescriptions.Decide);
        routes
            .MapPost("/v1/routing:backtest", backTests.Begin)
            .RequireRole(Roles.Admin)
            .Describe(RoutingDescriptions.BackTest);
        routes
            .MapGet("/v1/routing/backtests/{jobId}/differences", backTests.GetDifferences)
            .RequireRole(Roles.Admin)
            .Describe(RoutingDescriptions.Differences);
    }
}
