using Customer360.Api.Access;
using Customer360.Api.Http;
using Customer360.Api.OpenApi;
using Customer360.Api.Security;
using Customer360.Rules.Access;

namespace Customer360.Api.Attribution;

/// <summary>Who gets the credit for revenue, why it moved, and whether it adds up.</summary>
public static class AttributionEndpoints
{
    public static void AddAttribution(this IServiceCollection services)
    {
        services.AddSingleton<ConversionsHandler>();
        services.AddSingleton<ReconciliationHandler>();
        services.AddPayloads(AttributionJson.Default);
    }

    public static void MapAttributionEndpoints(this IEndpointRouteBuilder routes)
    {
        IServiceProvider services = routes.ServiceProvider;
        ReconciliationHandler reconciliation = services.GetRequiredService<ReconciliationHandler>();
        routes
            .MapGet(
                "/v1/attribution/conversions/{conversionId}",
                (Delegate)services.GetRequiredService<ConversionsHandler>().Get
            )
            .RequireTask(RoleTasks.Attribution)
            .BehindGate()
            .Describe(AttributionDescriptions.Conversion);
        routes
            .MapGet("/v1/attribution/reconciliation", (Delegate)reconciliation.Get)
            .RequireTask(RoleTasks.Attribution)
            .Describe(AttributionDescriptions.Reconciliation);
        routes
            .MapGet("/v1/attribution/reconciliation.csv", (Delegate)reconciliation.GetCsv)
            .RequireTask(RoleTasks.Attribution)
            .Describe(AttributionDescriptions.ReconciliationCsv);
    }
}
