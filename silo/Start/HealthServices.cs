using Customer360.Grains.Contracts;
using Customer360.Silo.Hosting;
using Customer360.Silo.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;

namespace Customer360.Silo.Start;

/// <summary>Wires the health port into a silo's host.</summary>
public static class HealthServices
{
    /// <summary>Opens the port of the settings, if there is one. Call it behind <see cref="GridProgram.StartGridInBackground"/>.</summary>
    public static void AddHealthPort(this IHostApplicationBuilder builder)
    {
        if (ClusterSettings.Read(builder.Configuration).HealthPort is { } port)
        {
            builder.Services.AddHostedService(services => new HealthPort(
                port,
                services.GetRequiredService<IGridReadiness>(),
                services.GetRequiredService<TimeProvider>(),
                MayBeAsked(services) ? services.GetService<MeterProvider>() : null
            ));
        }
    }

    /// <summary>A silo knows no keys: its numbers are for who may have them without one.</summary>
    private static bool MayBeAsked(IServiceProvider services) =>
        services.GetRequiredService<IOptions<MetricsOptions>>().Value is { Enabled: true, Anonymous: true };
}
