namespace Customer360.Simulation.World;

/// <summary>Virtual time, as a process (or the clients) see it. Timers of a process that died never fire.</summary>
internal sealed class WorldTime(WorldLoop world, Process? owner) : TimeProvider
{
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => world.UtcNow;

    public override long GetTimestamp() => world.Now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new WorldTimer(world, owner, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }
}

/// <summary>A timer of virtual time. Each setting has a number, so that an outdated one is recognised when it comes up.</summary>
internal sealed class WorldTimer(WorldLoop world, Process? owner, TimerCallback callback, object? state) : ITimer
{
    private int _setting;
    private bool _isSet;
    private TimeSpan _period;

    public Process? Owner { get; } = owner;

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        _setting++;
        _period = period;
        _isSet = dueTime >= TimeSpan.Zero;
        if (_isSet)
        {
            world.Set(this, _setting, world.Now + dueTime.Ticks);
        }

        return true;
    }

    /// <summary>True where this setting counts now.</summary>
    public bool Take(int setting) =>
        _isSet && setting == _setting && (Owner is null or { IsAlive: true, IsLagging: false });

    public void Fire()
    {
        _isSet = _period > TimeSpan.Zero;
        if (_isSet)
        {
            world.Set(this, _setting, world.Now + _period.Ticks);
        }

        callback(state);
    }

    public void Dispose() => _isSet = false;

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
