using Customer360.Grains;
using Customer360.Grains.Contracts;
using Customer360.Rules.Consent;
using Customer360.Rules.Contracts;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Policies;
using Customer360.Rules.Ports;
using Customer360.Silo.Audit;
using Customer360.Silo.Destinations;
using Customer360.Silo.Exports;
using Customer360.Silo.Policies;
using Customer360.Silo.Privacy;
using Customer360.Silo.Quality;
using Customer360.Silo.Shelf;
using Customer360.Silo.Start;
using Customer360.Silo.Storage;
using Customer360.Silo.Telemetry;
using Customer360.Storage.Hosting;
using Customer360.Storage.Postgres;
using Customer360.Storage.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Orleans.Storage;

namespace Customer360.Silo.Hosting;

/// <summary>The parts that a node has beside the runtime of its grains.</summary>
internal static class GridServices
{
    /// <summary>The name of the connection string that chooses PostgreSQL; without it the node keeps a SQLite file.</summary>
    public const string ConnectionName = "Customer360";

    /// <summary>The same as an operator sets it.</summary>
    public const string ConnectionSetting = "ConnectionStrings__Customer360";

    /// <summary>The connection string; null where the grid is one process on SQLite.</summary>
    /// <exception cref="StartRefusedException">It is set and empty, as by a variable that nobody filled.</exception>
    public static string? ConnectionOf(IConfiguration configuration) =>
        configuration.GetConnectionString(ConnectionName) switch
        {
            null => null,
            var given when string.IsNullOrWhiteSpace(given) => throw new StartRefusedException(
                $"{ConnectionSetting} is set and empty: give it the connection string of the database, or unset it to keep the "
                    + "data in a SQLite file."
            ),
            var given => given,
        };

    /// <summary>Rules and settings: what a client of the cluster needs as well.</summary>
    /// <exception cref="StartRefusedException">A certificate can't be used.</exception>
    public static void AddGridSettings(this IHostApplicationBuilder builder)
    {
        builder.Services.AddLogGuard();
        builder.Services.AddWire();
        builder.Services.AddSettings<GridOptions>(
            builder.Configuration.GetSection("Customer360:Grid"),
            options => options.Problem()
        );
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<StartProgress>();
        builder.Services.AddPolicyKinds();
        builder.Services.TryAddSingleton(provider => new EnvelopeReader(
            provider.GetRequiredService<IPolicy<IdentityRules>>(),
            provider.GetRequiredService<IPhoneNumbers>(),
            provider.GetRequiredService<IPolicy<ConsentPolicy>>(),
            provider.GetRequiredService<IPolicy<ContractsPolicy>>()
        ));
        builder.Services.AddProfileShelf(builder.Configuration);
        builder.Services.TryAddSingleton(OpenDsrSettings.Load(builder.Configuration, TimeProvider.System));
        builder
            .Services.AddSettings<JobOptions>(
                builder.Configuration.GetSection("Customer360:Jobs"),
                options => options.Problem()
            )
            .PostConfigure(options =>
                options.Processors = options.Processors > 0 ? options.Processors : Environment.ProcessorCount
            );
        builder.Services.TryAddSingleton<IGridReadiness, GridReadinessCheck>();
    }

    /// <summary>Storage, the grains' state on it, and the steps of a node's start. Call it before the runtime is added.</summary>
    public static void AddGridStorage(this IHostApplicationBuilder builder)
    {
        IServiceCollection services = builder.Services;
        services.AddStore(builder.Configuration);
        if (ConnectionOf(builder.Configuration) is null)
        {
            services.AddSingleton(StoredReminderTable.Of);
        }

        services.AddSingleton(typeof(IStateCodec<>), typeof(JsonStateCodec<>));
        services.AddSingleton<IStateCodec<CustomerState>, CustomerStateCodec>();
        services.AddSingleton<IStateCodec<IdentifierState>, IdentifierStateCodec>();
        services.AddSingleton<IStateCodec<AccountState>, AccountStateCodec>();
        services.AddSingleton<IStateCodec<QuarantineListState>, QuarantineListStateCodec>();
        services.AddSingleton<IStateCodec<WebhookState>, WebhookStateCodec>();
        services.AddSingleton<IStateCodec<AudienceSizesState>, AudienceSizesStateCodec>();
        services.AddSingleton<IStateCodec<LeadGrainState>, LeadGrainStateCodec>();
        services.AddSingleton<IStateCodec<ConversionState>, ConversionStateCodec>();
        services.AddSingleton<IStateCodec<CustomerConversionsState>, CustomerConversionsStateCodec>();
        services.AddSingleton<IStateCodec<AttributionState>, AttributionStateCodec>();
        services.AddSingleton<IStateCodec<AttributionPeriodState>, AttributionPeriodStateCodec>();
        services.AddSingleton<IStateCodec<SourceActivityState>, SourceActivityStateCodec>();
        services.AddSingleton<IStateCodec<ContractViolationsState>, ContractViolationsStateCodec>();
        services.AddSingleton<IStateCodec<QualityHourState>, QualityHourStateCodec>();
        services.AddSingleton<IStateCodec<QualityCheckState>, QualityCheckStateCodec>();
        services.AddSingleton<IStateCodec<QualityMonitorState>, QualityMonitorStateCodec>();
        services.AddSingleton<IStateCodec<MirrorState>, MirrorStateCodec>();
        services.AddSingleton<IStateCodec<CompanyState>, CompanyStateCodec>();
        services.AddSingleton<IStateCodec<AccountDomainState>, AccountDomainStateCodec>();
        services.AddSingleton<IStateCodec<PoolState>, PoolStateCodec>();
        services.AddSingleton<IStateCodec<SalesPersonState>, SalesPersonStateCodec>();
        services.AddSingleton<IStateCodec<PolicyState>, PolicyStateCodec>();
        services.TryAddSingleton<IPolicyAudit, PolicyDecisions>();
        services.AddSingleton<IStateCodec<KeyRingState>, KeyRingStateCodec>();
        services.AddSingleton<IStateCodec<JobsState>, JobsStateCodec>();
        services.AddSingleton<IStateCodec<JobState>, JobStateCodec>();
        services.AddSingleton<IStateCodec<JobAffectedState>, JobAffectedStateCodec>();
        services.AddSingleton<IStateCodec<PrivacyRequestState>, PrivacyRequestStateCodec>();
        services.AddPrivacy();
        services.AddSingleton<LeadWatch>();
        services.AddSingleton<SentForms>();
        services.AddSingleton<AudiencePolicies>();
        services.AddDestinations();
        services.AddExports(builder.Configuration);
        services.AddSingleton<IdleWrites>();
        services.AddHostedService<ScheduledJobs>();
        services.AddHostedService<QualityStart>();
        services.AddKeyedSingleton<IGrainStorage, GrainStateStorage>(GrainKeys.Storage);
        services.AddHostedService<GridStart>();
    }

    /// <summary>The store that the settings name, and nothing else: for commands that work without a grid.</summary>
    public static void AddStore(this IServiceCollection services, IConfiguration configuration)
    {
        if (ConnectionOf(configuration) is { } connection)
        {
            PostgresStorageOptions options = PostgresOf(connection, ClusterSettings.Read(configuration));
            options.AuditKey = AuditKey.Of(configuration);
            services.AddPostgresStorage(options);
            return;
        }

        services.AddSqliteStorage(
            new SqliteStorageOptions
            {
                DataFolder = DataFolder.Of(configuration),
                Setting = DataFolder.Setting,
                AuditKey = AuditKey.Of(configuration),
            }
        );
    }

    /// <summary>What looks at a cluster's database and its silos before this process joins them.</summary>
    /// <exception cref="StartRefusedException">A certificate can't be used.</exception>
    public static void AddClusterLook(this IServiceCollection services, string connection, ClusterSettings settings)
    {
        var tls = ClusterTls.Load(settings.Tls, TimeProvider.System);
        PostgresStorageOptions options = PostgresOf(connection, settings);
        services.AddSingleton(settings);
        services.AddSingleton(_ => new PostgresCluster(options));
        services.AddSingleton(provider => new SiloProbe(tls, provider.GetRequiredService<TimeProvider>()));
    }

    private static PostgresStorageOptions PostgresOf(string connection, ClusterSettings settings)
    {
        var options = new PostgresStorageOptions
        {
            ConnectionString = connection,
            Setting = ConnectionSetting,
            StartTimeout = settings.StartTimeout,
        };
        return options.Problem() is { } problem ? throw new StartRefusedException(problem) : options;
    }
}
