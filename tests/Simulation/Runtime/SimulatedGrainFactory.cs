using System.Reflection;
using Orleans.CodeGeneration;

namespace Customer360.Simulation.Runtime;

/// <summary>
/// Makes references out of Orleans' generated proxies, bound to one simulated process. What no grain of ours uses (observers,
/// references without an interface) is refused.
/// </summary>
internal sealed class SimulatedGrainFactory(SimulatedSilo silo) : IGrainFactory
{
    private readonly Dictionary<
        (Type Interface, GrainType Class),
        (ConstructorInvoker Proxy, GrainReferenceShared Shared)
    > _bindings = [];

    public object Make(Type of, GrainId id)
    {
        if (!_bindings.TryGetValue((of, id.Type), out var binding))
        {
            var shared = new GrainReferenceShared(
                id.Type,
                silo.Types.Resolve(of).Id,
                0,
                silo,
                InvokeMethodOptions.None,
                silo.Types.Codecs,
                silo.Types.CopyContexts,
                silo.Services
            );
            binding = (silo.Types.ProxyOf(of), shared);
            _bindings.Add((of, id.Type), binding);
        }

        return binding.Proxy.Invoke(binding.Shared, id.Key);
    }

    /// <summary>Orleans refuses blank keys.</summary>
    private static IdSpan KeyOf(string key)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        return IdSpan.Create(key);
    }

    private object Make(Type of, IdSpan key) => Make(of, GrainId.Create(silo.Types.Resolve(of).Class, key));

    public T GetGrain<T>(Guid primaryKey, string? grainClassNamePrefix = null)
        where T : IGrainWithGuidKey => (T)Make(typeof(T), GrainIdKeyExtensions.CreateGuidKey(primaryKey));

    public T GetGrain<T>(long primaryKey, string? grainClassNamePrefix = null)
        where T : IGrainWithIntegerKey => (T)Make(typeof(T), GrainIdKeyExtensions.CreateIntegerKey(primaryKey));

    public T GetGrain<T>(string primaryKey, string? grainClassNamePrefix = null)
        where T : IGrainWithStringKey => (T)Make(typeof(T), KeyOf(primaryKey));

    public T GetGrain<T>(Guid primaryKey, string keyExtension, string? grainClassNamePrefix = null)
        where T : IGrainWithGuidCompoundKey =>
        (T)Make(typeof(T), GrainIdKeyExtensions.CreateGuidKey(primaryKey, keyExtension));

    public T GetGrain<T>(long primaryKey, string keyExtension, string? grainClassNamePrefix = null)
        where T : IGrainWithIntegerCompoundKey =>
        (T)Make(typeof(T), GrainIdKeyExtensions.CreateIntegerKey(primaryKey, keyExtension));

    public T GetGrain<T>(GrainId grainId)
        where T : IAddressable => (T)Make(typeof(T), grainId);

    public IGrain GetGrain(Type of, Guid key) => (IGrain)Make(of, GrainIdKeyExtensions.CreateGuidKey(key));

    public IGrain GetGrain(Type of, long key) => (IGrain)Make(of, GrainIdKeyExtensions.CreateIntegerKey(key));

    public IGrain GetGrain(Type of, string key) => (IGrain)Make(of, KeyOf(key));

    public IGrain GetGrain(Type of, Guid key, string extension) =>
        (IGrain)Make(of, GrainIdKeyExtensions.CreateGuidKey(key, extension));

    public IGrain GetGrain(Type of, long key, string extension) =>
        (IGrain)Make(of, GrainIdKeyExtensions.CreateIntegerKey(key, extension));

    public IAddressable GetGrain(Type of, IdSpan key) => (IAddressable)Make(of, key);

    public IAddressable GetGrain(Type of, IdSpan key, string prefix) => (IAddressable)Make(of, key);

    public IAddressable GetGrain(GrainId id) => throw Unused();

    public IAddressable GetGrain(GrainId id, GrainInterfaceType of) => throw Unused();

    public T CreateObjectReference<T>(IGrainObserver obj)
        where T : IGrainObserver => throw Unused();

    public void DeleteObjectReference<T>(IGrainObserver obj)
        where T : IGrainObserver => throw Unused();

    private static NotSupportedException Unused() => new("No grain uses this, so the simulation has nothing for it.");
}
