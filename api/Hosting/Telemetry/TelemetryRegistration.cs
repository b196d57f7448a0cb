using System.Diagnostics;
using Customer360.Api.Telemetry;
using Customer360.Silo.Hosting;
using Customer360.Silo.Telemetry;
using Microsoft.AspNetCore.Http.Features;
using OpenTelemetry.Metrics;

namespace Customer360.Api.Hosting.Telemetry;

/// <summary>Wires metrics, traces and logs into the host.</summary>
public static class TelemetryRegistration
{
    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        builder.AddGridTelemetry();
        builder.AddGridLogging();
        builder.Services.AddLogGuard();
        builder.Services.AddSingleton<IntakeLag>();
        builder.Services.AddSingleton<ApiInstruments>();
        if (TelemetryServices.MetricsAreOn(builder.Configuration))
        {
            builder.Services.AddHostedService<IntakeLagMonitor>();
        }
    }

    /// <summary>Describes the spans of requests, where spans are exported.</summary>
    public static void UseTelemetry(this WebApplication app)
    {
        // Made now, so that what is reported from the first request on is counted.
        _ = app.Services.GetService<MeterProvider>();
        if (TelemetryServices.ExportIsOn(app.Configuration))
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
