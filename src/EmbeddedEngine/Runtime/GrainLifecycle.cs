using Orleans;
using Orleans.Runtime;

namespace Customer360.EmbeddedEngine.Runtime;

/// <summary>The stages of one activation; only made for grains that ask for them.</summary>
internal sealed class GrainLifecycle : IGrainLifecycle
{
    private readonly List<(int Stage, ILifecycleObserver Observer)> _observers = [];
    private List<ILifecycleObserver>? _started;

    /// <inheritdoc />
    public IDisposable Subscribe(string observerName, int stage, ILifecycleObserver observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var entry = (stage, observer);
        _observers.Add(entry);
        return new Subscription(() => _observers.Remove(entry));
    }

    public async Task StartAsync(CancellationToken token)
    {
        _started = [];
        foreach (var (_, observer) in _observers.OrderBy(static entry => entry.Stage).ToArray())
        {
            await observer.OnStart(token);
            _started.Add(observer);
        }
    }

    public async Task StopAsync(CancellationToken token)
    {
        for (var index = (_started?.Count ?? 0) - 1; index >= 0; index--)
        {
            await _started![index].OnStop(token);
        }

        _started = null;
    }

    private sealed class Subscription(Action dispose) : IDisposable
    {
        public void Dispose() => dispose();
    }
}
