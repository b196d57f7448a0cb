using Customer360.Grains;
using Customer360.Grains.Contracts;
using Customer360.Rules.Ports;
using Customer360.Silo.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Customer360.Silo.Exports;

/// <summary>What a node has to write the warehouse mirror.</summary>
internal static class ExportServices
{
    public static void AddExports(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<ExportOptions>(
            configuration.GetSection("Customer360:Exports"),
            options => options.Problem()
        );
        services.TryAddSingleton<IMirrorFiles, MirrorFolder>();
        services.AddSingleton<MirrorPolicies>();
        services.AddSingleton<ExportTools>();
    }
}
