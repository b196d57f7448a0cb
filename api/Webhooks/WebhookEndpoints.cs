using Customer360.Api.Http;
using Customer360.Api.OpenApi;
using Customer360.Api.Security;
using Customer360.Api.Webhooks.Reads;
using Customer360.Rules.Access;
using Customer360.Rules.Crm.Sources;

namespace Customer360.Api.Webhooks;

/// <summary>What CRMs and other services send by themselves, and what it has left to be done.</summary>
public static class WebhookEndpoints
{
    private const string Backlog = "/v1/webhooks/{source}";
    private const string Part = $"{Backlog}/parts/{{partId}}";

    public static void AddWebhooks(this IServiceCollection services)
    {
        services.AddSingleton<WebhookSecrets>();
        services.AddSingleton<WebhookIntake>();
        services.AddSingleton<WebhookHandler>();
        services.AddSingleton<WebhookBacklogHandler>();
        services.AddSingleton<CrmSettings>();
        services.AddSingleton<CrmClient>();
        services.AddHostedService<CrmReader>();
        services.AddPayloads(WebhooksJson.Default);
    }

    public static void MapWebhooks(this IEndpointRouteBuilder routes)
    {
        WebhookHandler handler = routes.ServiceProvider.GetRequiredService<WebhookHandler>();
        (string Path, SourceKind Kind)[] calls =
        [
            ("/webhooks/hubspot/{source}", SourceKind.HubSpot),
            ("/webhooks/salesforce/{source}", SourceKind.Salesforce),
            ("/webhooks/{source}", SourceKind.Mapped),
        ];
        foreach ((string path, SourceKind kind) in calls)
        {
            // Without a key of ours: each source proves itself in its own way.
            routes
                .MapPost(path, context => handler.HandleAsync(context, kind))
                .OpenToAnybody()
                .Describe(WebhookDescriptions.Take(kind));
            routes
                .MapGet(path, (RequestDelegate)(context => handler.Probe(context, kind)))
                .OpenToAnybody()
                .Describe(WebhookDescriptions.Probe(kind));
        }

        WebhookBacklogHandler backlog = routes.ServiceProvider.GetRequiredService<WebhookBacklogHandler>();
        routes.MapGet(Backlog, backlog.Get).RequireRole(Roles.Admin).Describe(WebhookDescriptions.Get);
        routes.MapPost($"{Part}:retry", backlog.Retry).RequireRole(Roles.Admin).Describe(WebhookDescriptions.Retry);
        routes.MapDelete(Part, backlog.Remove).RequireRole(Roles.Admin).Describe(WebhookDescriptions.Remove);
    }
}
