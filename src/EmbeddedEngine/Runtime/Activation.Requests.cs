using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace Customer360.EmbeddedEngine.Runtime;

// Which request may run when. All of it inside turns.
internal sealed partial class Activation
{
    private WorkItem? _waitingFirst;
    private WorkItem? _waitingLast;
    private int _waitingCount;

    // All requests that have begun and not ended, and those among them that are not [AlwaysInterleave].
    private int _runningCount;
    private int _blockingCount;

    // The request, or one of the read-only requests, that others have to wait for.
    private GrainRequest? _blocking;

    private bool _isPumping;
    private bool _mustPumpAgain;

    /// <summary>In units of <see cref="EngineClock.Coarse"/>; read by the collector from another thread.</summary>
    private int _lastUsed;

    /// <summary>Takes a request from the mailbox.</summary>
    internal void Receive(GrainRequest request)
    {
        switch (_state)
        {
            case ActivationState.Valid:
                if (MayBegin(request))
                {
                    Begin(request);
                }
                else
                {
                    Wait(request);
                }

                break;
            case ActivationState.Created:
                Wait(request);
                BeginActivation();
                break;
            case ActivationState.Ended:
                HandOn(request);
                break;
            default:
                Wait(request);
                GiveUpIfStartHangs();
                break;
        }
    }

    /// <summary>A request that went on after an await has ended.</summary>
    internal void Finish(GrainRequest request)
    {
        _runningCount--;
        if (!request.IsAlwaysInterleave && --_blockingCount == 0)
        {
            _blocking = null;
        }

        if (request.KeepsAlive)
        {
            _lastUsed = Engine.Clock.Coarse;
        }

        // A filter on the caller's side may look at the arguments of a call that has ended.
        if (Engine.OutgoingFilters.Length == 0)
        {
            request.Release();
        }

        if (_state == ActivationState.Deactivating)
        {
            if (_runningCount == 0)
            {
                BeginDeactivation();
            }
        }
        else if (_waitingCount != 0)
        {
            Pump();
        }
    }

    /// <summary>Looks at an error that leaves a call.</summary>
    internal void ObserveFailure(GrainRequest request, Exception exception)
    {
        if (request.Method.IsOneWay)
        {
            Log.OneWayCallFailed(Engine.Logger, exception, request.Method.ActivityName, GrainId);
        }

        if (exception is InconsistentStateException { IsSourceActivation: true } inconsistent)
        {
            // Only the activation that lost the race is dropped, not the callers that the error passes through.
            inconsistent.IsSourceActivation = false;
            Log.DroppedForInconsistentState(Engine.Logger, exception, GrainId);
            Deactivate(
                new DeactivationReason(
                    DeactivationReasonCode.ApplicationError,
                    $"Inconsistent state: {exception.Message}"
                )
            );
        }
    }

    private bool MayBegin(GrainRequest request)
    {
        if (_blockingCount == 0 || request.IsAlwaysInterleave || Class.IsReentrant)
        {
            return true;
        }

        if (_blocking!.IsReadOnly && request.IsReadOnly)
        {
            return true;
        }

        return Class.MayInterleave is { } mayInterleave
            && (mayInterleave(_instance!, request) || mayInterleave(_instance!, _blocking));
    }

    private void Begin(GrainRequest request)
    {
        if (request.IsSettled)
        {
            // The caller has stopped waiting: running it now would only surprise.
            return;
        }

        _runningCount++;
        if (!request.IsAlwaysInterleave)
        {
            _blockingCount++;
            _blocking ??= request;
        }

        // A call must not see the context values of the one before it, and its own must not stay behind.
        var context = ExecutionContext.Capture();
        var extras = request.Extras;
        if (extras?.RequestContext is { } values)
        {
            RequestContext.Current = values;
        }

        bool hasEnded;
        if (Class.HasFilters || (extras is not null && extras.ParentActivity != default) || Telemetry.IsMeasuring)
        {
            hasEnded = InvokeObserved(request);
        }
        else
        {
            hasEnded = request.Invoke(this);
        }

        if (!ReferenceEquals(ExecutionContext.Capture(), context) && context is not null)
        {
            ExecutionContext.Restore(context);
        }

        if (hasEnded)
        {
            Finish(request);
        }
    }

    /// <summary>The way of calls that someone watches: a filter, a tracer or a meter.</summary>
    private bool InvokeObserved(GrainRequest request)
    {
        var call = IncomingCall.RunAsync(this, request);
        if (call.IsCompleted)
        {
            return true;
        }

        _ = call.ContinueWith(
            static (_, state) => CurrentTurn!.Finish((GrainRequest)state!),
            request,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously | TaskContinuationOptions.DenyChildAttach,
            this
        );
        return false;
    }

    private void Wait(GrainRequest request)
    {
        request.Next = null;
        if (_waitingLast is null)
        {
            _waitingFirst = request;
        }
        else
        {
            _waitingLast.Next = request;
        }

        _waitingLast = request;
        _waitingCount++;
    }

    /// <summary>Begins the waiting requests that may begin now, oldest first.</summary>
    private void Pump()
    {
        if (_isPumping)
        {
            // A request that began below has ended at once or has let another one end.
            _mustPumpAgain = true;
            return;
        }

        _isPumping = true;
        do
        {
            _mustPumpAgain = false;
            WorkItem? previous = null;
            var item = _waitingFirst;
            while (item is not null && _state == ActivationState.Valid)
            {
                var request = (GrainRequest)item;
                if (MayBegin(request))
                {
                    Unlink(previous, item);
                    Begin(request);

                    // Begin may have appended, never removed: only Pump removes.
                    item = previous is null ? _waitingFirst : previous.Next;
                    continue;
                }

                if (!MayOthersBegin())
                {
                    break;
                }

                previous = item;
                item = item.Next;
            }
        } while (_mustPumpAgain && _state == ActivationState.Valid);

        _isPumping = false;
    }

    // Saves walking a long queue behind an ordinary call. Requests that may always interleave never get into the queue,
    // except before the activation has started, when nothing blocks yet.
    private bool MayOthersBegin() =>
        _blocking is null || _blocking.IsReadOnly || Class.MayInterleave is not null || _isFirstPump;

    private void Unlink(WorkItem? previous, WorkItem item)
    {
        if (previous is null)
        {
            _waitingFirst = item.Next;
        }
        else
        {
            previous.Next = item.Next;
        }

        if (ReferenceEquals(_waitingLast, item))
        {
            _waitingLast = previous;
        }

        item.Next = null;
        _waitingCount--;
    }

    /// <summary>Empties the queue; the first of the chain, linked by Next.</summary>
    private WorkItem? TakeWaiting()
    {
        var first = _waitingFirst;
        _waitingFirst = _waitingLast = null;
        _waitingCount = 0;
        return first;
    }

    /// <summary>This activation has ended: the request goes to the next one.</summary>
    private void HandOn(GrainRequest request)
    {
        if (request is TimerTick || request.IsSettled)
        {
            return;
        }

        if (request.Forwards++ >= GrainRequest.MaximumForwards)
        {
            request.TryFail(
                new OrleansMessageRejectionException(
                    $"{request} was handed on {GrainRequest.MaximumForwards} times; each activation ended before it ran."
                )
            );
            return;
        }

        Engine.Dispatch(request.Target, request);
    }
}
