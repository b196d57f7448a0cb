using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Customer360.Api.Telemetry;

/// <summary>
/// Sends traces and metrics by OTLP while the process runs. Exists only where <see cref="EndpointSetting"/> is set;
/// otherwise nothing listens, and spans are not even made.
/// </summary>
/// <remarks>The exporter reads the other <c>OTEL_EXPORTER_OTLP_*</c> settings (protocol, headers, timeout) itself.</remarks>
internal sealed class TelemetryExport(IConfiguration configuration) : IHostedService, IDisposable
{
    public const string EndpointSetting = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private const string ServiceName = "customer360";

    private TracerProvider? _tracers;
    private MeterProvider? _meters;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _tracers = Sdk.CreateTracerProviderBuilder()
            .ConfigureServices(services => services.AddSingleton(configuration))
            .ConfigureResource(resource => resource.AddService(ServiceName))
            .AddSource(SpanPrivacy.AspNetCoreSource, "Customer360.*", "Npgsql")
            .AddProcessor(new SpanPrivacy())
            .AddOtlpExporter()
            .Build();
        _meters = Sdk.CreateMeterProviderBuilder()
            .ConfigureServices(services => services.AddSingleton(configuration))
            .ConfigureResource(resource => resource.AddService(ServiceName))
            .AddMeter([.. MetricsCollector.Meters])
            .AddOtlpExporter()
            .Build();
        return Task.CompletedTask;
    }

    /// <summary>Sends what has not been sent yet.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _tracers?.Dispose();
        _meters?.Dispose();
        _tracers = null;
        _meters = null;
    }
}
