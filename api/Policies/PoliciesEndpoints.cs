using Customer360.Api.Http;
using Customer360.Api.OpenApi;
using Customer360.Api.Security;
using Customer360.Rules.Access;

namespace Customer360.Api.Policies;

/// <summary>Policies of every kind: which are in force, which were, what is proposed, and changing them. For administrators.</summary>
public static class PoliciesEndpoints
{
    private const string Path = "/v1/policies";
    private const string OfKind = $"{Path}/{{kind}}";

    public static void AddPoliciesEndpoints(this IServiceCollection services)
    {
        services.AddSingleton<PoliciesHandler>();
        services.AddPayloads(PoliciesJson.Default);
    }

    public static void MapPoliciesEndpoints(this IEndpointRouteBuilder routes)
    {
        PoliciesHandler handler = routes.ServiceProvider.GetRequiredService<PoliciesHandler>();
        routes.MapGet(Path, handler.List).RequireRole(Roles.Admin).Describe(PoliciesDescriptions.List);
        routes.MapGet(OfKind, handler.Get).RequireRole(Roles.Admin).Describe(PoliciesDescriptions.Get);
        routes.MapPut(OfKind, handler.Put).RequireRole(Roles.Admin).Describe(PoliciesDescriptions.Put);
        routes
            .MapGet($"{OfKind}/history", handler.GetHistory)
            .RequireRole(Roles.Admin)
            .Describe(PoliciesDescriptions.History);
        routes
            .MapPost($"{OfKind}:validate", handler.Validate)
            .RequireRole(Roles.Admin)
            .Describe(PoliciesDescriptions.Validate);
        routes
            .MapPost($"{OfKind}:dryRun", handler.DryRun)
            .RequireRole(Roles.Admin)
            .Describe(PoliciesDescriptions.DryRun);
        routes
            .MapPost($"{OfKind}:propose", handler.Propose)
            .RequireRole(Roles.Admin)
            .Describe(PoliciesDescriptions.Propose);
        routes
            .MapPost($"{OfKind}:approve", handler.Approve)
            .RequireRole(Roles.Admin)
            .Describe(PoliciesDescriptions.Approve);
        routes
            .MapPost($"{OfKind}:rollBack", handler.RollBack)
            .RequireRole(Roles.Admin)
            .Describe(PoliciesDescriptions.RollBack);
    }
}
