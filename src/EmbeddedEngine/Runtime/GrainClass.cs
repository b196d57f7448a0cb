using System.Reflection;
using Orleans;
using Orleans.Concurrency;
using Orleans.Configuration;
using Orleans.Runtime;
using Orleans.Serialization.Invocation;
using Orleans.Streams;

namespace Customer360.EmbeddedEngine.Runtime;

/// <summary>What all activations of one grain class share.</summary>
internal sealed class GrainClass
{
    /// <summary>A <see cref="CollectionAge"/> that is never reached.</summary>
    public const int NeverCollected = int.MaxValue;

    private readonly GrainConstructor _construct;
    private readonly bool _needsScope;
    private readonly bool _isOwnFilter;

    private GrainClass(
        GrainEngine engine,
        GrainType grainType,
        Type classType,
        GrainConstructor construct,
        bool needsScope
    )
    {
        Engine = engine;
        GrainType = grainType;
        ClassType = classType;
        _construct = construct;
        _needsScope = needsScope;
        _isOwnFilter = typeof(IIncomingGrainCallFilter).IsAssignableFrom(classType);
    }

    /// <summary>Constructs a grain object.</summary>
    public delegate object GrainConstructor(GrainConstruction construction);

    public GrainEngine Engine { get; }

    public GrainType GrainType { get; }

    public Type ClassType { get; }

    public bool IsReentrant { get; private init; }

    /// <summary>From [MayInterleave]: whether a request may interleave, given the grain object; null without it.</summary>
    public Func<object, IInvokable, bool>? MayInterleave { get; private init; }

    /// <summary>In units of <see cref="EngineClock.Coarse"/>.</summary>
    public int CollectionAge { get; private init; } = NeverCollected;

    /// <summary>True if calls go through incoming filters.</summary>
    public bool HasFilters => _isOwnFilter || Engine.IncomingFilters.Length != 0;

    /// <summary>From [ImplicitStreamSubscription]: the namespaces that each grain of the class is subscribed to.</summary>
    public IStreamNamespacePredicate[] StreamPredicates { get; private init; } = [];

    /// <summary>True if it stands for a callback object, not for a grain.</summary>
    public bool IsObserver { get; private init; }

    /// <summary>The groups of a stateless worker class; null for others.</summary>
    public StatelessWorkers? Workers { get; private init; }

    /// <summary>Describes a grain class. Throws <see cref="OrleansConfigurationException"/> if its attributes are wrong.</summary>
    public static GrainClass ForGrains(
        GrainEngine engine,
        GrainClassModel model,
        Type classType,
        string name,
        GrainConstructor construct
    )
    {
        var worker = classType.GetCustomAttribute<StatelessWorkerAttribute>();
        return new GrainClass(
            engine,
            GrainType.Create(name),
            classType,
            construct,
            engine.Lifetimes.AnyNeedsScope(model.Dependencies)
        )
        {
            IsReentrant = classType.IsDefined(typeof(ReentrantAttribute), inherit: true),
            MayInterleave = InterleavingPredicate.Of(classType),
            StreamPredicates = classType
                .GetCustomAttributes<ImplicitStreamSubscriptionAttribute>(inherit: true)
                .Select(static attribute => attribute.Predicate)
                .ToArray(),
            CollectionAge = CollectionAgeOf(classType, engine.CollectionOptions),
            Workers = worker is null ? null : new StatelessWorkers(worker.MaximumWorkers),
        };
    }

    /// <summary>Describes callback objects.</summary>
    public static GrainClass ForObservers(GrainEngine engine) =>
        new(
            engine,
            GrainType.Create("sys.observer"),
            typeof(IGrainObserver),
            static _ => throw new InvalidOperationException("The callback object of this reference was deleted."),
            needsScope: false
        )
        {
            IsObserver = true,
        };

    /// <summary>Constructs the grain object of an activation, in its turn.</summary>
    public object Construct(Activation activation) =>
        _construct(new GrainConstruction(activation, _needsScope ? activation.ActivationServices : Engine.Services));

    /// <summary>Where a call goes.</summary>
    public Activation Locate(IdSpan key) =>
        Workers is null ? Engine.Directory.GetOrAdd(this, key) : Workers.Choose(this, key);

    /// <summary>Takes an activation out of where calls are sent to.</summary>
    public void Remove(Activation activation)
    {
        if (Workers is null)
        {
            Engine.Directory.Remove(activation);
        }
        else
        {
            Workers.Remove(activation);
        }
    }

    private static int CollectionAgeOf(Type classType, GrainCollectionOptions options)
    {
        if (classType.IsDefined(typeof(KeepAliveAttribute), inherit: true))
        {
            return NeverCollected;
        }

        var attribute = classType.GetCustomAttribute<CollectionAgeLimitAttribute>();
        if (attribute?.AlwaysActive == true)
        {
            return NeverCollected;
        }

        var age =
            attribute?.AgeLimit
            ?? (
                options.ClassSpecificCollectionAge.TryGetValue(classType.FullName!, out var specific)
                    ? specific
                    : options.CollectionAge
            );
        return
            age == Timeout.InfiniteTimeSpan
            || age.TotalMilliseconds / EngineClock.MillisecondsPerCoarse > int.MaxValue - 1
            ? NeverCollected
            : (int)(age.TotalMilliseconds / EngineClock.MillisecondsPerCoarse);
    }
}
