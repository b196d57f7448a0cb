using Customer360.Simulation.Runtime;

namespace Customer360.Simulation.World;

/// <summary>
/// All that happens in a simulated world, one thing after the other on one thread: turns of grains, storage that answers,
/// continuations of clients, timers. The seed picks the next of what is ready; where nothing is ready, time jumps to the
/// next timer.
/// </summary>
internal sealed class WorldLoop(Dice dice, SchedulePolicy policy, Story? story)
{
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly List<Ready> _ready = [];
    private readonly PriorityQueue<(WorldTimer Timer, int Setting), (long Due, long Order)> _timers = new();
    private long _order;
    private string? _escaped;
    private volatile bool _isOver;

    public static DateTimeOffset Begin { get; } = new(2026, 11, 22, 10, 0, 0, TimeSpan.Zero);

    /// <summary>Virtual time in ticks since <see cref="Begin"/>.</summary>
    public long Now { get; private set; }

    /// <summary>What was run so far.</summary>
    public long Steps { get; private set; }

    /// <summary>Two runs with the same hash did the same, step by step.</summary>
    public ulong Hash { get; private set; } = 14695981039346656037;

    public DateTimeOffset UtcNow => Begin.AddTicks(Now);

    public Story? Story { get; } = story;

    /// <summary>True while time may pass although there is work, as on a machine that is too slow.</summary>
    public bool IsHurried { get; set; }

    /// <summary>Called before each step: the place where faults of whole processes happen.</summary>
    public Action? BeforeStep { get; set; }

    public void Add(Process? owner, object work, object? state = null)
    {
        if (owner is { IsAlive: false })
        {
            // The garbage collector's thread comes here, too, with the timers of a process that is gone.
            return;
        }

        if (Environment.CurrentManagedThreadId != _thread)
        {
            Escape();
            return;
        }

        _ready.Add(new Ready(owner, work, state));
    }

    public void Set(WorldTimer timer, int setting, long due)
    {
        if (timer.Owner is { IsAlive: false })
        {
            return;
        }

        if (Environment.CurrentManagedThreadId != _thread)
        {
            Escape();
            return;
        }

        _timers.Enqueue((timer, setting), (due, _order++));
    }

    /// <summary>Notes what was decided, for the hash.</summary>
    public void Note(ulong what) => Hash = (Hash ^ what) * 1099511628211;

    public void Tell(string line) => Story?.Add($"{Now / TimeSpan.TicksPerMillisecond, 8} ms  {line}");

    /// <summary>Runs until a task has ended.</summary>
    /// <param name="until">Ends at rest, or fails.</param>
    /// <param name="patience">Virtual time that it may take.</param>
    /// <param name="stepsMax">Steps that it may take.</param>
    public void RunUntil(Task until, TimeSpan patience, long stepsMax)
    {
        long late = Now + patience.Ticks;
        long tooLong = Steps + stepsMax;
        while (!until.IsCompleted)
        {
            ViolationException.ThrowIf(Now > late, "liveness", () => $"not done after {patience} of virtual time");
            ViolationException.ThrowIf(Steps > tooLong, "liveness", () => $"not done after {stepsMax} steps");
            Step();
        }

        until.GetAwaiter().GetResult();
    }

    /// <summary>Does one thing.</summary>
    public void Step()
    {
        BeforeStep?.Invoke();
        if (_escaped is not null)
        {
            throw new ViolationException("one thread", $"something ran on a thread of the pool:\n{_escaped}");
        }

        Steps++;
        if (_ready.Count > 0 && !(IsHurried && dice.Next(64) == 0))
        {
            int place = policy.Choose(_ready, dice);
            Ready next = _ready[place];
            _ready[place] = _ready[^1];
            _ready.RemoveAt(_ready.Count - 1);
            Run(next, place);
        }
        else
        {
            FireNext();
        }
    }

    private void Run(Ready next, int place)
    {
        if (next.Owner is { } owner && !owner.MayRun(next.Work))
        {
            return;
        }

        Note(((ulong)place << 32) ^ (ulong)_ready.Count);
        switch (next.Work)
        {
            case ITurn turn:
                Note(turn.GrainId.GetUniformHashCode());
                turn.Execute();
                break;
            case SendOrPostCallback callback:
                RunIn(next.Owner, callback, next.State);
                break;
            case IStep step:
                Note(step.Key);
                RunIn(next.Owner, static work => ((IStep)work!).Run(), step);
                break;
        }
    }

    private void FireNext()
    {
        if (!_timers.TryDequeue(out (WorldTimer Timer, int Setting) next, out (long Due, long Order) at))
        {
            if (_ready.Count == 0)
            {
                throw new ViolationException(
                    "liveness",
                    "nothing is ready and no timer is set: all wait for each other"
                );
            }

            return;
        }

        if (next.Timer.Take(next.Setting))
        {
            Now = Math.Max(Now, at.Due);
            Note((ulong)at.Due);
            RunIn(next.Timer.Owner, static timer => ((WorldTimer)timer!).Fire(), next.Timer);
        }
    }

    private static void RunIn(Process? owner, SendOrPostCallback callback, object? state)
    {
        SynchronizationContext? before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(owner?.Context ?? before);
        try
        {
            callback(state);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    /// <summary>The run is over: what the garbage collector's thread does with its timers is nobody's concern.</summary>
    public void End() => _isOver = true;

    private void Escape()
    {
        if (!_isOver && _escaped is null)
        {
            Interlocked.CompareExchange(ref _escaped, Environment.StackTrace, null);
        }
    }
}

/// <summary>Something of storage's that is due.</summary>
internal interface IStep
{
    /// <summary>For the hash.</summary>
    ulong Key { get; }

    void Run();
}

/// <param name="Owner">The process that it happens in; null for the clients.</param>
/// <param name="Work">An <see cref="ITurn"/>, a <see cref="SendOrPostCallback"/> or an <see cref="IStep"/>.</param>
internal readonly record struct Ready(Process? Owner, object Work, object? State);

/// <summary>Brings continuations into the world.</summary>
internal sealed class WorldContext(WorldLoop world, Process? owner) : SynchronizationContext
{
    public override void Post(SendOrPostCallback d, object? state) => world.Add(owner, d, state);

    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("Nobody waits for another thread here: there is none.");

    public override SynchronizationContext CreateCopy() => this;
}
