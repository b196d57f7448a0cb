using Customer360.Grains;
using Customer360.Grains.Contracts;
using Customer360.Silo.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Customer360.Silo.Shelf;

/// <summary>Adds the node's shelf.</summary>
internal static class ShelfServices
{
    /// <summary>The shelf itself. In a process without grains it stays empty, and its readers ask the cluster.</summary>
    public static void AddProfileShelf(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<ShelfOptions>(configuration.GetSection("Customer360:Shelf"), options => options.Problem());
        services.TryAddSingleton<IShelfTenure, LoneTenure>();
        services.TryAddSingleton<ProfileShelf>();
        services.TryAddSingleton<IProfileShelf>(provider => provider.GetRequiredService<ProfileShelf>());
    }

    /// <summary>Lets the shelf count only while the cluster counts on this silo. Call it after Orleans is added.</summary>
    public static void AddMembershipTenure(this IServiceCollection services)
    {
        services.AddSingleton<MembershipTenure>();
        services.Replace(
            ServiceDescriptor.Singleton<IShelfTenure>(provider => provider.GetRequiredService<MembershipTenure>())
        );
        services.AddHostedService(provider => provider.GetRequiredService<MembershipTenure>());
    }
}

/// <summary>Of a process that has no membership: nobody else can have its grains.</summary>
internal sealed class LoneTenure : IShelfTenure
{
    public long Term => 0;
}
