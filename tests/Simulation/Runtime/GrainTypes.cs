using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Metadata;
using Orleans.Serialization;
using Orleans.Serialization.Cloning;
using Orleans.Serialization.Configuration;
using Orleans.Serialization.Invocation;
using Orleans.Serialization.Serializers;
using Orleans.Serialization.TypeSystem;

namespace Customer360.Simulation.Runtime;

/// <summary>
/// What does not differ between the processes of a world: grain classes, generated proxies, copiers. Made once, because it
/// takes much longer than a process lives here.
/// </summary>
internal sealed class GrainTypes
{
    private static readonly Lazy<GrainTypes> s_shared = new(() => new GrainTypes());
    private readonly ServiceProvider _services;
    private readonly Dictionary<GrainType, GrainClass> _classes = [];
    private readonly Dictionary<Type, ConstructorInvoker> _proxies = [];
    private readonly ConcurrentDictionary<Type, (GrainType Class, GrainInterfaceType Id)> _interfaces = new();
    private readonly GrainInterfaceTypeResolver _interfaceIds;

    private GrainTypes()
    {
        _services = Container();
        Codecs = _services.GetRequiredService<CodecProvider>();
        CopyContexts = _services.GetRequiredService<CopyContextPool>();
        ResponseCopier = _services.GetRequiredService<DeepCopier>().GetCopier<Response>();
        Serializer = _services.GetRequiredService<Serializer>();
        StorageInstruments = _services.GetRequiredService(OrleansInternals.StorageInstruments);
        _interfaceIds = new GrainInterfaceTypeResolver([], _services.GetRequiredService<TypeConverter>());
        TypeManifestOptions manifest = _services.GetRequiredService<IOptions<TypeManifestOptions>>().Value;
        foreach (Type proxy in manifest.InterfaceProxies.Where(type => typeof(GrainReference).IsAssignableFrom(type)))
        {
            AddProxy(proxy);
        }

        foreach (Type implementation in manifest.InterfaceImplementations.Where(IsGrainClass))
        {
            AddClass(implementation);
        }
    }

    public static GrainTypes Shared => s_shared.Value;

    public CodecProvider Codecs { get; }

    public CopyContextPool CopyContexts { get; }

    public DeepCopier<Response> ResponseCopier { get; }

    public Serializer Serializer { get; }

    public object StorageInstruments { get; }

    public GrainClass ClassOf(GrainType type) => _classes[type];

    /// <summary>The class that implements an interface, and the interface's id. There must be one.</summary>
    public (GrainType Class, GrainInterfaceType Id) Resolve(Type of) =>
        _interfaces.GetOrAdd(
            of,
            type =>
                (
                    _classes.Values.Where(one => type.IsAssignableFrom(one.Type)).ToArray() is [var only]
                        ? only.Id
                        : default,
                    _interfaceIds.GetGrainInterfaceType(type)
                )
        );

    public ConstructorInvoker ProxyOf(Type of) => _proxies[of];

    /// <summary>The interface by which a grain of this class refers to itself.</summary>
    public Type MainInterfaceOf(GrainClass grainClass) =>
        grainClass
            .Type.GetInterfaces()
            .First(type => typeof(IGrain).IsAssignableFrom(type) && Resolve(type).Class == grainClass.Id);

    /// <summary>Orleans' serializer with what a silo adds to it.</summary>
    private static ServiceProvider Container()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddMetrics();
        services.AddSerializer();
        // Exceptions of ours cross between silos as what they are; the node says the same of its own serializer.
        services.Configure<ExceptionSerializationOptions>(static options =>
            options.SupportedNamespacePrefixes.Add("Customer360")
        );
        services.AddSingleton(typeof(ISpecializableCopier), OrleansInternals.ReferenceCopiers);
        services.AddSingleton<OrleansInstruments>();
        services.AddSingleton(OrleansInternals.StorageInstruments);
        services.AddSingleton<IAttributeToFactoryMapper<PersistentStateAttribute>, PersistentStateAttributeMapper>();
        return services.BuildServiceProvider();
    }

    private static bool IsGrainClass(Type type) =>
        type is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false }
        && typeof(IGrain).IsAssignableFrom(type)
        && !typeof(GrainReference).IsAssignableFrom(type);

    private void AddProxy(Type proxy)
    {
        ConstructorInfo constructor = proxy.GetConstructor([typeof(GrainReferenceShared), typeof(IdSpan)])!;
        Type[] interfaces = [.. proxy.GetInterfaces().Where(type => typeof(IAddressable).IsAssignableFrom(type))];
        foreach (Type one in interfaces)
        {
            // A proxy also implements what its interface inherits. Of an interface's proxies its own is the one that
            // implements no other interface of grains.
            bool isItsOwn = interfaces.All(type =>
                type.IsAssignableFrom(one) || !typeof(IGrain).IsAssignableFrom(type)
            );
            if (isItsOwn || !_proxies.ContainsKey(one))
            {
                _proxies[one] = ConstructorInvoker.Create(constructor);
            }
        }
    }

    private void AddClass(Type type)
    {
        GrainType id = IdOf(type);
        _classes[id] = new GrainClass(
            id,
            type,
            new DefaultGrainActivator(_services, type),
            IsKept: type.GetCustomAttribute<KeepAliveAttribute>() is not null,
            IsReentrant: type.GetCustomAttribute<ReentrantAttribute>() is not null
        );
    }

    /// <summary>The name that an attribute gives it, or the one that Orleans makes of its class's name.</summary>
    private GrainType IdOf(Type type) =>
        type.GetCustomAttributes().OfType<IGrainTypeProviderAttribute>().FirstOrDefault()?.GetGrainType(_services, type)
        ?? GrainType.Create(
            type.Name.ToLowerInvariant() is var name && name.EndsWith("grain", StringComparison.Ordinal)
                ? name[..^5]
                : name
        );
}
