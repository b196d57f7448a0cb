using Customer360.Silo.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Customer360.Silo.Telemetry;

/// <summary>
/// Stands before every log provider of a process, whatever its kind, and lets nothing pass that names somebody: no grain
/// key, no content of a call, no exception text that may hold a value, no scope.
/// </summary>
/// <remarks>
/// What goes wrong a thousand times a second is told once, and then by number (<see cref="LogPace"/>).
/// It stands here, and not at each place that logs, because most of these lines are Orleans' own. It decides per value, so
/// a line keeps its words and numbers.
/// </remarks>
internal sealed class LogGuard(ILoggerFactory inner, GrainNames names, TimeProvider time) : ILoggerFactory
{
    private readonly ValueText _values = new(names);
    private readonly LogPace _pace = new(time);

    public ILogger CreateLogger(string categoryName) =>
        new GuardedLogger(inner.CreateLogger(categoryName), categoryName, _values, names, _pace, IsOurs(categoryName));

    /// <summary>Orleans logs what befalls a storage provider under the provider's name, in words of its own.</summary>
    private static bool IsOurs(string categoryName) =>
        categoryName.StartsWith("Customer360.", StringComparison.Ordinal)
        && categoryName != typeof(GrainStateStorage).FullName;

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    public void Dispose() => inner.Dispose();
}

/// <summary>Wires the guard in.</summary>
public static class LogGuardRegistration
{
    /// <summary>Puts the guard before the log providers, those that are registered later included.</summary>
    public static IServiceCollection AddLogGuard(this IServiceCollection services)
    {
        services.TryAddSingleton<GrainNames>();
        services.AddLogging();
        return services.Replace(ServiceDescriptor.Singleton<ILoggerFactory>(Guarded));
    }

    private static LogGuard Guarded(IServiceProvider services) =>
        new(
            new LoggerFactory(
                services.GetServices<ILoggerProvider>(),
                services.GetRequiredService<IOptionsMonitor<LoggerFilterOptions>>(),
                services.GetService<IOptions<LoggerFactoryOptions>>(),
                services.GetService<IExternalScopeProvider>()
            ),
            services.GetRequiredService<GrainNames>(),
            services.GetService<TimeProvider>() ?? TimeProvider.System
        );
}
