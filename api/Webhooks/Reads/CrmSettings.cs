using System.Collections.Immutable;
using Customer360.Api.Hosting;
using Customer360.Rules.Crm.Sources;

namespace Customer360.Api.Webhooks.Reads;

/// <summary>By what the API of a source's CRM is called.</summary>
/// <param name="Token">Sent with each call, and shown nowhere.</param>
/// <param name="Address">Of the source's own; null: the vendor's.</param>
internal sealed record CrmAccess(string Token, Uri? Address)
{
    private static readonly Uri s_hubSpot = new("https://api.hubapi.com");

    /// <summary>The address that is called; null where there is none: an organization of Salesforce has one of its own.</summary>
    public Uri? AddressFor(SourceKind kind) => Address ?? (kind == SourceKind.HubSpot ? s_hubSpot : null);

    /// <summary>Without the token, so that no log shows it.</summary>
    public override string ToString() => $"{nameof(CrmAccess)} {Address}";
}

/// <summary>
/// The settings <c>CUSTOMER360__WEBHOOKS__HUBSPOT__TOKEN</c> and <c>…__BASEURL</c>: a source that has a token has its records read.
/// </summary>
internal sealed class CrmSettings
{
    private const string Section = "Customer360:Webhooks";

    /// <exception cref="SettingInvalidException">An address is none that a token may be sent to.</exception>
    public CrmSettings(IConfiguration configuration) =>
        Sources = configuration
            .GetSection(Section)
            .GetChildren()
            .Where(source => !string.IsNullOrEmpty(source["Token"]))
            .ToImmutableDictionary(
                source => source.Key,
                source => new CrmAccess(TokenOf(source), AddressOf(source)),
                // A variable's name may be in capitals, and a source's is not.
                StringComparer.OrdinalIgnoreCase
            );

    /// <summary>By the source's name.</summary>
    public ImmutableDictionary<string, CrmAccess> Sources { get; }

    /// <summary>True where a source's records are read.</summary>
    public bool IsOn(WebhookSource source) =>
        source.Kind != SourceKind.Mapped
        && Sources.TryGetValue(source.Name, out CrmAccess? access)
        && access.AddressFor(source.Kind) is not null;

    private static string TokenOf(IConfigurationSection source)
    {
        string token = source["Token"]!;
        return token.All(letter => letter is > ' ' and <= '~')
            ? token
            : throw new SettingInvalidException(
                $"{VariableOf(source, "TOKEN")} must be a token of visible ASCII characters."
            );
    }

    private static Uri? AddressOf(IConfigurationSection source)
    {
        if (source["BaseUrl"] is not { Length: > 0 } text)
        {
            return null;
        }

        // Over plain HTTP anybody on the way would read the token.
        return
            Uri.TryCreate(text, UriKind.Absolute, out Uri? address)
            && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback))
            && address.AbsolutePath == "/"
            ? address
            : throw new SettingInvalidException(
                $"{VariableOf(source, "BASEURL")} must be the address of the CRM's API without a path, with https (with http on this "
                    + "machine only), for example https://example.my.salesforce.com."
            );
    }

    private static string VariableOf(IConfigurationSection source, string name) =>
        $"CUSTOMER360__WEBHOOKS__{source.Key.ToUpperInvariant()}__{name}";
}
