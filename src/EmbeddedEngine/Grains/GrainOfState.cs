using System.Reflection;
using Customer360.EmbeddedEngine.Runtime;
using Orleans.Core;
using Orleans.Providers;

namespace Orleans;

/// <summary>Base of grain classes with one stored state, which is read before <c>OnActivateAsync</c>.</summary>
public class Grain<TGrainState> : Grain
{
    private readonly IStorage<TGrainState> _storage;

    protected Grain()
    {
        var activation =
            Activation.CurrentTurn
            ?? throw new InvalidOperationException("Grains are constructed by the engine, in their own context.");
        var provider = GetType().GetCustomAttribute<StorageProviderAttribute>()?.ProviderName;
        _storage = activation.Engine.States.Make<TGrainState>(activation, GetType().FullName!, provider);
    }

    /// <summary>For tests.</summary>
    protected Grain(IStorage<TGrainState> storage) => _storage = storage;

    /// <summary>The state in memory.</summary>
    protected TGrainState State
    {
        get => _storage.State;
        set => _storage.State = value;
    }

    protected virtual Task ClearStateAsync() => _storage.ClearStateAsync();

    protected virtual Task WriteStateAsync() => _storage.WriteStateAsync();

    protected virtual Task ReadStateAsync() => _storage.ReadStateAsync();
}
