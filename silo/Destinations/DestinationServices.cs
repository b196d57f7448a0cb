using System.Security.Cryptography;
using System.Text;
using Customer360.Grains;
using Customer360.Rules.Access;
using Customer360.Rules.Ports;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Customer360.Silo.Destinations;

/// <summary>What a node has to send to destinations.</summary>
internal static class DestinationServices
{
    private const string MaskKeySetting = "Customer360:Access:MaskKey";

    public static void AddDestinations(this IServiceCollection services)
    {
        services.AddSingleton<EffectRoutes>();
        services.AddSingleton<DestinationSettings>();
        services.TryAddSingleton<IDestinationSecrets>(provider => provider.GetRequiredService<DestinationSettings>());
        services.TryAddSingleton<IDeliverySender, DeliverySender>();
        services.TryAddSingleton<IDeliveryFiles, DeliveryFiles>();
        services.AddSingleton<IDestinationWire, WebhookWire>();
        services.AddSingleton<IDestinationWire, HttpWire>();
        services.AddSingleton<IDestinationWire, FilesWire>();
        services.AddSingleton<IDestinationWire, HubSpotWire>();
        services.AddSingleton<IDestinationWire, SalesforceWire>();
        services.AddSingleton<DestinationWires>();
        services.AddSingleton<DeliveryReader>();
        services.AddSingleton<DestinationWatch>();
        services.AddMetrics();
        // A process that serves the API has its own, which keeps its key in the data folder where no setting has it.
        services.TryAddSingleton<AccessFaults>();
        services.TryAddSingleton(provider => new MaskKey(() =>
            MaskKeyOf(provider.GetRequiredService<IConfiguration>())
        ));
        services.TryAddSingleton<AccessTables>();
        services.AddHostedService<DestinationRounds>();
    }

    /// <summary>As the API makes it of the same setting. Without it no hash can be made, and what needs one is withheld.</summary>
    private static byte[] MaskKeyOf(IConfiguration configuration) =>
        configuration[MaskKeySetting] is { Length: > 0 } text
            ? SHA256.HashData(Encoding.UTF8.GetBytes(text))
            : throw new InvalidOperationException($"{MaskKeySetting} is not set on this silo.");
}
