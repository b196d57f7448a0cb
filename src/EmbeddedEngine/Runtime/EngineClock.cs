namespace Customer360.EmbeddedEngine.Runtime;

/// <summary>
/// The engine's time: milliseconds since it was made, advanced by one periodic timer, so that reading it costs one load.
/// It is only as exact as its period, which is enough for timeouts and idle times.
/// </summary>
internal sealed class EngineClock : IDisposable
{
    /// <summary>Milliseconds per unit of <see cref="Coarse"/>.</summary>
    public const int MillisecondsPerCoarse = 100;

    private readonly TimeProvider _timeProvider;
    private readonly long _start;
    private readonly ITimer _timer;
    private long _milliseconds;

    /// <param name="timeProvider">The source of all time.</param>
    /// <param name="period">Time between two advances.</param>
    /// <param name="onAdvance">Called after each advance; must not throw.</param>
    public EngineClock(TimeProvider timeProvider, TimeSpan period, Action<EngineClock> onAdvance)
    {
        _timeProvider = timeProvider;
        _start = timeProvider.GetTimestamp();
        _timer = CreateTimer(
            _ =>
            {
                Volatile.Write(ref _milliseconds, (long)_timeProvider.GetElapsedTime(_start).TotalMilliseconds);
                onAdvance(this);
            },
            null
        );
        Period = period;
        _timer.Change(period, period);
    }

    public TimeSpan Period { get; }

    public TimeProvider TimeProvider => _timeProvider;

    /// <summary>The time in milliseconds.</summary>
    public long Milliseconds => Volatile.Read(ref _milliseconds);

    /// <summary>The time in units of 100 ms; fits 6.8 years.</summary>
    public int Coarse => (int)(Milliseconds / MillisecondsPerCoarse);

    /// <summary>A stopped timer that takes no caller's context along.</summary>
    public ITimer CreateTimer(TimerCallback callback, object? state)
    {
        if (ExecutionContext.IsFlowSuppressed())
        {
            return _timeProvider.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        using (ExecutionContext.SuppressFlow())
        {
            return _timeProvider.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _timer.Dispose();
}
