using Customer360.Api.Http;
using Customer360.Api.OpenApi;
using Customer360.Api.Security;
using Customer360.Rules.Access;

namespace Customer360.Api.Jobs;

/// <summary>Work over the whole grid: beginning it, following it, ending it. For administrators.</summary>
public static class JobsEndpoints
{
    public static void AddJobsEndpoints(this IServiceCollection services)
    {
        services.AddSingleton<JobsHandler>();
        services.AddPayloads(JobsJson.Default);
    }

    public static void MapJobsEndpoints(this IEndpointRouteBuilder routes)
    {
        JobsHandler handler = routes.ServiceProvider.GetRequiredService<JobsHandler>();
        routes
            .MapPost("/v1/rebuild:check", handler.StartCheck)
            .RequireRole(Roles.Admin)
            .Describe(JobsDescriptions.Check);
        routes.MapGet("/v1/jobs", handler.List).RequireRole(Roles.Admin).Describe(JobsDescriptions.List);
        routes.MapGet("/v1/jobs/{jobId}", handler.Get).RequireRole(Roles.Admin).Describe(JobsDescriptions.Get);
        routes.MapDelete("/v1/jobs/{jobId}", handler.Cancel).RequireRole(Roles.Admin).Describe(JobsDescriptions.Cancel);
        routes
            .MapPost("/v1/jobs/{jobId}:apply", handler.Apply)
            .RequireRole(Roles.Admin)
            .Describe(JobsDescriptions.Apply);
        routes
            .MapPost("/v1/jobs/{jobId}:rollback", handler.RollBack)
            .RequireRole(Roles.Admin)
            .Describe(JobsDescriptions.RollBack);
        routes
            .MapGet("/v1/jobs/{jobId}/steps", handler.GetSteps)
            .RequireRole(Roles.Admin)
            .Describe(JobsDescriptions.Steps);
        routes
            .MapGet("/v1/jobs/{jobId}/customers", handler.GetCustomers)
            .RequireRole(Roles.Admin)
            .Describe(JobsDescriptions.Customers);
    }
}
