using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Reflection;
using Orleans;
using Orleans.Metadata;
using Orleans.Runtime;

namespace Customer360.EmbeddedEngine.Runtime;

/// <summary>Knows all grain interfaces and classes, which class an interface means, and how references are made.</summary>
internal sealed class GrainCatalog
{
    private readonly GrainEngine _engine;
    private readonly FrozenDictionary<Type, GrainInterfaceModel> _interfaces;
    private readonly FrozenDictionary<Type, GrainClassModel> _classes;
    private readonly ConcurrentDictionary<Type, GrainClass> _built = new();
    private readonly ConcurrentDictionary<(Type Interface, string? Prefix), Type> _implementations = new();
    private readonly ConcurrentDictionary<(Type Interface, GrainClass Class), ReferenceMaker> _makers = new();
    private readonly ConcurrentDictionary<Type, ReferenceMaker> _defaultMakers = new();
    private readonly Lock _buildLock = new();

    public GrainCatalog(GrainEngine engine, IReadOnlyCollection<GrainManifest> manifests)
    {
        _engine = engine;
        _interfaces = manifests
            .SelectMany(static manifest => manifest.Interfaces)
            .ToFrozenDictionary(static model => model.InterfaceType);
        _classes = manifests
            .SelectMany(static manifest => manifest.Classes)
            .ToFrozenDictionary(static model => model.ClassType);
        Observers = GrainClass.ForObservers(engine);
        foreach (var model in _classes.Values.Where(static model => model.Construct is not null))
        {
            Build(model.ClassType);
        }

        var duplicate = _built
            .Values.GroupBy(static built => built.GrainType)
            .FirstOrDefault(static group => group.Count() > 1);
        if (duplicate is not null)
        {
            throw new OrleansConfigurationException(
                $"Grain classes {string.Join(" and ", duplicate.Select(static built => built.ClassType))} have the same "
                    + $"grain type \"{duplicate.Key}\". Give one of them another name with [GrainType]."
            );
        }
    }

    private delegate GrainReference ReferenceMaker(IdSpan key);

    /// <summary>The class of callback objects.</summary>
    public GrainClass Observers { get; }

    /// <summary>All classes that are in use or not generic.</summary>
    public IEnumerable<GrainClass> Classes => _built.Values;

    /// <summary>The groups of all stateless worker classes.</summary>
    public IEnumerable<StatelessWorkers> Workers =>
        _built.Values.Select(static built => built.Workers).OfType<StatelessWorkers>();

    /// <summary>A reference as an interface, to the class that the interface means.</summary>
    public GrainReference MakeReference(Type interfaceType, IdSpan key)
    {
        if (!_defaultMakers.TryGetValue(interfaceType, out var maker))
        {
            maker = _defaultMakers.GetOrAdd(interfaceType, MakerOf(interfaceType, ClassOf(interfaceType, null)));
        }

        return maker(key);
    }

    /// <summary>A reference as an interface, to a class whose name begins with a prefix.</summary>
    public GrainReference MakeReference(Type interfaceType, IdSpan key, string? classNamePrefix) =>
        classNamePrefix is null
            ? MakeReference(interfaceType, key)
            : MakeReference(interfaceType, ClassOf(interfaceType, classNamePrefix), key);

    /// <summary>A reference as an interface, to a known class.</summary>
    public GrainReference MakeReference(Type interfaceType, GrainClass grainClass, IdSpan key)
    {
        if (!_makers.TryGetValue((interfaceType, grainClass), out var maker))
        {
            maker = _makers.GetOrAdd((interfaceType, grainClass), MakerOf(interfaceType, grainClass));
        }

        return maker(key);
    }

    /// <summary>A reference that can only be cast.</summary>
    public GrainReference MakeUntypedReference(GrainClass grainClass, IdSpan key) =>
        MakeReference(typeof(IAddressable), grainClass, key);

    /// <summary>The class of a grain type. Throws <see cref="ArgumentException"/> if there is none.</summary>
    public GrainClass ClassOf(GrainType grainType)
    {
        if (grainType == Observers.GrainType)
        {
            return Observers;
        }

        foreach (var built in _built.Values)
        {
            if (built.GrainType == grainType)
            {
                return built;
            }
        }

        throw new ArgumentException($"Could not find a grain class for the grain type {grainType}.", nameof(grainType));
    }

    /// <summary>The interface of a name. Throws <see cref="ArgumentException"/> if there is none.</summary>
    public Type InterfaceOf(GrainInterfaceType interfaceType)
    {
        var name = interfaceType.ToString();
        return _interfaces.Values.FirstOrDefault(model => model.Name == name)?.InterfaceType
            ?? throw new ArgumentException($"Could not find a grain interface named {name}.", nameof(interfaceType));
    }

    /// <summary>The class that an interface means. Throws <see cref="ArgumentException"/> if none or several do.</summary>
    public GrainClass ClassOf(Type interfaceType, string? classNamePrefix) =>
        Build(
            _implementations.GetOrAdd(
                (interfaceType, classNamePrefix),
                static (pair, catalog) => catalog.FindImplementation(pair.Interface, pair.Prefix),
                this
            )
        );

    private Type FindImplementation(Type interfaceType, string? prefix)
    {
        var candidates = _classes
            .Values.Select(model => CloseOver(model.ClassType, interfaceType))
            .OfType<Type>()
            .ToArray();
        if (prefix is not null)
        {
            candidates = Array.FindAll(
                candidates,
                candidate => candidate.FullName!.StartsWith(prefix, StringComparison.Ordinal)
            );
        }

        if (candidates.Length == 0)
        {
            throw new ArgumentException(
                prefix is null
                    ? $"Could not find an implementation for interface {interfaceType}. "
                        + "Is the assembly of its grain class registered?"
                    : $"Could not find an implementation matching prefix \"{prefix}\" for interface {interfaceType}.",
                nameof(interfaceType)
            );
        }

        if (candidates.Length == 1)
        {
            return candidates[0];
        }

        if (interfaceType.GetCustomAttribute<DefaultGrainTypeAttribute>() is { } named)
        {
            var chosen = Array.Find(candidates, candidate => _classes[Open(candidate)].Name == named.Name);
            if (chosen is not null)
            {
                return chosen;
            }
        }

        // By convention IThing means Thing or ThingGrain.
        var bare = interfaceType.Name.StartsWith('I') ? interfaceType.Name[1..] : interfaceType.Name;
        return Array.Find(candidates, candidate => candidate.Name == bare || candidate.Name == bare + "Grain")
            ?? throw new ArgumentException(
                $"Unable to identify a single appropriate grain type for interface {interfaceType}. "
                    + $"Candidates: {string.Join<Type>(", ", candidates)}",
                nameof(interfaceType)
            );
    }

    private static Type Open(Type type) => type.IsGenericType ? type.GetGenericTypeDefinition() : type;

    /// <summary>The class, closed so that it implements the interface; null if it does not.</summary>
    private static Type? CloseOver(Type classType, Type interfaceType)
    {
        if (!classType.IsGenericTypeDefinition)
        {
            return interfaceType.IsAssignableFrom(classType) ? classType : null;
        }

        if (
            !interfaceType.IsGenericType
            || interfaceType.GetGenericArguments().Length != classType.GetGenericArguments().Length
        )
        {
            return null;
        }

        try
        {
            var closed = classType.MakeGenericType(interfaceType.GetGenericArguments());
            return interfaceType.IsAssignableFrom(closed) ? closed : null;
        }
        catch (ArgumentException)
        {
            // A constraint does not hold.
            return null;
        }
    }

    private GrainClass Build(Type classType)
    {
        if (_built.TryGetValue(classType, out var existing))
        {
            return existing;
        }

        // One instance per class: activations are found by it.
        lock (_buildLock)
        {
            if (_built.TryGetValue(classType, out existing))
            {
                return existing;
            }

            var model = _classes[Open(classType)];
            var name = model.Name;
            var construct = model.Construct is { } generated ? new GrainClass.GrainConstructor(generated) : null;
            if (classType.IsGenericType)
            {
                name =
                    $"{name}[{string.Join(',', classType.GetGenericArguments().Select(static type => type.FullName))}]";
                construct = GenericGrains.ConstructorOf(classType);
            }

            var built = GrainClass.ForGrains(_engine, model, classType, name, construct!);
            _built[classType] = built;
            return built;
        }
    }

    private ReferenceMaker MakerOf(Type interfaceType, GrainClass grainClass)
    {
        if (interfaceType == typeof(IAddressable) || interfaceType == typeof(IGrain))
        {
            var untyped = new GrainReferenceBinding(
                _engine,
                grainClass,
                GrainInterfaceType.Create(interfaceType.FullName!)
            );
            return key => new UntypedReference(untyped, key);
        }

        if (!_interfaces.TryGetValue(Open(interfaceType), out var model))
        {
            throw new ArgumentException(
                $"{interfaceType} is not a known grain interface. Is its assembly built with the engine's generator "
                    + "and registered?",
                nameof(interfaceType)
            );
        }

        var binding = new GrainReferenceBinding(_engine, grainClass, GrainInterfaceType.Create(model.Name));
        if (model.MakeReference is { } make)
        {
            return key => make(binding, key);
        }

        var factory = GenericGrains.ReferenceFactoryOf(model.ReferenceType, interfaceType);
        return key => factory(binding, key);
    }

    private sealed class UntypedReference(GrainReferenceBinding binding, IdSpan key)
        : GrainReference(binding, key),
            IGrain;
}
