using Orleans.Runtime;

namespace Customer360.EmbeddedEngine.Runtime;

/// <summary>
/// A timer of an activation. When it fires it posts one tick, which runs as a request does; the clock is only set again
/// when the tick has ended, so ticks never pile up.
/// </summary>
internal abstract class GrainTimer : IGrainTimer
{
    private readonly Activation _activation;
    private readonly CancellationTokenSource _disposed = new();
    private readonly ITimer _timer;
    private TimeSpan _dueTime;
    private TimeSpan _period;

    // Only touched in turns, except that a firing clock sets _isTicking; a Change that races with it takes effect after
    // the tick.
    private volatile bool _isTicking;
    private bool _wasChanged;

    protected GrainTimer(Activation activation, GrainTimerCreationOptions options)
    {
        _activation = activation;
        IsInterleaving = options.Interleave;
        KeepsAlive = options.KeepAlive;
        _timer = activation.Engine.Clock.CreateTimer(static state => ((GrainTimer)state!).Fire(), this);
    }

    public bool IsInterleaving { get; }

    public bool KeepsAlive { get; }

    /// <inheritdoc />
    public void Change(TimeSpan dueTime, TimeSpan period)
    {
        Check(dueTime, nameof(dueTime));
        Check(period, nameof(period));
        _wasChanged = true;
        _dueTime = dueTime;
        _period = period;
        if (!_isTicking)
        {
            SetClock(dueTime);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _disposed.Cancel();
        _timer.Dispose();
        _activation.ForgetTimer(this);
    }

    /// <summary>Runs the callback; in a turn.</summary>
    internal async Task TickAsync()
    {
        if (_disposed.IsCancellationRequested)
        {
            return;
        }

        _wasChanged = false;
        try
        {
            await CallAsync(_disposed.Token);
        }
        finally
        {
            _isTicking = false;
            if (!_disposed.IsCancellationRequested)
            {
                SetClock(_wasChanged ? _dueTime : _period);
            }
        }
    }

    protected abstract Task CallAsync(CancellationToken token);

    private static void Check(TimeSpan value, string name)
    {
        var milliseconds = (long)value.TotalMilliseconds;
        ArgumentOutOfRangeException.ThrowIfLessThan(milliseconds, -1, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(milliseconds, 0xfffffffe, name);
    }

    private void Fire()
    {
        _isTicking = true;
        _activation.Post(new TimerTick(this));
    }

    private void SetClock(TimeSpan dueTime)
    {
        try
        {
            _timer.Change(dueTime, Timeout.InfiniteTimeSpan);
        }
        catch (ObjectDisposedException)
        {
            // Disposed by the activation's end on another thread: nothing is left to set.
        }
    }
}

/// <inheritdoc />
internal sealed class GrainTimer<TState>(
    Activation activation,
    Func<TState, CancellationToken, Task> callback,
    TState state,
    GrainTimerCreationOptions options
) : GrainTimer(activation, options)
{
    protected override Task CallAsync(CancellationToken token) => callback(state, token);
}
