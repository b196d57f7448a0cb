using Customer360.Api.OpenApi;
using Customer360.Api.Security;

namespace Customer360.Api.Endpoints;

/// <summary>The identity rules: which are in force, which were, and changing them. For administrators.</summary>
public static class IdentityRulesEndpoints
{
    private const string Path = "/v1/identity/rules";

    public static void AddIdentityRulesEndpoints(this IServiceCollection services) =>
        services.AddSingleton<IdentityRulesHandler>();

    public static void MapIdentityRulesEndpoints(this IEndpointRouteBuilder routes)
    {
        IdentityRulesHandler handler = routes.ServiceProvider.GetRequiredService<IdentityRulesHandler>();
        routes.MapGet(Path, handler.Get).RequireRole(Roles.Admin).Describe(IdentityRulesDescriptions.Get);
        routes.MapPut(Path, handler.Put).RequireRole(Roles.Admin).Describe(IdentityRulesDescriptions.Put);
        routes
            .MapGet($"{Path}/history", handler.GetHistory)
            .RequireRole(Roles.Admin)
            .Describe(IdentityRulesDescriptions.History);
        routes
            .MapPost($"{Path}:rollback", handler.Rollback)
            .RequireRole(Roles.Admin)
            .Describe(IdentityRulesDescriptions.Rollback);
    }
}
