using System.Text;
using Customer360.Api.OpenApi;
using Customer360.Api.Security;
using Microsoft.Extensions.Options;

namespace Customer360.Api.Telemetry;

/// <summary><c>GET /metrics</c>: the process's metrics in Prometheus' text format.</summary>
public static class MetricsEndpoints
{
    private const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static void AddMetricsEndpoint(this IHostApplicationBuilder builder)
    {
        IConfigurationSection section = builder.Configuration.GetSection(MetricsOptions.Section);
        builder.Services.Configure<MetricsOptions>(section);
        builder.Services.AddSingleton<IntakeLag>();
        builder.Services.AddSingleton<ApiInstruments>();
        if (section.Get<MetricsOptions>()?.Enabled ?? true)
        {
            builder.Services.AddSingleton(services => new MetricsCollector(
                services.GetRequiredService<IOptions<MetricsOptions>>().Value.GrainCalls
            ));
            builder.Services.AddHostedService<IntakeLagMonitor>();
        }
    }

    public static void MapMetricsEndpoint(this IEndpointRouteBuilder routes)
    {
        MetricsCollector? collector = routes.ServiceProvider.GetService<MetricsCollector>();
        if (collector is null)
        {
            return;
        }

        MetricsOptions options = routes.ServiceProvider.GetRequiredService<IOptions<MetricsOptions>>().Value;
        IEndpointConventionBuilder route = routes
            .MapGet("/metrics", context => Get(context, collector))
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

    private static async Task Get(HttpContext context, MetricsCollector collector)
    {
        byte[] text = Encoding.UTF8.GetBytes(PrometheusText.Write(collector.Collect()));
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentType = ContentType;
        context.Response.ContentLength = text.Length;
        await context.Response.BodyWriter.WriteAsync(text, context.RequestAborted);
    }
}
