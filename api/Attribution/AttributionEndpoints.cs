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
        services.AddSingleton<PeriodsHandler>();
        services.AddSingleton<ViewsHandler>();
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
            .BehindGate(isStrict: false)
            .Describe(AttributionDescriptions.Reconciliation);
        routes
            .MapGet("/v1/attribution/reconciliation.csv", (Delegate)reconciliation.GetCsv)
            .RequireTask(RoleTasks.Attribution)
            .BehindGate(isStrict: false)
            .Describe(AttributionDescriptions.ReconciliationCsv);
        routes
            .MapGet("/v1/attribution/views/{view}", (Delegate)services.GetRequiredService<ViewsHandler>().Get)
            .RequireTask(RoleTasks.Attribution)
            .BehindGate(isStrict: false)
            .Describe(AttributionDescriptions.View);
        PeriodsHandler periods = services.GetRequiredService<PeriodsHandler>();
        routes
            .MapPost("/v1/attribution/periods", (Delegate)periods.Freeze)
            .RequireTask(RoleTasks.Attribution)
            .BehindGate()
            .Describe(PeriodDescriptions.Freeze);
        routes
            .MapGet("/v1/attribution/periods", (Delegate)periods.List)
            .RequireTask(RoleTasks.Attribution)
            .BehindGate()
            .Describe(PeriodDescriptions.List);
        routes
            .MapGet("/v1/attribution/periods/{periodId}", (Delegate)periods.Get)
            .RequireTask(RoleTasks.Attribution)
            .BehindGate()
            .Describe(PeriodDescriptions.Period);
        routes
            .MapGet("/v1/attribution/periods/{periodId}/compare", (Delegate)periods.Compare)
            .RequireTask(RoleTasks.Attribution)
            .BehindGate()
            .Describe(PeriodDescriptions.Comparison);
    }
}
