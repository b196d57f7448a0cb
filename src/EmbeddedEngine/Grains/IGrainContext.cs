namespace Orleans.Runtime;

/// <summary>One activation, as grain code sees it.</summary>
public interface IGrainContext : IEquatable<IGrainContext>
{
    /// <summary>A reference to the grain that callers can use.</summary>
    GrainReference GrainReference { get; }

    /// <summary>The grain's id.</summary>
    GrainId GrainId { get; }

    /// <summary>The grain object; null before it is constructed and after it is disposed.</summary>
    object? GrainInstance { get; }

    /// <summary>Differs for each activation of the same grain.</summary>
    ActivationId ActivationId { get; }

    /// <summary>Services with the lifetime of this activation. The scope is made when this is first read.</summary>
    IServiceProvider ActivationServices { get; }

    /// <summary>Stages to take part in while the activation starts and stops.</summary>
    IGrainLifecycle ObservableLifecycle { get; }

    /// <summary>Ends when the activation has ended. Awaiting it inside the grain never ends.</summary>
    Task Deactivated { get; }

    /// <summary>The component of this type that was set, or null.</summary>
    TComponent? GetComponent<TComponent>()
        where TComponent : class;

    /// <summary>Attaches a component to the activation, or removes it with null.</summary>
    void SetComponent<TComponent>(TComponent? value)
        where TComponent : class;

    /// <summary>Ends the activation once the calls that run in it have ended. May be called from any thread.</summary>
    void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default);

    /// <summary>Registers a timer; see <see cref="GrainBaseExtensions"/>.</summary>
    internal IGrainTimer RegisterTimer<TState>(
        Func<TState, CancellationToken, Task> callback,
        TState state,
        GrainTimerCreationOptions options
    );

    /// <summary>Puts off (or, with zero or less, no longer puts off) collection for being idle.</summary>
    internal void DelayDeactivation(TimeSpan duration);

    /// <summary>The engine's own services: no scope is made for them.</summary>
    internal IServiceProvider EngineServices { get; }
}

/// <summary>Gives the activation whose turn is running on this thread.</summary>
public interface IGrainContextAccessor
{
    /// <summary>The current activation; null outside grain code.</summary>
    IGrainContext? GrainContext { get; }
}
