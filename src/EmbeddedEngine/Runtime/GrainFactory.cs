using System.Runtime.CompilerServices;
using Orleans;
using Orleans.Runtime;

namespace Customer360.EmbeddedEngine.Runtime;

/// <summary>Makes references; also what a host outside grains calls the cluster client.</summary>
internal sealed class GrainFactory(GrainEngine engine) : IClusterClient
{
    private readonly ConditionalWeakTable<IGrainObserver, Activation> _observers = [];
    private long _observerSequence;

    /// <inheritdoc />
    public IServiceProvider ServiceProvider => engine.Services;

    /// <inheritdoc />
    public TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithGuidKey =>
        Make<TGrainInterface>(GrainIdKeyExtensions.CreateGuidKey(primaryKey), grainClassNamePrefix);

    /// <inheritdoc />
    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerKey =>
        Make<TGrainInterface>(GrainIdKeyExtensions.CreateIntegerKey(primaryKey), grainClassNamePrefix);

    /// <inheritdoc />
    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(primaryKey);
        return Make<TGrainInterface>(IdSpan.Create(primaryKey), grainClassNamePrefix);
    }

    /// <inheritdoc />
    public TGrainInterface GetGrain<TGrainInterface>(
        Guid primaryKey,
        string keyExtension,
        string? grainClassNamePrefix = null
    )
        where TGrainInterface : IGrainWithGuidCompoundKey =>
        Make<TGrainInterface>(
            GrainIdKeyExtensions.CreateGuidKey(primaryKey, Checked(keyExtension)),
            grainClassNamePrefix
        );

    /// <inheritdoc />
    public TGrainInterface GetGrain<TGrainInterface>(
        long primaryKey,
        string keyExtension,
        string? grainClassNamePrefix = null
    )
        where TGrainInterface : IGrainWithIntegerCompoundKey =>
        Make<TGrainInterface>(
            GrainIdKeyExtensions.CreateIntegerKey(primaryKey, Checked(keyExtension)),
            grainClassNamePrefix
        );

    /// <inheritdoc />
    public TGrainObserverInterface CreateObjectReference<TGrainObserverInterface>(IGrainObserver obj)
        where TGrainObserverInterface : IGrainObserver
    {
        ArgumentNullException.ThrowIfNull(obj);
        if (obj is GrainReference)
        {
            throw new ArgumentException("The argument is already a grain reference.", nameof(obj));
        }

        var activation = _observers.GetValue(
            obj,
            observer =>
            {
                var key = GrainIdKeyExtensions.CreateIntegerKey(Interlocked.Increment(ref _observerSequence));
                var made = engine.Directory.GetOrAdd(engine.Catalog.Observers, key);
                made.AdoptInstance(observer);
                return made;
            }
        );
        return (TGrainObserverInterface)
            (object)
                engine.Catalog.MakeReference(typeof(TGrainObserverInterface), engine.Catalog.Observers, activation.Key);
    }

    /// <inheritdoc />
    public void DeleteObjectReference<TGrainObserverInterface>(IGrainObserver obj)
        where TGrainObserverInterface : IGrainObserver
    {
        ArgumentNullException.ThrowIfNull(obj);
        if (obj is GrainReference reference)
        {
            engine
                .Directory.Find(engine.Catalog.Observers, reference.Key)
                ?.Deactivate(new DeactivationReason(DeactivationReasonCode.ApplicationRequested, "Reference deleted."));
        }
        else if (_observers.TryGetValue(obj, out var activation))
        {
            _observers.Remove(obj);
            activation.Deactivate(
                new DeactivationReason(DeactivationReasonCode.ApplicationRequested, "Reference deleted.")
            );
        }
    }

    /// <inheritdoc />
    public IGrain GetGrain(Type grainInterfaceType, Guid grainPrimaryKey) =>
        (IGrain)
            (object)
                engine.Catalog.MakeReference(grainInterfaceType, GrainIdKeyExtensions.CreateGuidKey(grainPrimaryKey));

    /// <inheritdoc />
    public IGrain GetGrain(Type grainInterfaceType, long grainPrimaryKey) =>
        (IGrain)
            (object)
                engine.Catalog.MakeReference(
                    grainInterfaceType,
                    GrainIdKeyExtensions.CreateIntegerKey(grainPrimaryKey)
                );

    /// <inheritdoc />
    public IGrain GetGrain(Type grainInterfaceType, string grainPrimaryKey) =>
        (IGrain)(object)engine.Catalog.MakeReference(grainInterfaceType, IdSpan.Create(grainPrimaryKey));

    /// <inheritdoc />
    public IGrain GetGrain(Type grainInterfaceType, Guid grainPrimaryKey, string keyExtension) =>
        (IGrain)
            (object)
                engine.Catalog.MakeReference(
                    grainInterfaceType,
                    GrainIdKeyExtensions.CreateGuidKey(grainPrimaryKey, keyExtension)
                );

    /// <inheritdoc />
    public IGrain GetGrain(Type grainInterfaceType, long grainPrimaryKey, string keyExtension) =>
        (IGrain)
            (object)
                engine.Catalog.MakeReference(
                    grainInterfaceType,
                    GrainIdKeyExtensions.CreateIntegerKey(grainPrimaryKey, keyExtension)
                );

    /// <inheritdoc />
    public TGrainInterface GetGrain<TGrainInterface>(GrainId grainId)
        where TGrainInterface : IAddressable =>
        (TGrainInterface)
            (object)
                engine.Catalog.MakeReference(
                    typeof(TGrainInterface),
                    engine.Catalog.ClassOf(grainId.Type),
                    grainId.Key
                );

    /// <inheritdoc />
    public IAddressable GetGrain(GrainId grainId) =>
        engine.Catalog.MakeUntypedReference(engine.Catalog.ClassOf(grainId.Type), grainId.Key);

    /// <inheritdoc />
    public IAddressable GetGrain(GrainId grainId, GrainInterfaceType interfaceType) =>
        engine.Catalog.MakeReference(
            engine.Catalog.InterfaceOf(interfaceType),
            engine.Catalog.ClassOf(grainId.Type),
            grainId.Key
        );

    /// <inheritdoc />
    public IAddressable GetGrain(Type interfaceType, IdSpan grainKey, string grainClassNamePrefix) =>
        engine.Catalog.MakeReference(interfaceType, grainKey, grainClassNamePrefix);

    /// <inheritdoc />
    public IAddressable GetGrain(Type interfaceType, IdSpan grainKey) =>
        engine.Catalog.MakeReference(interfaceType, grainKey);

    private static string Checked(string keyExtension)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(keyExtension);
        return keyExtension;
    }

    private TGrainInterface Make<TGrainInterface>(IdSpan key, string? prefix) =>
        (TGrainInterface)(object)engine.Catalog.MakeReference(typeof(TGrainInterface), key, prefix);
}
