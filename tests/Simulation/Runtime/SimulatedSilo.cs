using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.CodeGeneration;
using Orleans.Configuration;
using Orleans.Serialization;
using Orleans.Serialization.Invocation;

namespace Customer360.Simulation.Runtime;

/// <summary>
/// The runtime of one simulated process: what a silo is to the grains. It takes the calls of the generated proxies to
/// activations that it makes on demand. It has one thread, and no chance of its own.
/// </summary>
internal sealed class SimulatedSilo : IGrainReferenceRuntime, IDisposable
{
    /// <summary>How often ended activations may send a call on: twice, as in Orleans.</summary>
    private const int ForwardsMax = 2;
    private readonly ITurnScheduler _scheduler;
    private readonly IChance _chance;
    private readonly Wire _wire;
    private readonly Dictionary<GrainId, long> _arrived = [];
    private long _numbers;

    public SimulatedSilo(IServiceProvider services)
    {
        Services = services;
        _scheduler = services.GetRequiredService<ITurnScheduler>();
        Settings = services.GetRequiredService<RuntimeSettings>();
        _chance = services.GetRequiredService<IChance>();
        Watcher = services.GetService<IRuntimeWatcher>();
        Time = services.GetRequiredService<TimeProvider>();
        _wire = new Wire(Types.Serializer, Settings.IsRemote, Watcher);
        Answers = new Answers(
            Time,
            _wire,
            services.GetRequiredService<IOptions<SiloMessagingOptions>>().Value.ResponseTimeout
        );
        Activations = new Activations(
            this,
            services.GetRequiredService<IOptions<GrainCollectionOptions>>().Value,
            Settings,
            _chance
        );
        Factory = new SimulatedGrainFactory(this);
    }

    public IServiceProvider Services { get; }

    public RuntimeSettings Settings { get; }

    public GrainTypes Types { get; } = GrainTypes.Shared;

    public SimulatedGrainFactory Factory { get; }

    public IRuntimeWatcher? Watcher { get; }

    public TimeProvider Time { get; }

    public long Now => Time.GetUtcNow().UtcTicks;

    public Answers Answers { get; }

    public Activations Activations { get; }

    /// <summary>True while calls may be held back and activations be forgotten, since these weaker promises are faults.</summary>
    public bool IsTroubled
    {
        get;
        set
        {
            field = value;
            Activations.MayForget = value;
            if (!value)
            {
                Activations.EndTwins();
            }
        }
    } = true;

    public void Start() => Activations.StartCollecting();

    public Task StopAsync() => Activations.EndAllAsync();

    public ValueTask<T?> InvokeMethodAsync<T>(
        GrainReference reference,
        IInvokable request,
        InvokeMethodOptions options
    ) => new(Send<T>(reference, request, options));

    public ValueTask InvokeMethodAsync(GrainReference reference, IInvokable request, InvokeMethodOptions options) =>
        new(Send<object>(reference, request, options));

    public void InvokeMethod(GrainReference reference, IInvokable request, InvokeMethodOptions options) =>
        _ = Send<object>(reference, request, options | InvokeMethodOptions.OneWay);

    /// <remarks>A grain itself is of its interface's type too, so only a reference may be answered as it is.</remarks>
    public object Cast(IAddressable grain, Type interfaceType) =>
        grain is GrainReference && interfaceType.IsInstanceOfType(grain)
            ? grain
            : Factory.Make(interfaceType, grain.GetGrainId());

    /// <summary>Something of an activation is ready to run.</summary>
    public void Schedule(ITurn turn) => _scheduler.Schedule(turn);

    /// <summary>Sends a call of an activation that has ended to the next one.</summary>
    public void SendOn(Call call)
    {
        if (++call.Forwards > ForwardsMax)
        {
            Answers.Add(
                call,
                Response.FromException(OrleansInternals.Rejection($"Forwarding failed: {call.Body} to {call.Target}."))
            );
        }
        else
        {
            Deliver(call);
        }
    }

    public void Arrive(Call call)
    {
        if (Settings.Deliveries != Deliveries.AtOnce)
        {
            long latest = _arrived.GetValueOrDefault(call.Target);
            _arrived[call.Target] = Math.Max(latest, call.Number);
            if (call.Number < latest)
            {
                Watcher?.Met(Weakness.CallOvertaken, call.Target);
            }
        }

        Activations.Of(call.Target).Receive(call);
    }

    public void Dispose()
    {
        Activations.Dispose();
        Answers.Dispose();
    }

    private Task<T?> Send<T>(GrainReference reference, IInvokable request, InvokeMethodOptions options)
    {
        if (_scheduler is IForeignThreads { IsHere: false } foreign)
        {
            return SendFromThere<T>(foreign, reference, request, options);
        }

        Watcher?.Sent(OrleansInternals.Current(null)?.GrainId, reference.GrainId, request.GetActivityName());
        long deadline = Now + (request.GetDefaultResponseTimeout() ?? Answers.ResponseTimeout).Ticks;
        try
        {
            request = _wire.Cross(request);
        }
        catch (CodecNotFoundException unknown)
        {
            // As in Orleans, its caller is told by the call's task.
            return Task.FromException<T?>(unknown);
        }

        if (options.HasFlag(InvokeMethodOptions.OneWay))
        {
            Deliver(
                new Call
                {
                    Body = request,
                    Target = reference.GrainId,
                    Options = options,
                    Deadline = deadline,
                }
            );
            return Task.FromResult<T?>(default);
        }

        var call = new AnsweredCall<T>
        {
            Body = request,
            Target = reference.GrainId,
            Options = options,
            Deadline = deadline,
        };
        Answers.Expect(call);
        Deliver(call);
        return call.Promise;
    }

    private Task<T?> SendFromThere<T>(
        IForeignThreads foreign,
        GrainReference reference,
        IInvokable request,
        InvokeMethodOptions options
    )
    {
        var outside = new TaskCompletionSource<T?>(TaskCreationOptions.RunContinuationsAsynchronously);
        foreign.Post(() =>
            _ = Send<T>(reference, request, options)
                .ContinueWith(
                    static (ended, to) => ((TaskCompletionSource<T?>)to!).TrySetFromTask(ended),
                    outside,
                    CancellationToken.None,
                    TaskContinuationOptions.ExecuteSynchronously,
                    TaskScheduler.Default
                )
        );
        return outside.Task;
    }

    private void Deliver(Call call)
    {
        call.Number = ++_numbers;
        bool isLater =
            Settings.Deliveries == Deliveries.AllLater
            || (Settings.Deliveries == Deliveries.LaterToCold && !Activations.IsWarm(call.Target));
        if (!isLater)
        {
            Arrive(call);
        }
        else if (IsTroubled && _chance.Chance(Settings.HeldBack))
        {
            HoldBack(call);
        }
        else
        {
            _scheduler.Schedule(new Delivery(this, call));
        }
    }

    private void HoldBack(Call call)
    {
        Watcher?.Met(Weakness.CallHeldBack, call.Target);
        ITimer? timer = null;
        timer = Time.CreateTimer(
            _ =>
            {
                timer!.Dispose();
                _scheduler.Schedule(new Delivery(this, call));
            },
            null,
            TimeSpan.FromMilliseconds(1 + _chance.Next((int)Settings.HeldBackMax.TotalMilliseconds)),
            Timeout.InfiniteTimeSpan
        );
    }
}
