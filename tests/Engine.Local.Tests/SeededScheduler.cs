using Customer360.EmbeddedEngine.Runtime;

namespace Customer360.Engine.Local.Tests;

/// <summary>Runs turns on the calling thread, in an order that a seed chooses: the shape of the simulation's scheduler.</summary>
internal sealed class SeededScheduler(int seed) : ITurnScheduler
{
    private readonly Random _random = new(seed);
    private readonly List<ITurn> _ready = [];

    public void Schedule(ITurn turn) => _ready.Add(turn);

    public void RunUntilIdle()
    {
        while (_ready.Count != 0)
        {
            var index = _random.Next(_ready.Count);
            var turn = _ready[index];
            _ready.RemoveAt(index);
            turn.Execute();
        }
    }
}
