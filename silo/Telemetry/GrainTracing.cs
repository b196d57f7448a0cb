using Microsoft.Extensions.Configuration;

namespace Customer360.Silo.Telemetry;

/// <summary>Spans of grain calls, where somebody wants them: each call pays for the filters that make them.</summary>
public static class GrainTracing
{
    /// <summary>The setting that turns the export of traces and metrics on.</summary>
    public const string EndpointSetting = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public static ISiloBuilder AddGrainTracing(this ISiloBuilder silo) =>
        IsOn(silo.Configuration) ? silo.AddActivityPropagation() : silo;

    public static IClientBuilder AddGrainTracing(this IClientBuilder client) =>
        IsOn(client.Configuration) ? client.AddActivityPropagation() : client;

    internal static bool IsOn(IConfiguration configuration) => !string.IsNullOrEmpty(configuration[EndpointSetting]);
}
