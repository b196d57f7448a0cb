using Customer360.Grains.Contracts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Customer360.Silo.Mastership;

/// <summary>Adds the node's copy of the mastership policy.</summary>
internal static class MastershipServices
{
    /// <summary>The copy itself: what grains and the API ask.</summary>
    public static void AddMastershipCopy(this IServiceCollection services)
    {
        services.TryAddSingleton<MastershipCopy>();
        services.TryAddSingleton<IMastershipSource>(provider => provider.GetRequiredService<MastershipCopy>());
    }

    /// <summary>What keeps the copy up to date. Call it after the engine, or its client, is added.</summary>
    public static void AddMastershipRefresh(this IServiceCollection services) =>
        services.AddHostedService<MastershipSync>();
}
