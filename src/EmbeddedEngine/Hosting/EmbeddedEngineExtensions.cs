using Customer360.EmbeddedEngine.Reminders;
using Customer360.EmbeddedEngine.Runtime;
using Customer360.EmbeddedEngine.Storage;
using Customer360.EmbeddedEngine.Streams;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Providers;
using Orleans.Runtime;
using Orleans.Storage;
using Orleans.Streams;
using Orleans.Timers;

namespace Customer360.EmbeddedEngine;

/// <summary>Adds the embedded grain engine to a host.</summary>
public static class EmbeddedEngineExtensions
{
    /// <summary>
    /// Adds the engine. It starts and stops as a hosted service; <see cref="IGrainFactory"/> and
    /// <see cref="IClusterClient"/> are then among the host's services. Time comes from the host's TimeProvider, if it has
    /// registered one, and turns run on its <see cref="ITurnScheduler"/>, if it has one, else on the thread pool.
    /// </summary>
    public static IServiceCollection AddEmbeddedGrainEngine(
        this IServiceCollection services,
        Action<EmbeddedEngineBuilder>? configure = null
    )
    {
        var builder = new EmbeddedEngineBuilder(services);
        configure?.Invoke(builder);
        services.AddLogging();
        services.AddOptions();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => new GrainEngine(
            provider,
            services,
            provider.GetRequiredService<IOptions<EmbeddedEngineOptions>>().Value,
            GrainManifests.Of(builder.Assemblies)
        ));
        services.AddSingleton<GrainFactory>();
        services.AddSingleton<IGrainFactory>(static provider => provider.GetRequiredService<GrainFactory>());
        services.AddSingleton<IClusterClient>(static provider => provider.GetRequiredService<GrainFactory>());
        services.AddSingleton<IGrainContextAccessor, GrainContextAccessor>();
        services.AddScoped<ScopedGrainContext>();
        services.AddScoped(static provider =>
            provider.GetRequiredService<ScopedGrainContext>().Context
            ?? throw new InvalidOperationException("There is a grain context only among an activation's services.")
        );
        services.AddSingleton<ReminderService>();
        services.AddSingleton<IReminderRegistry>(static provider => provider.GetRequiredService<ReminderService>());
        services.AddHostedService<EngineHost>();
        return services;
    }

    /// <summary>Adds a storage that keeps states in memory.</summary>
    public static EmbeddedEngineBuilder AddMemoryGrainStorage(this EmbeddedEngineBuilder builder, string name)
    {
        builder.Services.AddKeyedSingleton<IGrainStorage>(name, static (_, _) => new MemoryGrainStorage());
        return builder;
    }

    /// <summary>Adds the storage of states that name none, in memory.</summary>
    public static EmbeddedEngineBuilder AddMemoryGrainStorageAsDefault(this EmbeddedEngineBuilder builder) =>
        builder.AddMemoryGrainStorage(ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME);

    /// <summary>Adds a storage under its name.</summary>
    public static EmbeddedEngineBuilder AddGrainStorage(
        this EmbeddedEngineBuilder builder,
        string name,
        Func<IServiceProvider, IGrainStorage> make
    )
    {
        builder.Services.AddKeyedSingleton(name, (provider, _) => make(provider));
        return builder;
    }

    /// <summary>Adds a filter around every call that a grain gets.</summary>
    public static EmbeddedEngineBuilder AddIncomingGrainCallFilter<TFilter>(this EmbeddedEngineBuilder builder)
        where TFilter : class, IIncomingGrainCallFilter
    {
        builder.Services.AddSingleton<IIncomingGrainCallFilter, TFilter>();
        return builder;
    }

    /// <inheritdoc cref="AddIncomingGrainCallFilter{TFilter}(EmbeddedEngineBuilder)" />
    public static EmbeddedEngineBuilder AddIncomingGrainCallFilter(
        this EmbeddedEngineBuilder builder,
        IncomingGrainCallFilterDelegate filter
    )
    {
        builder.Services.AddSingleton<IIncomingGrainCallFilter>(new DelegateFilter(filter, null));
        return builder;
    }

    /// <summary>Adds a filter around every call that leaves for a grain.</summary>
    public static EmbeddedEngineBuilder AddOutgoingGrainCallFilter<TFilter>(this EmbeddedEngineBuilder builder)
        where TFilter : class, IOutgoingGrainCallFilter
    {
        builder.Services.AddSingleton<IOutgoingGrainCallFilter, TFilter>();
        return builder;
    }

    /// <inheritdoc cref="AddOutgoingGrainCallFilter{TFilter}(EmbeddedEngineBuilder)" />
    public static EmbeddedEngineBuilder AddOutgoingGrainCallFilter(
        this EmbeddedEngineBuilder builder,
        OutgoingGrainCallFilterDelegate filter
    )
    {
        builder.Services.AddSingleton<IOutgoingGrainCallFilter>(new DelegateFilter(null, filter));
        return builder;
    }

    /// <summary>
    /// Adds streams whose events are kept in memory until they are delivered. Explicit subscriptions of grains are kept in
    /// the storage "PubSubStore"; without one only subscriptions by class and from outside grains work.
    /// </summary>
    public static EmbeddedEngineBuilder AddMemoryStreams(this EmbeddedEngineBuilder builder, string name)
    {
        builder.Services.AddKeyedSingleton<IStreamProvider>(
            name,
            static (provider, key) =>
                new MemoryStreamProvider(
                    (string)key!,
                    provider.GetRequiredService<GrainEngine>(),
                    provider.GetRequiredService<IOptions<EmbeddedEngineOptions>>().Value
                )
        );
        return builder;
    }

    /// <summary>Keeps reminders in memory: they are gone after a restart.</summary>
    public static EmbeddedEngineBuilder UseInMemoryReminderService(this EmbeddedEngineBuilder builder)
    {
        builder.Services.TryAddSingleton<IReminderTable, InMemoryReminderTable>();
        return builder;
    }

    /// <summary>Keeps reminders in the host's table.</summary>
    public static EmbeddedEngineBuilder UseReminderTable(
        this EmbeddedEngineBuilder builder,
        Func<IServiceProvider, IReminderTable> make
    )
    {
        builder.Services.AddSingleton(make);
        return builder;
    }

    private sealed class DelegateFilter(
        IncomingGrainCallFilterDelegate? incoming,
        OutgoingGrainCallFilterDelegate? outgoing
    ) : IIncomingGrainCallFilter, IOutgoingGrainCallFilter
    {
        public Task Invoke(IIncomingGrainCallContext context) => incoming!(context);

        public Task Invoke(IOutgoingGrainCallContext context) => outgoing!(context);
    }
}
