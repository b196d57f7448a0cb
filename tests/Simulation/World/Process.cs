using Customer360.Grains.Contracts;
using Customer360.Rules.Ports;
using Customer360.Simulation.Runtime;
using Customer360.Simulation.Storage;
using Customer360.Simulation.Workload;
using Customer360.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Configuration;

namespace Customer360.Simulation.World;

/// <summary>
/// One process of the grid: a node composed as in production, with the world's time, scheduler and storage in place of the
/// real ones. It can die between any two steps; then nothing of it runs again.
/// </summary>
internal sealed class Process : ITurnScheduler, IRuntimeWatcher
{
    private const string IntakeType = "intake";
    private readonly WorldLoop _world;
    private readonly Receiver _receiver;
    private readonly List<Action<Exception>> _waiting = [];
    private readonly Action<Weakness> _met;
    private ServiceProvider? _services;

    /// <param name="met">Told where its runtime has promised less than one would like.</param>
    public Process(WorldLoop world, string name, Receiver receiver, Action<Weakness> met)
    {
        (_world, _receiver, _met) = (world, receiver, met);
        Name = name;
        Context = new WorldContext(world, this);
    }

    public string Name { get; }

    public SynchronizationContext Context { get; }

    public bool IsAlive { get; private set; } = true;

    /// <summary>
    /// True of a process that was given up while it still runs: another has taken its place. Only its writers of the log go
    /// on for a while, which is what the fence is for; one node owns each other grain.
    /// </summary>
    public bool IsLagging { get; private set; }

    public ProcessStorage Storage { get; private set; } = null!;

    public IGrainFactory Grains => _services!.GetRequiredService<IGrainFactory>();

    /// <summary>Null until it starts.</summary>
    public SimulatedSilo? Silo { get; private set; }

    public T Service<T>()
        where T : notnull => _services!.GetRequiredService<T>();

    /// <summary>Starts the node's services in their order, as its host does.</summary>
    public async Task StartAsync(NodeTemplate template, ProcessStorage storage, PlanSettings settings, IChance chance)
    {
        Storage = storage;
        ServiceCollection services = template.Services();
        services.AddSingleton<TimeProvider>(new WorldTime(_world, this));
        services.AddSingleton<ITurnScheduler>(this);
        services.AddSingleton<IEventLog>(storage);
        services.AddSingleton<IDecisionLog>(storage);
        services.AddSingleton<IGrainStateStore>(storage);
        services.AddSingleton<IReminderStore>(storage);
        services.AddSingleton<IQuarantine>(storage);
        services.AddSingleton<IStateScan>(storage);
        services.AddSingleton<ILeadList>(storage);
        services.AddSingleton<IAudienceList>(storage);
        services.AddSingleton<INameList>(storage);
        services.AddSingleton<IOutbox>(storage);
        services.AddSingleton<ISuppressionList>(storage);
        services.AddSingleton<IErasureStore>(storage);
        services.AddSingleton<IErasureLedger>(storage);
        services.AddSingleton<IAuditLog>(storage);
        services.AddSingleton(Disk.AuditHash);
        services.AddSingleton<IStorageInitializer>(storage);
        services.AddSingleton<IStorageHealth>(storage);
        services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        services.AddSingleton<IRuntimeWatcher>(this);
        services.AddSingleton(settings.Runtime);
        services.AddSingleton(chance);
        services.Configure(settings.Grid);
        if (settings.HasLeads)
        {
            SalesPolicies.AddTo(services);
        }

        if (settings.HasAudiences)
        {
            AudiencesOfRuns.AddTo(services);
        }

        if (settings.HasDestinations)
        {
            DestinationsOfRuns.AddTo(services, _world, this, _receiver);
        }

        if (settings.CollectsIdle)
        {
            services.Configure<GrainCollectionOptions>(static options =>
            {
                options.CollectionQuantum = TimeSpan.FromSeconds(1);
                options.CollectionAge = TimeSpan.FromSeconds(3);
            });
            services.Configure<GridOptions>(static options => options.IdleWritesPerSecond = 1);
        }

        _services = services.BuildServiceProvider();
        Silo = Service<SimulatedSilo>();
        foreach (IHostedService service in _services.GetServices<IHostedService>())
        {
            await service.StartAsync(CancellationToken.None);
        }
    }

    /// <summary>Waits for an answer of this process as a client does: its death is a broken connection.</summary>
    public Task<T> Answer<T>(Task<T> call, TaskScheduler client)
    {
        if (!IsAlive)
        {
            return Task.FromException<T>(new ProcessDiedException());
        }

        var answer = new TaskCompletionSource<T>();
        _waiting.Add(error => answer.TrySetException(error));
        _ = call.ContinueWith(
            static (ended, state) => ((TaskCompletionSource<T>)state!).TrySetFromTask(ended),
            answer,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            client
        );
        return answer.Task;
    }

    public void Lag()
    {
        IsLagging = true;
        Storage.CutOff();
        _world.Tell($"{Name} lags: another process takes its place");
    }

    /// <summary>Answers how many writes were stored without anybody being told.</summary>
    public int Die()
    {
        IsAlive = false;
        int untold = Storage.Die();
        _world.Tell($"{Name} dies; {untold} writes under way are stored all the same");
        foreach (Action<Exception> fail in _waiting)
        {
            fail(new ProcessDiedException());
        }

        _waiting.Clear();
        return untold;
    }

    /// <summary>Whether a step that was ready still happens.</summary>
    public bool MayRun(object work) =>
        IsAlive
        && (
            !IsLagging
            || work switch
            {
                ITurn turn => turn.GrainId.Type.ToString() == IntakeType,
                ProcessStorage.Operation operation => operation.Kind == OperationNames.Append,
                _ => true,
            }
        );

    void ITurnScheduler.Schedule(ITurn turn) => _world.Add(this, turn);

    void IRuntimeWatcher.Met(Weakness weakness, GrainId grain)
    {
        _met(weakness);
        if (_world.Story is not null)
        {
            _world.Tell($"{Name}: {grain}: {weakness}");
        }
    }

    void IRuntimeWatcher.Sent(GrainId? from, GrainId to, string method)
    {
        if (_world.Story is not null)
        {
            _world.Tell($"{Name}: {(from is { } grain ? $"{grain}" : "outside")} → {to}: {method}");
        }
    }
}
