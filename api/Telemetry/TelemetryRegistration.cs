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

        // It says only that requests begin and end; while it may log at all, every request gets an activity and a scope.
        ["Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics"] = nameof(LogLevel.None),
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
            builder.Services.AddHostedService<TelemetryExport>();
        }
    }

    /// <summary>Describes the spans of requests, where spans are exported.</summary>
    public static void UseTelemetry(this WebApplication app)
    {
        // Made now, so that what is reported from the first request on is counted.
        _ = app.Services.GetService<MetricsCollector>();
        if (ExportIsOn(app.Configuration))
        {
            app.Use(
                static (context, next) =>
                {
                    // Once all is done: whichever way the request ends, the status is then the one that was sent.
                    context.Response.OnCompleted(Describe, context);
                    return next(context);
                }
            );
        }
    }

    private static bool ExportIsOn(IConfiguration configuration) =>
        !string.IsNullOrEmpty(configuration[TelemetryExport.EndpointSetting]);

    /// <summary>
    /// Gives a request's span the names that OpenTelemetry has for HTTP. ASP.NET Core 10 has them off, because with them
    /// comes the path.
    /// </summary>
    private static Task Describe(object state)
    {
        var context = (HttpContext)state;
        if (context.Features.Get<IHttpActivityFeature>()?.Activity is not { } span)
        {
            return Task.CompletedTask;
        }

        string method = context.Request.Method;
        int status = context.Response.StatusCode;
        string? route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
        span.DisplayName = route is null ? method : $"{method} {route}";
        span.SetTag("http.request.method", method);
        span.SetTag("http.route", route);
        span.SetTag("http.response.status_code", status);
        if (status >= StatusCodes.Status500InternalServerError)
        {
            span.SetStatus(ActivityStatusCode.Error);
        }

        return Task.CompletedTask;
    }
}
