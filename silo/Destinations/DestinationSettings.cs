using System.Collections.Immutable;
using System.Security.Cryptography.X509Certificates;
using Customer360.Rules.Ports;
using Customer360.Silo.Hosting;
using Microsoft.Extensions.Configuration;

namespace Customer360.Silo.Destinations;

/// <summary>What destinations need that stands in no file of git. Section <c>Customer360:Destinations</c>.</summary>
internal sealed class DestinationSettings(IConfiguration configuration) : IDestinationSecrets
{
    private const string Section = "Customer360:Destinations";
    private const string Setting = "CUSTOMER360__DESTINATIONS";

    private readonly ImmutableDictionary<string, string> _secrets = configuration
        .GetSection($"{Section}:Secrets")
        .GetChildren()
        .Where(secret => !string.IsNullOrEmpty(secret.Value))
        // A variable's name may be in capitals, and the file's need not be.
        .ToImmutableDictionary(secret => secret.Key, secret => secret.Value!, StringComparer.OrdinalIgnoreCase);

    /// <summary>Hosts that may be called though they are private, in lower case.</summary>
    public ImmutableHashSet<string> PrivateHosts { get; } =
    [
        .. configuration
            .GetSection($"{Section}:PrivateHosts")
            .GetChildren()
            .Select(one => one.Value?.ToLowerInvariant())
            .OfType<string>(),
    ];

    /// <summary>Who else is trusted to issue a receiver's certificate; null: nobody.</summary>
    public X509Certificate2Collection? Authorities { get; } =
        configuration[$"{Section}:Authority"] is { Length: > 0 } file
            ? CertificateFiles.LoadAuthorities(file, $"{Setting}__AUTHORITY")
            : null;

    /// <summary>The folder that destinations of files are below; null: there are none.</summary>
    public string? Folder { get; } = configuration[$"{Section}:Folder"];

    public ImmutableArray<string> Of(ImmutableArray<string> names) =>
        [.. names.Select(name => _secrets.GetValueOrDefault(name)).OfType<string>()];
}
