namespace Customer360.Simulation.Runtime;

/// <summary>How an activation starts and ends. Both are operations of its loop, so no request runs beside them.</summary>
internal sealed partial class Activation
{
    private readonly HashSet<IDisposable> _timers = [];
    private Exception? _failure;
    private DeactivationReason _reason;
    private ActivationState _previous;
    private TaskCompletionSource? _deactivated;

    public ActivationState State { get; private set; }

    /// <summary>Ticks of the world's clock since which it has had nothing to do.</summary>
    public long IdleSince { get; private set; }

    /// <summary>Ticks until which the collector leaves it alone.</summary>
    public long KeepUntil { get; set; }

    public bool IsIdle =>
        State == ActivationState.Valid
        && _running.Count == 0
        && _waiting.Count == 0
        && _operations.Count == 0
        && _work.Count == 0;

    public bool IsKept => _class.IsKept;

    /// <summary>There is, or was, another activation of the grain beside this one: it may not know what that one has written.</summary>
    public bool HasTwin { get; set; }

    public Task Deactivated => (_deactivated ??= new TaskCompletionSource()).Task;

    /// <remarks>The constructor queues the start.</remarks>
    public void Activate(Dictionary<string, object>? requestContext, CancellationToken cancellationToken = default) { }

    /// <remarks>An activation stays where it is, since none here migrates.</remarks>
    public void Rehydrate(IRehydrationContext context) { }

    public void Migrate(Dictionary<string, object>? requestContext, CancellationToken cancellationToken = default) { }

    public void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default)
    {
        if (State is ActivationState.Deactivating or ActivationState.Invalid)
        {
            return;
        }

        _reason = deactivationReason;
        _previous = State;
        State = ActivationState.Deactivating;
        _operations.Enqueue(EndAsync);
        Signal();
    }

    public void AddTimer(IDisposable timer) => _timers.Add(timer);

    public void ForgetTimer(IDisposable timer) => _timers.Remove(timer);

    private async Task ActivateAsync()
    {
        if (State != ActivationState.Creating)
        {
            return;
        }

        State = ActivationState.Activating;
        CancellationToken late = _silo.Activations.Deadline();
        try
        {
            GrainInstance = _class.Activator.CreateInstance(this);
            if (_lifecycle is { } lifecycle)
            {
                await lifecycle.OnStart(late).WaitAsync(late);
            }

            if (GrainInstance is IGrainBase grain)
            {
                await grain.OnActivateAsync(late).WaitAsync(late);
            }

            if (State == ActivationState.Activating)
            {
                State = ActivationState.Valid;
                IdleSince = _silo.Now;
            }
        }
        catch (Exception error)
        {
            // Whoever waits for it is told; the next call makes another activation.
            _failure = error;
            Deactivate(
                new DeactivationReason(DeactivationReasonCode.ActivationFailed, error, "Failed to activate grain.")
            );
        }
    }

    private async Task EndAsync()
    {
        foreach (IDisposable timer in _timers.ToArray())
        {
            timer.Dispose();
        }

        CancellationToken late = _silo.Activations.Deadline();
        await EndGrain(late);
        await EndParts(late);
        State = ActivationState.Invalid;
        SendOn();
        _deactivated?.TrySetResult();
    }

    private async Task EndGrain(CancellationToken late)
    {
        try
        {
            if (_previous == ActivationState.Valid && GrainInstance is IGrainBase grain)
            {
                await grain.OnDeactivateAsync(_reason, late).WaitAsync(late);
            }
        }
        catch (Exception)
        {
            // This is as in Orleans, which logs it and goes on: what a grain throws here keeps no activation alive.
        }
    }

    private async Task EndParts(CancellationToken late)
    {
        try
        {
            if (_lifecycle is { } lifecycle)
            {
                await lifecycle.OnStop(late).WaitAsync(late);
            }

            _silo.Activations.Forget(this);
            if (GrainInstance is { } instance)
            {
                await _class.Activator.DisposeInstance(this, instance);
            }
        }
        catch (Exception)
        {
            // It is ignored likewise, since the directory forgets the activation in any case.
            _silo.Activations.Forget(this);
        }
    }
}
