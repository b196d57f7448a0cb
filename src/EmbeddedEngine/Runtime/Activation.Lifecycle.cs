using Orleans;
using Orleans.Runtime;

namespace Customer360.EmbeddedEngine.Runtime;

// Start and end of an activation. All of it inside turns, except Deactivate, which any thread may call.
internal sealed partial class Activation
{
    // Written in turns only; read by callers on other threads, who may act on a stale value because Receive looks again.
    private volatile ActivationState _state;
    private object? _instance;
    private bool _isFirstPump;
    private bool _hasBegunToDeactivate;

    /// <summary>What has to be read from storage before OnActivateAsync: null, one state, or a list of them.</summary>
    private object? _statesToRead;

    /// <summary>The grain object.</summary>
    internal object? Instance => _instance;

    /// <summary>True if it takes no more requests.</summary>
    internal bool HasEnded => _state == ActivationState.Ended;

    /// <summary>True if it waits for its first call or has nothing to do.</summary>
    internal bool IsUnused => _mailbox.IsIdle && Volatile.Read(ref _runningCount) == 0;

    /// <summary>True if a request would be served by this activation, now or soon.</summary>
    internal bool IsAlive => _state < ActivationState.Deactivating;

    /// <summary>Makes an activation around an object that exists already: an observer.</summary>
    internal void AdoptInstance(object instance)
    {
        _instance = instance;
        _state = ActivationState.Valid;
    }

    /// <summary>Registers a state to be read at start; called while the grain is constructed.</summary>
    internal void ReadAtStart(IReadAtStart state)
    {
        switch (_statesToRead)
        {
            case null:
                _statesToRead = state;
                break;
            case List<IReadAtStart> list:
                list.Add(state);
                break;
            default:
                _statesToRead = new List<IReadAtStart>(2) { (IReadAtStart)_statesToRead, state };
                break;
        }
    }

    /// <summary>Ends the activation. From any thread; does nothing if it is ending already.</summary>
    public void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default)
    {
        if (ReferenceEquals(RuntimeContext.Current, this))
        {
            BeginToEnd(deactivationReason, cancellationToken);
        }
        else
        {
            Post(new ActionWorkItem(activation => activation.BeginToEnd(deactivationReason, cancellationToken)));
        }
    }

    /// <summary>Ends the activation if it has been idle for its age limit; in a turn, so that no request can be missed.</summary>
    internal void CollectIfIdle()
    {
        if (IsCollectable() && _waitingCount == 0 && _runningCount == 0 && _taken is null)
        {
            BeginToEnd(
                new DeactivationReason(DeactivationReasonCode.ActivationIdle, "The activation was idle."),
                default
            );
        }
    }

    /// <summary>True if it looks idle long enough; from any thread.</summary>
    internal bool IsCollectable() =>
        _state == ActivationState.Valid
        && Class.CollectionAge != GrainClass.NeverCollected
        && Engine.Clock.Coarse - Volatile.Read(ref _lastUsed) >= Class.CollectionAge
        && (_extras is not { } extras || extras.KeepAliveUntilMs <= Engine.Clock.Milliseconds);

    private void BeginActivation()
    {
        _state = ActivationState.Activating;
        _lastUsed = Engine.Clock.Coarse;
        _ = ActivateAsync();
    }

    // One method, not several, because each would cost every cold activation an object when it waits for storage.
    private async Task ActivateAsync()
    {
        Exception? failure = null;
        var token = Engine.ActivationDeadline();
        try
        {
            _instance = Class.Construct(this);
            switch (_statesToRead)
            {
                case null:
                    break;
                case IReadAtStart single:
                    await single.ReadAtStartAsync(token);
                    break;
                case List<IReadAtStart> list:
                    foreach (var state in list)
                    {
                        await state.ReadAtStartAsync(token);
                    }

                    break;
            }

            _statesToRead = null;
            if (_extras?.Lifecycle is { } lifecycle)
            {
                await lifecycle.StartAsync(token);
            }

            if (_instance is IGrainBase grain)
            {
                await grain.OnActivateAsync(token);
            }
        }
        catch (Exception exception)
        {
            failure = exception;
            Log.ActivationFailed(Engine.Logger, exception, GrainId);
        }

        if (HasEnded)
        {
            // It took so long that it was given up.
            return;
        }

        _lastUsed = Engine.Clock.Coarse;
        if (failure is not null)
        {
            _state = ActivationState.Deactivating;
            await EndAsync(failure);
        }
        else if (_state == ActivationState.Activating)
        {
            _state = ActivationState.Valid;
            _isFirstPump = true;
            Pump();
            _isFirstPump = false;
        }
        else
        {
            // OnActivateAsync asked for the end. As in Orleans OnDeactivateAsync is not called: it never was valid.
            await EndAsync(null);
        }
    }

    /// <summary>
    /// Gives up an activation whose start hangs, when a request comes for it. Its token was cancelled before; this is for
    /// grains and storages that do not look at it. No timer is needed: while no request comes, nobody waits.
    /// </summary>
    private void GiveUpIfStartHangs()
    {
        var timeout = Engine.CollectionOptions.ActivationTimeout.TotalMilliseconds + 1000;
        if (
            _state != ActivationState.Activating
            || (Engine.Clock.Coarse - _lastUsed) * (double)EngineClock.MillisecondsPerCoarse <= timeout
        )
        {
            return;
        }

        var failure = new TimeoutException($"The activation of grain {GrainId} did not start in time.");
        Log.ActivationFailed(Engine.Logger, failure, GrainId);
        _state = ActivationState.Deactivating;
        _ = EndAsync(failure);
    }

    private void BeginToEnd(DeactivationReason reason, CancellationToken token)
    {
        switch (_state)
        {
            case ActivationState.Created:
                // Nobody has called it yet, so there is nothing to end but the entry.
                _state = ActivationState.Deactivating;
                _ = EndAsync(null);
                break;
            case ActivationState.Activating:
                Extras.DeactivationReason = reason;
                _state = ActivationState.Deactivating;
                break;
            case ActivationState.Valid:
                Extras.DeactivationReason = reason;
                Extras.DeactivationToken = token;
                _state = ActivationState.Deactivating;
                if (_runningCount == 0)
                {
                    BeginDeactivation();
                }

                break;
        }
    }

    private void BeginDeactivation()
    {
        if (!_hasBegunToDeactivate)
        {
            _hasBegunToDeactivate = true;
            _ = DeactivateAsync();
        }
    }

    private async Task DeactivateAsync()
    {
        DisposeTimers();
        if (_instance is IGrainBase grain)
        {
            try
            {
                var token = Engine.DeactivationDeadline(Extras.DeactivationToken);
                var end = grain.OnDeactivateAsync(Extras.DeactivationReason, token);
                await (end.IsCompleted ? end : end.WaitAsync(token));
            }
            catch (Exception exception)
            {
                Log.DeactivationFailed(Engine.Logger, exception, GrainId);
            }
        }

        await EndAsync(null);
    }

    private async Task EndAsync(Exception? failure)
    {
        DisposeTimers();
        var instance = _instance;
        try
        {
            if (_extras?.Lifecycle is { } lifecycle)
            {
                await lifecycle.StopAsync(Engine.DeactivationDeadline(default));
            }
        }
        catch (Exception exception)
        {
            Log.DeactivationFailed(Engine.Logger, exception, GrainId);
        }

        Class.Remove(this);
        _state = ActivationState.Ended;
        try
        {
            await DisposeInstanceAsync(instance);
        }
        catch (Exception exception)
        {
            Log.DeactivationFailed(Engine.Logger, exception, GrainId);
        }

        _instance = null;
        _statesToRead = null;
        for (var item = TakeWaiting(); item is not null; )
        {
            var next = item.Next;
            item.Next = null;
            var request = (GrainRequest)item;
            if (failure is null)
            {
                HandOn(request);
            }
            else
            {
                request.TryFail(failure);
            }

            item = next;
        }

        _extras?.Deactivated.TrySetResult();
    }

    private async ValueTask DisposeInstanceAsync(object? instance)
    {
        if (Class.IsObserver)
        {
            return;
        }

        switch (instance)
        {
            case IAsyncDisposable asyncDisposable:
                await asyncDisposable.DisposeAsync();
                break;
            case IDisposable disposable:
                disposable.Dispose();
                break;
        }

        switch (_extras?.Scope)
        {
            case IAsyncDisposable asyncScope:
                await asyncScope.DisposeAsync();
                break;
            case { } scope:
                scope.Dispose();
                break;
        }
    }
}
