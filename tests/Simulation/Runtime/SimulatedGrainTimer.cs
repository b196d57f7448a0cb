using Orleans.CodeGeneration;
using Orleans.Serialization.Invocation;

namespace Customer360.Simulation.Runtime;

/// <summary>
/// A grain's timer, as Orleans' <c>GrainTimer</c>: when it is due it sends its activation a tick, which waits its turn like a
/// request; it is set again when the tick has ended, so ticks never pile up.
/// </summary>
internal sealed class SimulatedGrainTimer : IGrainTimer
{
    private readonly Activation _activation;
    private readonly Func<CancellationToken, Task> _callback;
    private readonly GrainTimerCreationOptions _options;
    private readonly CancellationTokenSource _disposed = new();
    private readonly ITimer _timer;
    private TimeSpan _due;
    private TimeSpan _period;
    private bool _isTicking;
    private bool _isChanged;

    public SimulatedGrainTimer(
        Activation activation,
        TimeProvider time,
        Func<CancellationToken, Task> callback,
        GrainTimerCreationOptions options
    )
    {
        (_activation, _callback, _options) = (activation, callback, options);
        _timer = time.CreateTimer(
            static timer => ((SimulatedGrainTimer)timer!).Fire(),
            this,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan
        );
    }

    public void Change(TimeSpan dueTime, TimeSpan period)
    {
        (_isChanged, _due, _period) = (true, dueTime, period);
        if (!_isTicking)
        {
            _timer.Change(dueTime, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        _disposed.Cancel();
        _timer.Dispose();
        _activation.ForgetTimer(this);
    }

    private void Fire()
    {
        _isTicking = true;
        _activation.Receive(
            new Tick(this)
            {
                Body = null,
                Target = _activation.GrainId,
                KeepsAlive = _options.KeepAlive,
                Options = _options.Interleave ? InvokeMethodOptions.AlwaysInterleave : InvokeMethodOptions.None,
            }
        );
    }

    private async ValueTask<Response> TickAsync()
    {
        if (_disposed.IsCancellationRequested)
        {
            return Response.Completed;
        }

        _isChanged = false;
        try
        {
            await _callback(_disposed.Token);
            return Response.Completed;
        }
        catch (Exception error)
        {
            return Response.FromException(error);
        }
        finally
        {
            _isTicking = false;
            if (!_disposed.IsCancellationRequested)
            {
                _timer.Change(_isChanged ? _due : _period, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>What it sends.</summary>
    private sealed class Tick(SimulatedGrainTimer timer) : Call
    {
        public override bool IsLocalOnly => true;

        public override ValueTask<Response> Invoke(Activation target) => timer.TickAsync();
    }
}
