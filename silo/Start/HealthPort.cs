using System.Net.Sockets;
using System.Text.Json;
using Customer360.Grains.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;

namespace Customer360.Silo.Start;

/// <summary>
/// Answers orchestrators for a silo that is no API: <c>/health/live</c> while the process is up, <c>/health/ready</c> as the API does.
/// It starts with the process, before the grid does, so that a silo that waits for its database is known to live. With meters,
/// <c>/metrics</c> answers Prometheus.
/// </summary>
internal sealed class HealthPort(int port, IGridReadiness readiness, TimeProvider time, MeterProvider? meters)
    : IHostedService,
        IAsyncDisposable
{
    // Longer than a check may take, shorter than the patience of common probes with a timeout of five seconds.
    private static readonly TimeSpan s_checkTimeMax = TimeSpan.FromSeconds(4);
    private WebApplication? _server;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.ListenAnyIP(port));
        _server = builder.Build();
        if (meters is not null)
        {
            _server.UseOpenTelemetryPrometheusScrapingEndpoint(
                meters,
                predicate: null,
                path: "/metrics",
                configureBranchedPipeline: null,
                optionsName: null
            );
        }

        _server.Run(Answer);
        try
        {
            await _server.StartAsync(cancellationToken);
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            throw new StartRefusedException(
                $"The health port {port} can't be opened ({error.Message.TrimEnd('.')}): set CUSTOMER360__CLUSTER__HEALTHPORT to a free "
                    + "one.",
                error
            );
        }
    }

    /// <summary>The last to stop: while a silo hands over it still lives.</summary>
    public Task StopAsync(CancellationToken cancellationToken) =>
        _server?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;

    private Task Answer(HttpContext context) =>
        context.Request.Path.Value switch
        {
            "/health/live" => Write(context, StatusCodes.Status200OK, "live", null),
            "/health/ready" => Ready(context),
            _ => Write(
                context,
                StatusCodes.Status404NotFound,
                "unknown",
                "A silo answers /health/live and /health/ready."
            ),
        };

    private async Task Ready(HttpContext context)
    {
        GridReadiness answer = await Check(context.RequestAborted);
        await (
            answer.Ready
                ? Write(context, StatusCodes.Status200OK, "ready", null)
                : Write(context, StatusCodes.Status503ServiceUnavailable, "not_ready", answer.Reason)
        );
    }

    /// <summary>A check that hangs or fails is an answer, too.</summary>
    private async Task<GridReadiness> Check(CancellationToken aborted)
    {
        using var deadline = new CancellationTokenSource(s_checkTimeMax, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, aborted);
        try
        {
            return await readiness.CheckAsync(either.Token).WaitAsync(either.Token);
        }
        catch (Exception error)
        {
            return new GridReadiness(false, $"The check failed ({error.GetType().Name}).");
        }
    }

    private static Task Write(HttpContext context, int status, string name, string? reason)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync(
            reason is null
                ? $$"""{"status":"{{name}}"}"""
                : $$"""{"status":"{{name}}","reason":{{JsonSerializer.Serialize(reason)}}}"""
        );
    }
}
