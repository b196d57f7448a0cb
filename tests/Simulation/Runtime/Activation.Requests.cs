using Orleans.Serialization.Invocation;
using Orleans.Storage;

namespace Customer360.Simulation.Runtime;

/// <summary>
/// The requests of an activation, by the message loop of Orleans' <c>ActivationData</c>. Operations (start and end) run only while no request
/// does; meanwhile requests wait. Those that an ended activation has left are sent on.
/// </summary>
internal sealed partial class Activation
{
    private readonly List<Call> _waiting = [];
    private readonly HashSet<Call> _running = [];
    private readonly Queue<Func<Task>> _operations = new();
    private readonly Action _loop;
    private Call? _blocking;
    private bool _isSignalled;
    private bool _isInLoop;

    public bool IsBusy => _running.Count > 0;

    public void ReceiveMessage(object message) => Receive((Call)message);

    public void Receive(Call call)
    {
        _waiting.Add(call);
        Signal();
    }

    /// <summary>Has the loop look again, because something may have become possible.</summary>
    private void Signal()
    {
        if (!_isSignalled)
        {
            _isSignalled = true;
            if (!_isInLoop)
            {
                Enqueue(_loop);
            }
        }
    }

    private async Task LoopAsync()
    {
        _isInLoop = true;
        _isSignalled = false;
        if (_running.Count == 0)
        {
            while (_operations.TryPeek(out Func<Task>? operation))
            {
                await operation();
                _operations.Dequeue();
            }
        }

        RunWaiting();
        _isInLoop = false;
        if (_isSignalled)
        {
            Enqueue(_loop);
        }
    }

    private void RunWaiting()
    {
        int index = 0;
        while (index < _waiting.Count)
        {
            Call call = _waiting[index];
            if (State != ActivationState.Valid && !(call.IsLocalOnly && State == ActivationState.Deactivating))
            {
                if (State == ActivationState.Invalid)
                {
                    SendOn();
                }

                return;
            }

            if (!MayRun(call))
            {
                index++;
                continue;
            }

            _waiting.RemoveAt(index);
            Begin(call);
        }
    }

    /// <summary>As Orleans' <c>MayInvokeRequest</c>: the request that began while nothing blocked is the one that blocks.</summary>
    private bool MayRun(Call call) =>
        _running.Count == 0
        || call.IsAlwaysInterleave
        || _blocking is null
        || (_blocking.IsReadOnly && call.IsReadOnly)
        || _class.IsReentrant;

    private void Begin(Call call)
    {
        if (call is { IsReadOnly: false, IsAlwaysInterleave: false } && _running.Any(one => one.IsReadOnly))
        {
            _silo.Watcher?.Met(Weakness.WriteBesideReader, GrainId);
        }

        _running.Add(call);
        if (!call.IsAlwaysInterleave)
        {
            _blocking ??= call;
        }

        _ = RunAsync(call);
    }

    private async Task RunAsync(Call call)
    {
        // What its caller has given up is not begun: Orleans drops expired messages.
        if (call.Deadline > _silo.Now)
        {
            Response response = await InvokeAsync(call);
            if (response.Exception is InconsistentStateException lost && OrleansInternals.IsSource(lost))
            {
                // The activation whose write lost the race ends; the callers that the exception reaches do not.
                OrleansInternals.SetSource(lost, false);
                Deactivate(new DeactivationReason(DeactivationReasonCode.ApplicationError, lost, "A state was lost."));
            }

            _silo.Answers.Add(call, response);
        }

        End(call);
    }

    private async Task<Response> InvokeAsync(Call call)
    {
        try
        {
            Response response = await call.Invoke(this);
            response = _silo.Types.ResponseCopier.Copy(response)!;
            call.Body?.Dispose();
            return response;
        }
        catch (Exception error)
        {
            return Response.FromException(error);
        }
    }

    private void End(Call call)
    {
        _running.Remove(call);
        if (call.KeepsAlive)
        {
            IdleSince = _silo.Now;
        }

        if (ReferenceEquals(_blocking, call))
        {
            // A reader that began beside it still blocks, or no longer does: Orleans has done either, and promises neither.
            _blocking = _silo.Settings.WritesBesideReaders
                ? null
                : _running.FirstOrDefault(one => !one.IsAlwaysInterleave);
        }

        Signal();
    }

    /// <summary>What waits here when the activation has ended goes to the next one; timers' ticks go nowhere.</summary>
    private void SendOn()
    {
        Call[] calls = [.. _waiting.Where(call => !call.IsLocalOnly)];
        _waiting.Clear();
        foreach (Call call in calls)
        {
            if (_failure is not null)
            {
                _silo.Answers.Add(call, Response.FromException(_failure));
            }
            else
            {
                _silo.SendOn(call);
            }
        }
    }
}
