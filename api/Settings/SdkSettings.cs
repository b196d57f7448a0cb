using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Customer360.Rules.Consent;

namespace Customer360.Api.Settings;

/// <summary>What an SDK is told before it sends, in the shape of analytics-next's <c>CDNSettings</c>.</summary>
/// <param name="Integrations">One: this service, under the name that the SDKs send to.</param>
/// <param name="Metrics">Off: an SDK's metrics about itself would be dropped here.</param>
/// <param name="Plan">No tracking plan is enforced in the browser.</param>
/// <param name="EdgeFunction">None; mobile SDKs expect the object.</param>
/// <param name="ConsentSettings">What Segment's consent wrapper must know.</param>
public sealed record SdkSettings(
    SdkIntegrations Integrations,
    SdkMetrics Metrics,
    IReadOnlyDictionary<string, object> Plan,
    IReadOnlyDictionary<string, object> EdgeFunction,
    SdkConsent ConsentSettings
)
{
    private static readonly IReadOnlyDictionary<string, object> s_empty = new Dictionary<string, object>(
        StringComparer.Ordinal
    );

    /// <summary>The settings of a write key, sending to an address such as <c>https://grid.example.com</c>.</summary>
    public static SdkSettings For(string writeKey, Uri address, ConsentPolicy policy) =>
        new(
            new SdkIntegrations(
                new SdkDestination(
                    writeKey,
                    $"{address.Authority}{address.AbsolutePath.TrimEnd('/')}/v1",
                    address.Scheme,
                    policy.SdkNeeds.IsEmpty ? null : new SdkCategories(policy.SdkNeeds)
                )
            ),
            new SdkMetrics(SampleRate: 0),
            s_empty,
            s_empty,
            SdkConsent.Of(policy)
        );
}

public sealed record SdkIntegrations([property: JsonPropertyName("Segment.io")] SdkDestination Destination);

/// <param name="ApiHost">Host, port and path, without a scheme.</param>
/// <param name="Protocol"><c>https</c> or <c>http</c>.</param>
/// <param name="ConsentSettings">Categories that must all be granted before anything is sent; null: it is always sent.</param>
public sealed record SdkDestination(
    string ApiKey,
    string ApiHost,
    string Protocol,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SdkCategories? ConsentSettings
)
{
    /// <summary>What would be sent to destinations is for the service to decide, not for the page.</summary>
    public bool AddBundledMetadata => false;
}

/// <param name="SampleRate">0 to 1.</param>
public sealed record SdkMetrics(double SampleRate);

public sealed record SdkCategories(ImmutableArray<string> Categories);

/// <summary>What Segment's wrapper asks for before it loads analytics.js: it does not load it at all where no destination could get anything.</summary>
/// <param name="AllCategories">The categories that mean something here.</param>
/// <param name="HasUnmappedDestinations">
/// True: a message goes out whatever was chosen, and says what was chosen. The grid decides what becomes of it.
/// </param>
public sealed record SdkConsent(ImmutableArray<string> AllCategories, bool HasUnmappedDestinations)
{
    private const string Form = "segment";

    internal static SdkConsent Of(ConsentPolicy policy) =>
        new(
            [
                .. policy
                    .Purposes.Select(purpose => purpose.Name)
                    .Concat(
                        policy
                            .Wire.Where(one => one.Form is Form or ConsentPolicy.Any && !one.Purposes.IsEmpty)
                            .Select(one => one.Id)
                    )
                    .Concat(policy.SdkCategories)
                    .Concat(policy.SdkNeeds)
                    .Distinct(StringComparer.Ordinal)
                    .Order(StringComparer.Ordinal),
            ],
            policy.SdkNeeds.IsEmpty
        );
}
