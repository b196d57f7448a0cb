using Customer360.Grains;
using Customer360.Grains.Contracts;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Silo.Identity;
using Customer360.Silo.Mastership;
using Customer360.Silo.Start;
using Customer360.Silo.Storage;
using Customer360.Storage.Hosting;
using Customer360.Storage.Postgres;
using Customer360.Storage.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Orleans.Storage;

namespace Customer360.Silo;

/// <summary>The parts that every node has, whichever engine its grains run on.</summary>
internal static class GridServices
{
    /// <summary>The name of the connection string that chooses PostgreSQL; without it the node keeps a SQLite file.</summary>
    public const string ConnectionName = "Customer360";

    /// <summary>Rules and settings: what a client of the cluster needs as well.</summary>
    public static void AddGridSettings(this IHostApplicationBuilder builder)
    {
        builder
            .Services.AddOptions<GridOptions>()
            .Bind(builder.Configuration.GetSection("Customer360:Grid"))
            .Validate(options => options.Problem() is null, "Customer360:Grid is not valid.")
            .ValidateOnStart();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddIdentityRules();
        builder.Services.AddMastershipCopy();
        builder.Services.TryAddSingleton<IIdentityRulesFile, IdentityRulesFileReader>();
        builder
            .Services.AddOptions<JobOptions>()
            .Bind(builder.Configuration.GetSection("Customer360:Jobs"))
            .Validate(options => options.Problem() is null, "Customer360:Jobs is not valid.")
            .PostConfigure(options =>
                options.Processors = options.Processors > 0 ? options.Processors : Environment.ProcessorCount
            )
            .ValidateOnStart();
        builder.Services.TryAddSingleton<IGridReadiness, GridReadinessCheck>();
    }

    /// <summary>Storage, the grains' state on it, and the steps of a node's start. Call it before the engine is added.</summary>
    public static void AddGridNode(this IHostApplicationBuilder builder)
    {
        IServiceCollection services = builder.Services;
        if (builder.Configuration.GetConnectionString(ConnectionName) is { Length: > 0 } connection)
        {
            services.AddPostgresStorage(new PostgresStorageOptions { ConnectionString = connection });
        }
        else
        {
            services.AddSqliteStorage(new SqliteStorageOptions { DataFolder = NodeFolder.Of(builder.Configuration) });
        }

        services.AddSingleton(typeof(IStateCodec<>), typeof(JsonStateCodec<>));
        services.AddSingleton<IStateCodec<CustomerState>, CustomerStateCodec>();
        services.AddSingleton<IStateCodec<IdentifierState>, IdentifierStateCodec>();
        services.AddSingleton<IStateCodec<AccountState>, AccountStateCodec>();
        services.AddSingleton<IStateCodec<QuarantineListState>, QuarantineListStateCodec>();
        services.AddSingleton<IStateCodec<IdentityRulesState>, IdentityRulesStateCodec>();
        services.AddSingleton<IStateCodec<MastershipState>, MastershipStateCodec>();
        services.AddSingleton<IStateCodec<JobsState>, JobsStateCodec>();
        services.AddSingleton<IStateCodec<JobState>, JobStateCodec>();
        services.AddSingleton<IStateCodec<JobAffectedState>, JobAffectedStateCodec>();
        services.AddHostedService<ScheduledCheck>();
        services.AddKeyedSingleton<IGrainStorage, GrainStateStorage>(GrainKeys.Storage);
        services.AddHostedService<GridStart>();
    }

    /// <summary>
    /// Follows the identity rules in force. Call it after the engine is added and before what needs them: services start in
    /// this order. A host that registered rules of its own keeps to those.
    /// </summary>
    public static void AddIdentityRulesSync(this IHostApplicationBuilder builder)
    {
        if (builder.Services.All(service => service.ServiceType != typeof(IdentityRules)))
        {
            builder.Services.AddHostedService<IdentityRulesSync>();
        }
    }

    private static void AddIdentityRules(this IServiceCollection services)
    {
        services.TryAddSingleton(provider => new LiveIdentityRules(
            provider.GetService<IdentityRules>() ?? IdentityRules.Default
        ));
        services.TryAddSingleton<IIdentityRulesSource>(provider => provider.GetRequiredService<LiveIdentityRules>());
        services.TryAddSingleton(provider => new EnvelopeReader(provider.GetRequiredService<IIdentityRulesSource>()));
    }
}
