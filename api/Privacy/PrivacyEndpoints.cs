using Customer360.Api.OpenApi;
using Customer360.Api.Security;
using Customer360.Rules.Access;

namespace Customer360.Api.Privacy;

/// <summary>The rights of persons: taking their requests, following them, deciding who is meant.</summary>
public static class PrivacyEndpoints
{
    /// <summary>Who may do all this.</summary>
    private const RoleTasks Officer = RoleTasks.Privacy;

    public static void AddPrivacyEndpoints(this IServiceCollection services) =>
        services.AddSingleton<PrivacyPackage>().AddSingleton<PrivacyHandler>();

    public static void MapPrivacyEndpoints(this IEndpointRouteBuilder routes)
    {
        PrivacyHandler handler = routes.ServiceProvider.GetRequiredService<PrivacyHandler>();
        routes.MapPost("/v1/privacy/requests", handler.Begin).RequireTask(Officer).Describe(PrivacyDescriptions.Begin);
        routes.MapGet("/v1/privacy/requests", handler.List).RequireTask(Officer).Describe(PrivacyDescriptions.List);
        routes
            .MapGet("/v1/privacy/requests/{requestId}", handler.Get)
            .RequireTask(Officer)
            .Describe(PrivacyDescriptions.Get);
        routes
            .MapDelete("/v1/privacy/requests/{requestId}", handler.Cancel)
            .RequireTask(Officer)
            .Describe(PrivacyDescriptions.Cancel);
        routes
            .MapPost("/v1/privacy/requests/{requestId}:decide", handler.Decide)
            .RequireTask(Officer)
            .Describe(PrivacyDescriptions.Decide);
        routes
            .MapPost("/v1/privacy/requests/{requestId}:link", handler.Link)
            .RequireTask(Officer)
            .Describe(PrivacyDescriptions.Link);
        routes
            .MapGet("/v1/privacy/packages/{requestId}/{secret}", handler.Fetch)
            .OpenToAnybody()
            .Describe(PrivacyDescriptions.Fetch);
        routes
            .MapPost("/v1/privacy/requests/{requestId}:lift", handler.Lift)
            .RequireTask(Officer)
            .Describe(PrivacyDescriptions.Lift);
    }
}
