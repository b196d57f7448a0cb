using System.Collections.Immutable;

namespace Customer360.Api.Webhooks;

/// <summary>
/// The secrets of sources of webhooks: the settings <c>CUSTOMER360__WEBHOOKS__SHOP__SECRETS__0</c> and so on. They are no part of
/// <c>sources.yaml</c>, which stands in git.
/// </summary>
internal sealed class WebhookSecrets(IConfiguration configuration)
{
    private const string Section = "Customer360:Webhooks";

    private readonly ImmutableDictionary<string, ImmutableArray<string>> _secrets = configuration
        .GetSection(Section)
        .GetChildren()
        .ToImmutableDictionary(
            source => source.Key,
            source =>
                source
                    .GetSection("Secrets")
                    .GetChildren()
                    .Select(secret => secret.Value)
                    .Where(value => !string.IsNullOrEmpty(value))
                    .OfType<string>()
                    .ToImmutableArray(),
            // A variable's name may be in capitals, and a source's is not.
            StringComparer.OrdinalIgnoreCase
        );

    /// <summary>A source's secrets; none where the settings have none.</summary>
    public ImmutableArray<string> Of(string source) => _secrets.GetValueOrDefault(source, []);
}
