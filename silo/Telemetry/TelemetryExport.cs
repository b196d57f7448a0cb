using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Customer360.Silo.Telemetry;

/// <summary>
/// Sends traces and metrics by OTLP while the process runs. Exists only where <see cref="GrainTracing.EndpointSetting"/> is set;
/// otherwise nothing listens, and spans are not even made.
/// </summary>
/// <remarks>The exporter reads the other <c>OTEL_EXPORTER_OTLP_*</c> settings (protocol, headers, timeout) itself.</remarks>
internal sealed class TelemetryExport(IConfiguration configuration, GrainNames names, MeterProvider meters)
    : IHostedService,
        IDisposable
{
    private const int LastSendingMilliseconds = 5_000;

    private TracerProvider? _tracers;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _tracers = Sdk.CreateTracerProviderBuilder()
            .ConfigureServices(services => services.AddSingleton(configuration))
            .ConfigureResource(resource => resource.AddService(ProcessMetrics.ServiceName))
            .AddSource(SpanPrivacy.AspNetCoreSource, "Customer360.*", "Microsoft.Orleans.*", "Npgsql")
            .AddProcessor(new SpanPrivacy(names))
            .AddOtlpExporter()
            .Build();
        return Task.CompletedTask;
    }

    /// <summary>Sends what has not been sent yet.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        meters.Shutdown(LastSendingMilliseconds);
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _tracers?.Dispose();
        _tracers = null;
    }
}
