namespace Customer360.EmbeddedEngine.Runtime;

/// <summary>
/// Every collection quantum, tells the activations that look idle to end if they still are. Looking costs a few
/// nanoseconds per activation, so no order of ages is kept.
/// </summary>
internal sealed class IdleCollector : IDisposable
{
    private readonly GrainEngine _engine;
    private readonly ITimer _timer;
    private int _isCollecting;

    public IdleCollector(GrainEngine engine)
    {
        _engine = engine;
        _timer = engine.Clock.CreateTimer(static state => ((IdleCollector)state!).Collect(), this);
    }

    public void Start()
    {
        var quantum = _engine.CollectionOptions.CollectionQuantum;
        _timer.Change(quantum, quantum);
    }

    /// <inheritdoc />
    public void Dispose() => _timer.Dispose();

    private void Collect()
    {
        if (Interlocked.Exchange(ref _isCollecting, 1) != 0)
        {
            return;
        }

        var idle = new List<Activation>();
        _engine.Collect(idle, static activation => activation.IsCollectable());
        foreach (var activation in idle)
        {
            activation.Post(new ActionWorkItem(static activation => activation.CollectIfIdle()));
        }

        Volatile.Write(ref _isCollecting, 0);
    }
}
