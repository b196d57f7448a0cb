using Customer360.EmbeddedEngine;
using Customer360.Grains;
using Customer360.Silo.Start;
using Customer360.Silo.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Customer360.Silo;

/// <summary>The grid on the embedded engine: one process is everything, API and grains.</summary>
public static class GridHost
{
    /// <summary>Adds grains, storage and engine.</summary>
    public static void AddGridSilo(this IHostApplicationBuilder builder)
    {
        builder.AddGridSettings();
        builder.AddGridNode();
        builder.Services.AddEmbeddedGrainEngine(engine =>
            engine.AddGrainAssemblyOf<CustomerGrain>().UseReminderTable(StoredReminderTable.Of)
        );
        builder.AddIdentityRulesSync();
        builder.Services.AddHostedService<PartitionStart>();
    }

    /// <summary>Adds what the API needs: here that is the whole grid, in the API's own process.</summary>
    public static void AddGridClient(this IHostApplicationBuilder builder) => builder.AddGridSilo();
}
