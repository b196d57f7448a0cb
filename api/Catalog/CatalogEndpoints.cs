using Customer360.Api.Http;
using Customer360.Api.OpenApi;
using Customer360.Api.Security;
using Customer360.Rules.Access;

namespace Customer360.Api.Catalog;

/// <summary>What data there is, whose it is, and what depends on it.</summary>
public static class CatalogEndpoints
{
    public static void AddCatalog(this IServiceCollection services)
    {
        services.AddSingleton<CatalogEntries>();
        services.AddSingleton<CatalogHandler>();
        services.AddPayloads(CatalogJson.Default);
    }

    public static void MapCatalogEndpoints(this IEndpointRouteBuilder routes)
    {
        CatalogHandler handler = routes.ServiceProvider.GetRequiredService<CatalogHandler>();
        routes
            .MapGet("/v1/catalog", (Delegate)handler.List)
            .RequireRole(Roles.Admin)
            .Describe(CatalogDescriptions.List);
        routes
            .MapGet("/v1/catalog/questions/mastered", (Delegate)handler.Mastered)
            .RequireRole(Roles.Admin)
            .Describe(CatalogDescriptions.Mastered);
    }
}
