namespace Customer360.Simulation.World;

/// <summary>Tells what happened, in lines. It is kept only where somebody wants to read it; a run without it is the same run.</summary>
internal sealed class Story(int linesMax)
{
    private readonly Queue<string> _lines = new();

    /// <summary>Called for every line as it happens; for a trace on the console.</summary>
    public Action<string>? Tell { get; init; }

    public IEnumerable<string> Lines => _lines;

    public void Add(string line)
    {
        Tell?.Invoke(line);
        _lines.Enqueue(line);
        if (_lines.Count > linesMax)
        {
            _lines.Dequeue();
        }
    }
}
