using System.Collections.Frozen;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Customer360.Silo.Telemetry;

/// <summary>What is measured in the process, added up by OpenTelemetry: one provider for all who want the numbers.</summary>
internal static class ProcessMetrics
{
    /// <summary>The name that this service has among others.</summary>
    public const string ServiceName = "customer360";

    /// <summary>Series of one instrument; whatever tags come beyond are added up in one more.</summary>
    public const int SeriesMax = 256;

    private static readonly string[] s_meters =
    [
        "Customer360.*",
        "Microsoft.AspNetCore.Hosting",
        "Microsoft.AspNetCore.Server.Kestrel",
        "Microsoft.Orleans",
        "System.Runtime",
    ];

    // Recorded for every grain call one by one.
    private static readonly FrozenSet<string> s_ofEveryGrainCall = new[]
    {
        "orleans-app-requests-latency",
        "orleans-messaging-sent-messages-size",
        "orleans-messaging-received-messages-size",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <param name="configuration">Holds the <c>OTEL_EXPORTER_OTLP_*</c> settings.</param>
    /// <param name="options">Whether Prometheus may ask, and whether grain calls are measured.</param>
    /// <param name="isExported">True: the numbers are sent by OTLP.</param>
    public static MeterProvider Collect(IConfiguration configuration, MetricsOptions options, bool isExported)
    {
        MeterProviderBuilder meters = Sdk.CreateMeterProviderBuilder()
            .ConfigureServices(services => services.AddSingleton(configuration))
            .ConfigureResource(resource => resource.AddService(ServiceName))
            .AddMeter(s_meters)
            // An example of a measurement would hold what its request's span holds.
            .SetExemplarFilter(ExemplarFilterType.AlwaysOff)
            .AddView(instrument => ViewOf(instrument, options.GrainCalls));
        if (options.Enabled)
        {
            meters.AddPrometheusExporter(static prometheus =>
            {
                // Who asks wants the numbers of now, and each series under its own tags alone.
                prometheus.ScrapeResponseCacheDurationMilliseconds = 0;
                prometheus.ScopeInfoEnabled = false;
            });
        }

        if (isExported)
        {
            meters.AddOtlpExporter();
        }

        return meters.Build();
    }

    private static MetricStreamConfiguration ViewOf(Instrument instrument, bool grainCalls) =>
        !grainCalls && s_ofEveryGrainCall.Contains(instrument.Name)
            ? MetricStreamConfiguration.Drop
            : new MetricStreamConfiguration { CardinalityLimit = SeriesMax };
}
