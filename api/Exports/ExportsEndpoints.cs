using Customer360.Api.Http;
using Customer360.Api.OpenApi;
using Customer360.Api.Security;
using Customer360.Rules.Access;

namespace Customer360.Api.Exports;

/// <summary>The warehouse mirror: writing it, and comparing it with the grid. For administrators.</summary>
public static class ExportsEndpoints
{
    public static void AddExportsEndpoints(this IServiceCollection services)
    {
        services.AddSingleton<ExportsHandler>();
        services.AddPayloads(ExportsJson.Default);
    }

    public static void MapExportsEndpoints(this IEndpointRouteBuilder routes)
    {
        ExportsHandler handler = routes.ServiceProvider.GetRequiredService<ExportsHandler>();
        routes.MapGet("/v1/exports", handler.Get).RequireRole(Roles.Admin).Describe(ExportsDescriptions.Get);
        routes.MapPost("/v1/exports", handler.Begin).RequireRole(Roles.Admin).Describe(ExportsDescriptions.Begin);
        routes
            .MapPost("/v1/exports:verify", handler.Verify)
            .RequireRole(Roles.Admin)
            .Describe(ExportsDescriptions.Verify);
    }
}
