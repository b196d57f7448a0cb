using System.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration.Memory;

namespace Customer360.Api.Telemetry;

/// <summary>Wires metrics, traces and logs into the host.</summary>
public static class TelemetryRegistration
{
    // The lowest of all settings, so that every other place can say otherwise. ASP.NET Core's own messages below
    // warnings hold paths and queries, which here name people: whoever turns them on takes that data into the log.
    private static readonly Dictionary<string, string?> s_logLevels = new(StringComparer.Ordinal)
    {
        ["Logging:LogLevel:Default"] = nameof(LogLevel.Information),
        ["Logging:LogLevel:Microsoft.AspNetCore"] = nameof(LogLevel.Warning),
    };

    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        builder.AddMetricsEndpoint();
        ((IConfigurationBuilder)builder.Configuration).Sources.Insert(
            0,
            new MemoryConfigurationSource { InitialData = s_logLevels }
        );
        builder.Logging.ClearProviders();
        builder.Logging.AddJsonConsole(console =>
        {
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

            // The scope of a request holds its path.
            console.IncludeScopes = false;
        });
        if (ExportIsOn(builder.Configuration))
        {
            // Off by default in .NET 10: without it a request's span has no method and no status. It also brings the
            // path, which SpanPrivacy takes off again.
            AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", false);
            builder.Services.AddHostedService<TelemetryExport>();
        }
    }

    /// <summary>Names the spans of requests by their route, where spans are exported.</summary>
    public static void UseTelemetry(this WebApplication app)
    {
        // Made now, so that what is reported from the first request on is counted.
        _ = app.Services.GetService<MetricsCollector>();
        if (ExportIsOn(app.Configuration))
        {
            app.Use(
                static (context, next) =>
                {
                    NameSpan(context);
                    return next(context);
                }
            );
        }
    }

    private static bool ExportIsOn(IConfiguration configuration) =>
        !string.IsNullOrEmpty(configuration[TelemetryExport.EndpointSetting]);

    private static void NameSpan(HttpContext context)
    {
        Activity? span = context.Features.Get<IHttpActivityFeature>()?.Activity;
        if (span is null || context.GetEndpoint() is not RouteEndpoint { RoutePattern.RawText: { } route })
        {
            return;
        }

        span.DisplayName = $"{context.Request.Method} {route}";
        span.SetTag("http.route", route);
    }
}
