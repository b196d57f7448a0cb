using Customer360.Api.Http;
using Customer360.Api.OpenApi;
using Customer360.Api.Security;
using Customer360.Rules.Access;

namespace Customer360.Api.Destinations;

/// <summary>Where effects are sent: how each destination stands, what became of what, and what operators do. For administrators.</summary>
public static class DestinationsEndpoints
{
    public static void AddDestinationsEndpoints(this IServiceCollection services)
    {
        services.AddSingleton<DestinationsHandler>();
        services.AddPayloads(DestinationsJson.Default);
    }

    public static void MapDestinationsEndpoints(this IEndpointRouteBuilder routes)
    {
        DestinationsHandler handler = routes.ServiceProvider.GetRequiredService<DestinationsHandler>();
        routes
            .MapGet("/v1/destinations", handler.List)
            .RequireRole(Roles.Admin)
            .Describe(DestinationsDescriptions.List);
        routes
            .MapGet("/v1/destinations/{name}/deliveries", handler.ListDeliveries)
            .RequireRole(Roles.Admin)
            .Describe(DestinationsDescriptions.Deliveries);
        routes
            .MapPost("/v1/destinations/{name}:test", handler.Test)
            .RequireRole(Roles.Admin)
            .Describe(DestinationsDescriptions.Test);
        routes
            .MapPost("/v1/destinations/{name}:pause", handler.Pause)
            .RequireRole(Roles.Admin)
            .Describe(DestinationsDescriptions.Pause);
        routes
            .MapPost("/v1/destinations/{name}:resume", handler.Resume)
            .RequireRole(Roles.Admin)
            .Describe(DestinationsDescriptions.Resume);
        routes
            .MapPost("/v1/destinations/{name}:replay", handler.Replay)
            .RequireRole(Roles.Admin)
            .Describe(DestinationsDescriptions.Replay);
    }
}
