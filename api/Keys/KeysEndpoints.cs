using Customer360.Api.OpenApi;
using Customer360.Api.Security;
using Customer360.Rules.Access;

namespace Customer360.Api.Keys;

/// <summary>The keys that the grid keeps. For administrators.</summary>
public static class KeysEndpoints
{
    public static void AddKeysEndpoints(this IServiceCollection services) => services.AddSingleton<KeysHandler>();

    public static void MapKeysEndpoints(this IEndpointRouteBuilder routes)
    {
        KeysHandler handler = routes.ServiceProvider.GetRequiredService<KeysHandler>();
        routes.MapPost("/v1/keys", handler.Create).RequireRole(Roles.Admin).Describe(KeysDescriptions.Create);
        routes.MapGet("/v1/keys", handler.List).RequireRole(Roles.Admin).Describe(KeysDescriptions.List);
        routes.MapDelete("/v1/keys/{name}", handler.Revoke).RequireRole(Roles.Admin).Describe(KeysDescriptions.Revoke);
        routes
            .MapPost("/v1/keys/{name}:rotate", handler.Rotate)
            .RequireRole(Roles.Admin)
            .Describe(KeysDescriptions.Rotate);
    }
}
