using System.Collections.Concurrent;
using Orleans.Runtime;

namespace Customer360.EmbeddedEngine.Runtime;

/// <summary>The activations of a stateless worker class: up to a number per key.</summary>
internal sealed class StatelessWorkers(int maximumWorkers)
{
    private readonly int _maximum = maximumWorkers > 0 ? maximumWorkers : Environment.ProcessorCount;
    private readonly ConcurrentDictionary<IdSpan, List<Activation>> _groups = new();

    /// <summary>An idle worker, or a new one while there may be more, or the one with the least to do.</summary>
    public Activation Choose(GrainClass grainClass, IdSpan key)
    {
        var group = _groups.GetOrAdd(key, static _ => []);
        lock (group)
        {
            Activation? best = null;
            foreach (var worker in group)
            {
                if (!worker.IsAlive)
                {
                    continue;
                }

                if (worker.IsUnused)
                {
                    return worker;
                }

                if (best is null || worker.QueueLength < best.QueueLength)
                {
                    best = worker;
                }
            }

            if (best is not null && group.Count >= _maximum)
            {
                return best;
            }

            var made = new Activation(grainClass, key);
            group.Add(made);
            return made;
        }
    }

    public void Remove(Activation activation)
    {
        if (_groups.TryGetValue(activation.Key, out var group))
        {
            lock (group)
            {
                group.Remove(activation);
            }
        }
    }

    public void Collect(List<Activation> into, Func<Activation, bool> accept)
    {
        foreach (var group in _groups.Values)
        {
            lock (group)
            {
                into.AddRange(group.Where(accept));
            }
        }
    }
}
