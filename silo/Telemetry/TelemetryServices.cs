using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;

namespace Customer360.Silo.Telemetry;

/// <summary>Wires a process's metrics and spans into its host, whether it is an API or a silo.</summary>
public static class TelemetryServices
{
    /// <summary>True where <see cref="GrainTracing.EndpointSetting"/> names somebody to send spans and numbers to.</summary>
    public static bool ExportIsOn(IConfiguration configuration) => GrainTracing.IsOn(configuration);

    /// <summary>Collects what is measured, where somebody may ask for it, and sends it where that is set.</summary>
    public static void AddGridTelemetry(this IHostApplicationBuilder builder)
    {
        IConfigurationSection section = builder.Configuration.GetSection(MetricsOptions.Section);
        builder.Services.Configure<MetricsOptions>(section);
        bool isExported = ExportIsOn(builder.Configuration);
        if (isExported || MetricsAreOn(builder.Configuration))
        {
            builder.Services.AddSingleton<MeterProvider>(services =>
                ProcessMetrics.Collect(
                    services.GetRequiredService<IConfiguration>(),
                    services.GetRequiredService<IOptions<MetricsOptions>>().Value,
                    isExported
                )
            );
        }

        if (isExported)
        {
            builder.Services.AddHostedService<TelemetryExport>();
        }
    }

    /// <summary>True where Prometheus may ask.</summary>
    public static bool MetricsAreOn(IConfiguration configuration) =>
        configuration.GetSection(MetricsOptions.Section).Get<MetricsOptions>()?.Enabled ?? true;
}
