using Customer360.Api.Http;
using Customer360.Api.OpenApi;
using Customer360.Api.Security;
using Customer360.Rules.Access;

namespace Customer360.Api.Retention;

/// <summary>How long messages are kept: trimming the log now, and what that came to. For administrators.</summary>
public static class RetentionEndpoints
{
    public static void AddRetentionEndpoints(this IServiceCollection services)
    {
        services.AddSingleton<RetentionHandler>();
        services.AddPayloads(RetentionJson.Default);
    }

    public static void MapRetentionEndpoints(this IEndpointRouteBuilder routes)
    {
        RetentionHandler handler = routes.ServiceProvider.GetRequiredService<RetentionHandler>();
        routes.MapGet("/v1/retention", handler.Get).RequireRole(Roles.Admin).Describe(RetentionDescriptions.Get);
        routes.MapPost("/v1/retention:run", handler.Run).RequireRole(Roles.Admin).Describe(RetentionDescriptions.Run);
    }
}
