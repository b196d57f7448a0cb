using Customer360.Api.Health;
using Customer360.Api.OpenApi;
using Customer360.Api.Security;
using Customer360.Rules.Access;
using Customer360.Silo.Telemetry;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;

namespace Customer360.Api.Hosting.Telemetry;

/// <summary><c>GET /metrics</c>: the process's metrics in Prometheus' text format.</summary>
public static class MetricsEndpoints
{
    private static readonly string[] s_get = [HttpMethods.Get];

    public static void MapMetricsEndpoint(this IEndpointRouteBuilder routes)
    {
        MetricsOptions options = routes.ServiceProvider.GetRequiredService<IOptions<MetricsOptions>>().Value;
        if (!options.Enabled)
        {
            return;
        }

        IEndpointConventionBuilder route = routes
            .MapPrometheusScrapingEndpoint(
                "/metrics",
                routes.ServiceProvider.GetRequiredService<MeterProvider>(),
                static branch => branch.Use(Unstored),
                optionsName: null
            )
            .WithMetadata(new HttpMethodMetadata(s_get))
            .AnswerBeforeStart()
            .Describe(HealthDescriptions.Metrics);
        if (options.Anonymous)
        {
            route.OpenToAnybody();
        }
        else
        {
            route.RequireRole(Roles.Admin);
        }
    }

    private static RequestDelegate Unstored(RequestDelegate next) =>
        context =>
        {
            context.Response.Headers.CacheControl = "no-store";
            return next(context);
        };
}
