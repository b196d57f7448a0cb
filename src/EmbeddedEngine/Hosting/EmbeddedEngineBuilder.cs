using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace Customer360.EmbeddedEngine;

/// <summary>Configures the engine of a host.</summary>
public sealed class EmbeddedEngineBuilder
{
    internal EmbeddedEngineBuilder(IServiceCollection services) => Services = services;

    /// <summary>The host's services; for options, storages under their names, filters and so on.</summary>
    public IServiceCollection Services { get; }

    internal HashSet<Assembly> Assemblies { get; } = [];

    /// <summary>
    /// Adds the grains of an assembly that was built with the engine's generator. Without any call of this method the
    /// loaded assemblies and those that they reference are taken.
    /// </summary>
    public EmbeddedEngineBuilder AddGrainAssembly(Assembly assembly)
    {
        Assemblies.Add(assembly);
        return this;
    }

    /// <summary>Adds the grains of the assembly of a type.</summary>
    public EmbeddedEngineBuilder AddGrainAssemblyOf<T>() => AddGrainAssembly(typeof(T).Assembly);

    /// <summary>Sets options of the engine.</summary>
    public EmbeddedEngineBuilder Configure(Action<EmbeddedEngineOptions> configure)
    {
        Services.Configure(configure);
        return this;
    }

    /// <summary>Sets any options.</summary>
    public EmbeddedEngineBuilder Configure<TOptions>(Action<TOptions> configure)
        where TOptions : class
    {
        Services.Configure(configure);
        return this;
    }
}
