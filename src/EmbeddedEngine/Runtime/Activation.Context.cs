using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace Customer360.EmbeddedEngine.Runtime;

// What the grain, its timers and its services see of the activation.
internal sealed partial class Activation
{
    private readonly long _sequence;
    private ActivationExtras? _extras;

    /// <inheritdoc />
    public GrainReference GrainReference => Engine.Catalog.MakeUntypedReference(Class, Key);

    /// <inheritdoc />
    public object? GrainInstance => _instance;

    /// <inheritdoc />
    public ActivationId ActivationId => ActivationId.FromSequence(_sequence);

    /// <inheritdoc />
    public IServiceProvider EngineServices => Engine.Services;

    /// <inheritdoc />
    public IServiceProvider ActivationServices
    {
        get
        {
            var extras = Extras;
            if (extras.Scope is { } existing)
            {
                return existing.ServiceProvider;
            }

            lock (extras.Lock)
            {
                if (extras.Scope is null)
                {
                    var scope = Engine.Services.CreateScope();
                    scope.ServiceProvider.GetRequiredService<ScopedGrainContext>().Context = this;
                    extras.Scope = scope;
                }

                return extras.Scope.ServiceProvider;
            }
        }
    }

    /// <inheritdoc />
    public IGrainLifecycle ObservableLifecycle => Extras.Lifecycle ??= new GrainLifecycle();

    /// <inheritdoc />
    public Task Deactivated => HasEnded ? Task.CompletedTask : DeactivatedOnceEnded();

    /// <summary>Made by whichever thread is first; the loser's is dropped, so no reference to it can exist.</summary>
    private ActivationExtras Extras
    {
        get
        {
            if (Volatile.Read(ref _extras) is { } existing)
            {
                return existing;
            }

            var made = new ActivationExtras();
            return Interlocked.CompareExchange(ref _extras, made, null) ?? made;
        }
    }

    /// <inheritdoc />
    public TComponent? GetComponent<TComponent>()
        where TComponent : class
    {
        if (_instance is TComponent instance)
        {
            return instance;
        }

        if (_extras is not { } extras)
        {
            return null;
        }

        lock (extras.Lock)
        {
            return extras.Components?.GetValueOrDefault(typeof(TComponent)) as TComponent;
        }
    }

    /// <inheritdoc />
    public void SetComponent<TComponent>(TComponent? value)
        where TComponent : class
    {
        var extras = Extras;
        lock (extras.Lock)
        {
            if (value is null)
            {
                extras.Components?.Remove(typeof(TComponent));
            }
            else
            {
                (extras.Components ??= [])[typeof(TComponent)] = value;
            }
        }
    }

    /// <inheritdoc />
    public void DelayDeactivation(TimeSpan duration)
    {
        if (duration == TimeSpan.MaxValue || duration == Timeout.InfiniteTimeSpan)
        {
            Extras.KeepAliveUntilMs = long.MaxValue;
        }
        else if (duration > TimeSpan.Zero)
        {
            Extras.KeepAliveUntilMs = Engine.Clock.Milliseconds + (long)duration.TotalMilliseconds;
        }
        else if (_extras is { } extras)
        {
            extras.KeepAliveUntilMs = 0;
        }
    }

    /// <inheritdoc />
    public IGrainTimer RegisterTimer<TState>(
        Func<TState, CancellationToken, Task> callback,
        TState state,
        GrainTimerCreationOptions options
    )
    {
        if (!ReferenceEquals(RuntimeContext.Current, this))
        {
            throw new InvalidOperationException("A grain timer can only be registered by the grain, in its own turn.");
        }

        var timer = new GrainTimer<TState>(this, callback, state, options);
        var extras = Extras;
        lock (extras.Lock)
        {
            (extras.Timers ??= []).Add(timer);
        }

        timer.Change(options.DueTime, options.Period);
        return timer;
    }

    internal void ForgetTimer(GrainTimer timer)
    {
        if (_extras is { } extras)
        {
            lock (extras.Lock)
            {
                extras.Timers?.Remove(timer);
            }
        }
    }

    /// <inheritdoc />
    public bool Equals(IGrainContext? other) => ReferenceEquals(this, other);

    /// <inheritdoc />
    public override bool Equals(object? obj) => ReferenceEquals(this, obj);

    /// <inheritdoc />
    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

    /// <inheritdoc />
    public override string ToString() => $"[Activation {GrainId}{ActivationId} {_state}]";

    private Task DeactivatedOnceEnded()
    {
        var task = Extras.Deactivated.Task;

        // It may have ended without extras between the two looks.
        return HasEnded ? Task.CompletedTask : task;
    }

    private void DisposeTimers()
    {
        if (_extras is not { } extras)
        {
            return;
        }

        HashSet<GrainTimer>? timers;
        lock (extras.Lock)
        {
            timers = extras.Timers;
            extras.Timers = null;
        }

        foreach (var timer in timers ?? [])
        {
            timer.Dispose();
        }
    }
}
