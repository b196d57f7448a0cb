using System.ComponentModel;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace Customer360.EmbeddedEngine.Runtime;

/// <summary>Gives generated code what a grain's constructor asks for.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly ref struct GrainConstruction
{
    private readonly Activation _activation;
    private readonly IServiceProvider _services;

    internal GrainConstruction(Activation activation, IServiceProvider services)
    {
        _activation = activation;
        _services = services;
    }

    /// <summary>A service. Throws <see cref="InvalidOperationException"/> if there is none.</summary>
    public T Service<T>()
        where T : notnull =>
        typeof(T) == typeof(IGrainContext) ? (T)(object)_activation : _services.GetRequiredService<T>();

    /// <summary>A service, or null.</summary>
    public T? OptionalService<T>() => _services.GetService<T>();

    /// <summary>A service with a key. Throws <see cref="InvalidOperationException"/> if there is none.</summary>
    public T KeyedService<T>(object key)
        where T : notnull => _services.GetRequiredKeyedService<T>(key);

    /// <summary>A part of the grain's state; it will be read before OnActivateAsync.</summary>
    public IPersistentState<TState> PersistentState<TState>(string stateName, string? storageName) =>
        _activation.Engine.States.Make<TState>(_activation, stateName, storageName);
}
