using Microsoft.Extensions.Logging.Abstractions;

namespace Customer360.Simulation.Runtime;

/// <summary>Where an activation stands. Orleans has an enumeration of the same name, which is not public.</summary>
internal enum ActivationState
{
    Creating,
    Activating,
    Valid,
    Deactivating,
    Invalid,
}

/// <summary>
/// One activation of a grain, by the rules of Orleans' <c>ActivationData</c>. This part is what the grain and its components
/// see of it: the context. The others are its turns, its requests, and how it starts and ends.
/// </summary>
internal sealed partial class Activation : TaskScheduler, IGrainContext, IWorkItemScheduler, ITurn
{
    private readonly SimulatedSilo _silo;
    private readonly GrainClass _class;
    private Dictionary<Type, object>? _components;
    private Lifecycle? _lifecycle;
    private GrainReference? _reference;

    /// <param name="number">Tells the activations of one process apart.</param>
    public Activation(SimulatedSilo silo, GrainId id, GrainClass grainClass, long number)
    {
        (_silo, GrainId, _class, Number) = (silo, id, grainClass, number);
        _loop = () => _ = LoopAsync();
        IdleSince = silo.Now;
        _operations.Enqueue(ActivateAsync);
        Signal();
    }

    public GrainId GrainId { get; }

    public long Number { get; }

    public object? GrainInstance { get; private set; }

    public ActivationId ActivationId => new(new Guid((int)Number, 0, 0, new byte[8]));

    public GrainAddress Address =>
        new()
        {
            GrainId = GrainId,
            ActivationId = ActivationId,
            SiloAddress = SimulatedGrainRuntime.Address,
        };

    public GrainReference GrainReference =>
        _reference ??= (GrainReference)_silo.Factory.GetGrain(_silo.Types.MainInterfaceOf(_class), GrainId.Key);

    public IServiceProvider ActivationServices => _silo.Services;

    public IGrainLifecycle ObservableLifecycle => _lifecycle ??= new Lifecycle();

    public IWorkItemScheduler Scheduler => this;

    public object? GetTarget() => GrainInstance;

    public object? GetComponent(Type type) =>
        type.IsInstanceOfType(GrainInstance) ? GrainInstance
        : _components?.TryGetValue(type, out object? found) == true ? found
        : type.IsInstanceOfType(this) ? this
        : null;

    public void SetComponent<TComponent>(TComponent? value)
        where TComponent : class
    {
        if (value is null)
        {
            _components?.Remove(typeof(TComponent));
        }
        else
        {
            (_components ??= [])[typeof(TComponent)] = value;
        }
    }

    public bool Equals(IGrainContext? other) => ReferenceEquals(this, other);

    private sealed class Lifecycle() : LifecycleSubject(NullLogger.Instance), IGrainLifecycle
    {
        /// <remarks>An activation stays where it is, since none here migrates.</remarks>
        public void AddMigrationParticipant(IGrainMigrationParticipant participant) { }

        public void RemoveMigrationParticipant(IGrainMigrationParticipant participant) { }
    }
}
