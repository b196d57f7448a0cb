using Spectre.Console;

namespace Customer360.Api.Demo;

/// <summary>Is told how far the demo is.</summary>
internal interface IDemoProgress
{
    /// <summary>A step begins, and the one before has ended.</summary>
    void Step(string name, int size);

    void Advance(int by);
}

/// <summary>Says nothing.</summary>
internal sealed class SilentProgress : IDemoProgress
{
    public void Step(string name, int size)
    {
        // Whoever reads JSON wants no other word.
    }

    public void Advance(int by)
    {
        // As above.
    }
}

/// <summary>Shows a bar for each step on a terminal; elsewhere a line now and then.</summary>
internal sealed class BarProgress(ProgressContext context) : IDemoProgress
{
    private ProgressTask? _task;

    public void Step(string name, int size)
    {
        _task?.StopTask();
        _task = context.AddTask(name, maxValue: Math.Max(size, 1));
    }

    public void Advance(int by) => _task?.Increment(by);
}
