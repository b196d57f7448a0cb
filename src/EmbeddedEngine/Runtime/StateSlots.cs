using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Providers;
using Orleans.Runtime;
using Orleans.Storage;

namespace Customer360.EmbeddedEngine.Runtime;

/// <summary>What all states of one name, type and storage share.</summary>
internal sealed class StateSlot<TState>(string name, string storageName, IGrainStorage storage)
{
    public string Name { get; } = name;

    public string StorageName { get; } = storageName;

    public IGrainStorage Storage { get; } = storage;
}

/// <summary>How a state looks before anything was stored.</summary>
internal static class StateDefaults<TState>
{
    private static readonly Func<TState> s_make = Maker();

    /// <summary>Makes one.</summary>
    public static TState Make() => s_make();

    private static Func<TState> Maker()
    {
        var type = typeof(TState);
        if (type.IsValueType || type == typeof(string) || type.IsArray || type.IsInterface || type.IsAbstract)
        {
            return static () => default!;
        }

        // As in Orleans: a type without such a constructor starts with all members at their defaults.
        return type.GetConstructor(Type.EmptyTypes) is null
            ? static () => (TState)RuntimeHelpers.GetUninitializedObject(typeof(TState))
            : static () => Activator.CreateInstance<TState>();
    }
}

/// <summary>Makes the states of grains.</summary>
internal sealed class StateSlots(IServiceProvider services)
{
    private readonly ConcurrentDictionary<(Type Type, string Name, string Storage), object> _slots = new();

    /// <summary>Makes a state and registers it to be read at start.</summary>
    /// <exception cref="BadProviderConfigException">There is no storage of that name.</exception>
    public IPersistentState<TState> Make<TState>(Activation activation, string stateName, string? storageName)
    {
        var key = (typeof(TState), stateName, storageName ?? ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME);
        if (!_slots.TryGetValue(key, out var slot))
        {
            slot = _slots.GetOrAdd(key, new StateSlot<TState>(stateName, key.Item3, StorageOf(storageName)));
        }

        var state = new PersistentState<TState>(activation, (StateSlot<TState>)slot);
        activation.ReadAtStart(state);
        return state;
    }

    private IGrainStorage StorageOf(string? name)
    {
        var storage = string.IsNullOrEmpty(name)
            ? services.GetService<IGrainStorage>()
                ?? services.GetKeyedService<IGrainStorage>(ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME)
            : services.GetKeyedService<IGrainStorage>(name);
        return storage
            ?? throw new BadProviderConfigException(
                $"No storage named \"{name ?? ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME}\" is configured. "
                    + "Register an IGrainStorage under that key."
            );
    }
}
