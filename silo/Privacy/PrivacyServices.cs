using Customer360.Grains;
using Customer360.Grains.Contracts;
using Customer360.Rules.Ports;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Customer360.Silo.Privacy;

/// <summary>What a node has for the rights of persons.</summary>
internal static class PrivacyServices
{
    /// <summary>The node's copy of the list of suppressions, and the key that it is read with.</summary>
    public static void AddPrivacy(this IServiceCollection services)
    {
        services.TryAddSingleton(provider => SuppressionKeyFile.Load(provider.GetRequiredService<IConfiguration>()));
        services.TryAddSingleton<IErasureLedger>(provider =>
            ErasureLedgerFile.Of(provider.GetRequiredService<IConfiguration>())
        );
        services.AddSingleton<Suppressions>();
        services.AddSingleton<IStateCodec<OpenDsrCallbackState>, OpenDsrCallbackStateCodec>();
        services.TryAddSingleton<IOpenDsrCallbackSender, OpenDsrCallbackSender>();
    }
}
