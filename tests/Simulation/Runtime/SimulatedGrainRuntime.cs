using System.Net;
using Orleans.Core;
using Orleans.Timers;

namespace Customer360.Simulation.Runtime;

/// <summary>What the base class of grains asks for.</summary>
internal sealed class SimulatedGrainRuntime(SimulatedSilo silo) : IGrainRuntime, ITimerRegistry
{
    public static SiloAddress Address { get; } = SiloAddress.New(IPAddress.Loopback, 1, 1);

    public string SiloIdentity => "simulated";

    public SiloAddress SiloAddress => Address;

    public IGrainFactory GrainFactory => silo.Factory;

    public ITimerRegistry TimerRegistry => this;

    public IServiceProvider ServiceProvider => silo.Services;

    public TimeProvider TimeProvider => silo.Time;

    public void DeactivateOnIdle(IGrainContext grainContext) =>
        grainContext.Deactivate(
            new DeactivationReason(DeactivationReasonCode.ApplicationRequested, "DeactivateOnIdle")
        );

    public void DelayDeactivation(IGrainContext grainContext, TimeSpan timeSpan) =>
        ((Activation)grainContext).KeepUntil =
            timeSpan == Timeout.InfiniteTimeSpan ? long.MaxValue : silo.Now + timeSpan.Ticks;

    public IStorage<TGrainState> GetStorage<TGrainState>(IGrainContext grainContext) =>
        throw new NotSupportedException("Grain<T> is not used.");

    /// <summary>The older kind of timer, whose ticks run beside requests.</summary>
    public IDisposable RegisterTimer(
        IGrainContext grainContext,
        Func<object?, Task> callback,
        object? state,
        TimeSpan dueTime,
        TimeSpan period
    ) =>
        RegisterGrainTimer(
            grainContext,
            (held, _) => callback(held),
            state,
            new GrainTimerCreationOptions(dueTime, period) { Interleave = true }
        );

    public IGrainTimer RegisterGrainTimer<TState>(
        IGrainContext grainContext,
        Func<TState, CancellationToken, Task> callback,
        TState state,
        GrainTimerCreationOptions options
    )
    {
        var timer = new SimulatedGrainTimer(
            (Activation)grainContext,
            silo.Time,
            token => callback(state, token),
            options
        );
        ((Activation)grainContext).AddTimer(timer);
        timer.Change(options.DueTime, options.Period);
        return timer;
    }
}
