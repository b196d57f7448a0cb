using Customer360.Api.Http;
using Customer360.Api.OpenApi;
using Customer360.Api.Security;
using Customer360.Rules.Access;

namespace Customer360.Api.Quality;

/// <summary>How good the messages are that come in.</summary>
public static class QualityEndpoints
{
    public static void AddQuality(this IServiceCollection services)
    {
        services.AddSingleton<QualityHandler>();
        services.AddPayloads(QualityAnswersJson.Default);
    }

    public static void MapQualityEndpoints(this IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/v1/quality", (Delegate)routes.ServiceProvider.GetRequiredService<QualityHandler>().List)
            .RequireRole(Roles.Admin)
            .Describe(QualityDescriptions.List);
}
