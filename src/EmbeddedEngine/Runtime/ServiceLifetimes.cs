using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace Customer360.EmbeddedEngine.Runtime;

/// <summary>
/// Knows which constructor parameters need a service scope of their own. Most grains take only singletons, and a scope per
/// activation would cost more than the activation.
/// </summary>
internal sealed class ServiceLifetimes
{
    private readonly Dictionary<Type, ServiceLifetime> _lifetimes = [];

    public ServiceLifetimes(IServiceCollection services)
    {
        foreach (var descriptor in services)
        {
            if (!descriptor.IsKeyedService)
            {
                // The last registration is the one that is resolved.
                _lifetimes[descriptor.ServiceType] = descriptor.Lifetime;
            }
        }
    }

    /// <summary>True if one of them lives as long as a scope, or is made anew each time and might have to be disposed.</summary>
    public bool AnyNeedsScope(IEnumerable<Type> serviceTypes) => serviceTypes.Any(NeedsScope);

    private bool NeedsScope(Type type)
    {
        if (type == typeof(IGrainContext) || type == typeof(IServiceProvider))
        {
            return type == typeof(IServiceProvider);
        }

        if (_lifetimes.TryGetValue(type, out var lifetime))
        {
            return lifetime != ServiceLifetime.Singleton;
        }

        if (type.IsGenericType && _lifetimes.TryGetValue(type.GetGenericTypeDefinition(), out lifetime))
        {
            return lifetime != ServiceLifetime.Singleton;
        }

        // Unknown here: keyed, a collection, or of another container. A scope is always right.
        return true;
    }
}
