using Customer360.Api.Http;
using Customer360.Api.OpenApi;
using Customer360.Api.Security;
using Customer360.Rules.Access;

namespace Customer360.Api.Contracts;

/// <summary>What messages must look like, and what of them does not.</summary>
public static class ContractsEndpoints
{
    public static void AddContracts(this IServiceCollection services)
    {
        services.AddSingleton<ContractsHandler>();
        services.AddSingleton<ContractTrialsHandler>();
        services.AddPayloads(ContractsJson.Default);
    }

    public static void MapContractsEndpoints(this IEndpointRouteBuilder routes)
    {
        ContractsHandler handler = routes.ServiceProvider.GetRequiredService<ContractsHandler>();
        routes
            .MapGet("/v1/contracts", (Delegate)handler.List)
            .RequireRole(Roles.Admin)
            .Describe(ContractsDescriptions.List);
        routes
            .MapGet("/v1/contracts/violations", (Delegate)handler.ListViolations)
            .RequireRole(Roles.Admin)
            .Describe(ContractsDescriptions.ListViolations);
        ContractTrialsHandler trials = routes.ServiceProvider.GetRequiredService<ContractTrialsHandler>();
        routes.MapPost("/v1/contracts:try", trials.Try).RequireRole(Roles.Admin).Describe(ContractsDescriptions.Try);
        routes
            .MapPost("/v1/contracts:infer", trials.Infer)
            .RequireRole(Roles.Admin)
            .Describe(ContractsDescriptions.Infer);
    }
}
