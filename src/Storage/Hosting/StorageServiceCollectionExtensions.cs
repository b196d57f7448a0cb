using Customer360.Storage.Postgres;
using Customer360.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Customer360.Storage.Hosting;

/// <summary>Registers the storage ports, <see cref="IStorageInitializer"/> and <see cref="IStorageHealth"/>.</summary>
public static class StorageServiceCollectionExtensions
{
    /// <summary>Keeps everything in one SQLite file; for one process.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static IServiceCollection AddSqliteStorage(this IServiceCollection services, SqliteStorageOptions options)
    {
        options.Validate();
        return services.AddStorage(provider => SqliteStorage.Create(options, TimeOf(provider), LoggerOf(provider)));
    }

    /// <summary>Keeps everything in a PostgreSQL database; for one or more processes.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static IServiceCollection AddPostgresStorage(
        this IServiceCollection services,
        PostgresStorageOptions options
    )
    {
        options.Validate();
        return services.AddStorage(provider => PostgresStorage.Create(options, TimeOf(provider), LoggerOf(provider)));
    }

    private static TimeProvider TimeOf(IServiceProvider provider) =>
        provider.GetService<TimeProvider>() ?? TimeProvider.System;

    private static ILogger LoggerOf(IServiceProvider provider) =>
        provider.GetService<ILoggerFactory>()?.CreateLogger("Customer360.Storage") ?? NullLogger.Instance;

    private static IServiceCollection AddStorage(
        this IServiceCollection services,
        Func<IServiceProvider, GridStorage> create
    )
    {
        // The container disposes the one storage at the end, which drains its pipelines.
        services.AddSingleton(create);
        services.AddSingleton<IStorageInitializer>(Storage);
        services.AddSingleton<IStorageHealth>(Storage);
        services.AddSingleton(provider => Storage(provider).EventLog);
        services.AddSingleton(provider => Storage(provider).States);
        services.AddSingleton(provider => Storage(provider).Scan);
        services.AddSingleton(provider => Storage(provider).Decisions);
        services.AddSingleton(provider => Storage(provider).Reminders);
        services.AddSingleton(provider => Storage(provider).Quarantine);
        services.AddSingleton(provider => Storage(provider).Leads);
        services.AddSingleton(provider => Storage(provider).Audiences);
        services.AddSingleton(provider => Storage(provider).Names);
        services.AddSingleton(provider => Storage(provider).Outbox);
        services.AddSingleton(provider => Storage(provider).Suppressions);
        services.AddSingleton(provider => Storage(provider).Erasure);
        services.AddSingleton(provider => Storage(provider).Audit);
        services.AddSingleton(provider => Storage(provider).AuditReader);
        services.AddSingleton(provider => Storage(provider).AuditHash);
        return services;
    }

    private static GridStorage Storage(IServiceProvider provider) => provider.GetRequiredService<GridStorage>();
}
