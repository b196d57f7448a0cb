using System.Text.Json.Serialization;

namespace Customer360.Api.Payloads;

/// <summary>What an SDK is told before it sends, in the shape of analytics-next's <c>CDNSettings</c>.</summary>
/// <param name="Integrations">One: this service, under the name that the SDKs send to.</param>
/// <param name="Metrics">Off: an SDK's metrics about itself would be dropped here.</param>
/// <param name="Plan">No tracking plan is enforced in the browser.</param>
/// <param name="EdgeFunction">None; mobile SDKs expect the object.</param>
public sealed record SdkSettings(
    SdkIntegrations Integrations,
    SdkMetrics Metrics,
    IReadOnlyDictionary<string, object> Plan,
    IReadOnlyDictionary<string, object> EdgeFunction
)
{
    private static readonly IReadOnlyDictionary<string, object> Empty = new Dictionary<string, object>(
        StringComparer.Ordinal
    );

    /// <summary>The settings of a write key, sending to an address such as <c>https://grid.example.com</c>.</summary>
    public static SdkSettings For(string writeKey, Uri address) =>
        new(
            new SdkIntegrations(
                new SdkDestination(
                    writeKey,
                    $"{address.Authority}{address.AbsolutePath.TrimEnd('/')}/v1",
                    address.Scheme
                )
            ),
            new SdkMetrics(SampleRate: 0),
            Empty,
            Empty
        );
}

public sealed record SdkIntegrations([property: JsonPropertyName("Segment.io")] SdkDestination Destination);

/// <param name="ApiHost">Host, port and path, without a scheme.</param>
/// <param name="Protocol"><c>https</c> or <c>http</c>.</param>
public sealed record SdkDestination(string ApiKey, string ApiHost, string Protocol)
{
    /// <summary>What would be sent to destinations is for the service to decide, not for the page.</summary>
    public bool AddBundledMetadata => false;
}

/// <param name="SampleRate">0 to 1.</param>
public sealed record SdkMetrics(double SampleRate);
